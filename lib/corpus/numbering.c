#include "corpus/numbering.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

struct numbering {
	size_t *start; /* [count+1] into names */
	size_t room, count;
	struct buf names;
	size_t *slot; /* number + 1, or 0; a power of two of them */
	size_t slots;
};

struct numbering *
numbering_new(void)
{
	struct numbering *t = mem_zero(1, sizeof(*t));

	t->slots = 1024;
	t->slot = mem_zero(t->slots, sizeof(*t->slot));
	t->start = mem_grow(NULL, &t->room, 1, sizeof(*t->start));
	t->start[0] = 0;
	return t;
}

void
numbering_free(struct numbering *t)
{
	if (t == NULL)
		return;
	buf_free(&t->names);
	free(t->start);
	free(t->slot);
	free(t);
}

static size_t
hash(const char *name, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3u;
	return (size_t)(h ^ (h >> 32));
}

/* The slot of a name, or the empty one where it belongs. */
static size_t *
find(const struct numbering *t, const char *name, size_t n)
{
	size_t i = hash(name, n) & (t->slots - 1);

	for (; t->slot[i] != 0; i = (i + 1) & (t->slots - 1)) {
		size_t k = t->slot[i] - 1;

		if (t->start[k + 1] - t->start[k] == n &&
		    (n == 0 ||
			memcmp(t->names.data + t->start[k], name, n) == 0))
			break;
	}
	return &t->slot[i];
}

static void
widen(struct numbering *t)
{
	free(t->slot);
	t->slots *= 2;
	t->slot = mem_zero(t->slots, sizeof(*t->slot));
	for (size_t k = 0; k < t->count; k++)
		*find(t, t->names.data + t->start[k],
		    t->start[k + 1] - t->start[k]) = k + 1;
}

size_t
numbering_of(struct numbering *t, const char *name, size_t n)
{
	size_t *slot = find(t, name, n);

	if (*slot != 0)
		return *slot - 1;
	buf_add(&t->names, name, n);
	t->start =
	    mem_grow(t->start, &t->room, t->count + 2, sizeof(*t->start));
	t->start[++t->count] = t->names.size;
	*slot = t->count;
	if (t->count > t->slots / 2)
		widen(t);
	return t->count - 1;
}

size_t
numbering_count(const struct numbering *t)
{
	return t->count;
}

size_t
numbering_find(const struct numbering *t, const char *name, size_t n)
{
	return *find(t, name, n) - 1;
}

const char *
numbering_name(const struct numbering *t, size_t nth, size_t *n)
{
	*n = t->start[nth + 1] - t->start[nth];
	return *n > 0 ? t->names.data + t->start[nth] : "";
}
