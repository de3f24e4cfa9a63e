/*
 * Arrays in one block.  The function that takes them all is called twice:
 * with arena_count they are only counted, then they stand in a block of so
 * many bytes, arena_in.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

struct arena {
	char *base;
	size_t used; /* bytes */
	bool counts_only;
};

static inline struct arena
arena_count(void)
{
	return (struct arena){ .counts_only = true };
}

static inline struct arena
arena_in(void *block)
{
	return (struct arena){ .base = block };
}

/* The next count * size bytes, on a cache line; NULL while counting. */
static inline void *
arena_take(struct arena *a, size_t count, size_t size)
{
	char *p = a->counts_only ? NULL : a->base + a->used;

	a->used += (count * size + 63) / 64 * 64;
	return p;
}

static inline real *
arena_reals(struct arena *a, size_t count)
{
	return arena_take(a, count, sizeof(real));
}

#endif
