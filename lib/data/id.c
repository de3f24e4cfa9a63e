#include "data/id.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 32) * 0xd6e8feb86659fd93u;
	x = (x ^ x >> 32) * 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

uint64_t
id_hash(const char *id, size_t n, uint64_t seed)
{
	uint64_t h = mix(seed + 0x9e3779b97f4a7c15u) ^ n, word;

	for (; n > 0; id += sizeof(word)) {
		size_t part = n < sizeof(word) ? n : sizeof(word);

		word = 0;
		memcpy(&word, id, part);
		h = mix((h + 0x9e3779b97f4a7c15u) ^ word);
		n -= part;
	}
	return h;
}

static void
key_of(uint64_t key[2], const char *id, size_t n)
{
	key[0] = id_hash(id, n, 1);
	key[1] = id_hash(id, n, 2) | 1; /* never the free slot's 0 */
}

/* Where the key is or would go. */
static uint64_t *
slot_of(const struct id_set *s, const uint64_t key[2])
{
	size_t i = (size_t)key[0] & (s->slots - 1);

	while (s->slot[i][1] != 0 &&
	       (s->slot[i][0] != key[0] || s->slot[i][1] != key[1]))
		i = (i + 1) & (s->slots - 1);
	return s->slot[i];
}

static void
grow(struct id_set *s)
{
	struct id_set more = { .slots = s->slots > 0 ? s->slots * 2 : 1024 };

	more.slot = mem_zero(more.slots, sizeof(*more.slot));
	for (size_t i = 0; i < s->slots; i++)
		if (s->slot[i][1] != 0)
			memcpy(slot_of(&more, s->slot[i]), s->slot[i],
			    sizeof(*more.slot));
	free(s->slot);
	s->slot = more.slot;
	s->slots = more.slots;
}

bool
id_set_add(struct id_set *s, const char *id, size_t n)
{
	uint64_t key[2], *slot;

	if (s->used >= s->slots / 4 * 3)
		grow(s);
	key_of(key, id, n);
	slot = slot_of(s, key);
	if (slot[1] != 0)
		return false;
	memcpy(slot, key, sizeof(key));
	s->used++;
	return true;
}

bool
id_set_has(const struct id_set *s, const char *id, size_t n)
{
	uint64_t key[2];

	if (s->slots == 0)
		return false;
	key_of(key, id, n);
	return slot_of(s, key)[1] != 0;
}

void
id_set_free(struct id_set *s)
{
	free(s->slot);
	*s = (struct id_set){ 0 };
}

const char *
id_problem(const char *id, size_t n)
{
	if (n == 0)
		return "the id is empty";
	if (memchr(id, '\0', n) != NULL || memchr(id, '\t', n) != NULL ||
	    memchr(id, '\n', n) != NULL)
		return "the id holds a NUL, tab or newline";
	if (utf8_check(id, n) < n)
		return "the id is not valid UTF-8";
	return NULL;
}
