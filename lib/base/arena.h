/*
 * Arrays in one block.  The function that takes them all is called twice:
 * with base NULL they are only counted, then with a block of so many bytes.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/real.h"

struct arena {
	char *base;
	size_t used; /* bytes */
};

/* The next count * size bytes, on a cache line; NULL while counting. */
static inline void *
arena_take(struct arena *a, size_t count, size_t size)
{
	char *p = a->base != NULL ? a->base + a->used : NULL;

	a->used += (count * size + 63) / 64 * 64;
	return p;
}

static inline real *
arena_reals(struct arena *a, size_t count)
{
	return arena_take(a, count, sizeof(real));
}

#endif
