#include "curate/nearname.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/numbering.h"

enum { LONGEST = 60, SHORTEST = 4 };

/* A name without what is no letter, digit or part of one; its length. */
static size_t
letters(char out[LONGEST + 1], const char *name)
{
	size_t n = 0;

	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if (c >= 0x80 || (c >= 'a' && c <= 'z') ||
		    (c >= '0' && c <= '9'))
			out[n++] = (char)c;
	}
	out[n] = '\0';
	return n;
}

static bool
has_digit(const char *name)
{
	return name[strcspn(name, "0123456789")] != '\0';
}

/* One letter more, less or other, or two neighbours swapped. */
static bool
one_off(const char *a, size_t na, const char *b, size_t nb)
{
	size_t head = 0, tail = 0;

	while (head < na && head < nb && a[head] == b[head])
		head++;
	while (tail < na - head && tail < nb - head &&
	       a[na - 1 - tail] == b[nb - 1 - tail])
		tail++;
	na -= head + tail;
	nb -= head + tail;
	return (na <= 1 && nb <= 1) ||
	       (na == 2 && nb == 2 && a[head] == b[head + 1] &&
		   a[head + 1] == b[head]);
}

struct search {
	const char *const *names;
	char (*plain)[LONGEST + 1]; /* [n] */
	size_t *size;		    /* [n] 0: not looked at */
	struct numbering *same;	    /* names by their letters */
	size_t *first;		    /* [same] the first name that has them */
	size_t first_room;
	struct numbering *keys;
	size_t *last; /* [keys] the last name that has the key */
	size_t room;
	size_t *seen; /* [n] the name that it was paired with last, + 1 */
	void (*take)(void *state, size_t a, size_t b, enum nearname how);
	void *state;
};

static void
meet(struct search *s, size_t a, size_t b)
{
	if (s->seen[a] == b + 1 || s->size[a] < SHORTEST ||
	    s->size[b] < SHORTEST || has_digit(s->plain[a]) ||
	    has_digit(s->plain[b]) ||
	    !one_off(s->plain[a], s->size[a], s->plain[b], s->size[b]))
		return;
	s->seen[a] = b + 1;
	s->take(s->state, a, b, NEARNAME_ONE_OFF);
}

/* Under a key the name meets the last one that had it. */
static void
look_up(struct search *s, const char *key, size_t n, size_t name)
{
	size_t before = numbering_count(s->keys);
	size_t i = numbering_of(s->keys, key, n);

	if (i == before) {
		s->last = mem_grow(s->last, &s->room, i + 1, sizeof(*s->last));
	} else if (s->last[i] != name) {
		meet(s, s->last[i], name);
	}
	s->last[i] = name;
}

/* True if no name before has the same letters; else the two are a pair. */
static bool
first_of(struct search *s, size_t name)
{
	size_t before = numbering_count(s->same);
	size_t i = numbering_of(s->same, s->plain[name], s->size[name]);

	s->first = mem_grow(s->first, &s->first_room, i + 1, sizeof(*s->first));
	if (i == before) {
		s->first[i] = name;
		look_up(s, s->plain[name], s->size[name], name);
		return true;
	}
	s->take(s->state, s->first[i], name, NEARNAME_SAME_LETTERS);
	return false;
}

void
nearname_find(const char *const *names, size_t n,
    void (*take)(void *state, size_t a, size_t b, enum nearname how),
    void *state)
{
	struct search s = { .names = names, .take = take, .state = state };
	char key[LONGEST + 1];

	s.plain = mem_zero(n, sizeof(*s.plain));
	s.size = mem_zero(n, sizeof(*s.size));
	s.seen = mem_zero(n, sizeof(*s.seen));
	s.keys = numbering_new();
	s.same = numbering_new();
	for (size_t i = 0; i < n; i++) {
		size_t size;

		if (strlen(names[i]) > LONGEST)
			continue;
		size = s.size[i] = letters(s.plain[i], names[i]);
		if (size == 0)
			continue;
		/* Of names with the same letters, one meets the others. */
		if (first_of(&s, i))
			for (size_t k = 0; k < size; k++) {
				memcpy(key, s.plain[i], k);
				memcpy(
				    key + k, s.plain[i] + k + 1, size - k - 1);
				look_up(&s, key, size - 1, i);
			}
	}
	numbering_free(s.keys);
	numbering_free(s.same);
	free(s.first);
	free(s.plain);
	free(s.size);
	free(s.seen);
	free(s.last);
}
