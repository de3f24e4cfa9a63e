#include "base/arena.h"

void *
arena_take(struct arena *a, size_t count, size_t size)
{
	char *p = a->base != NULL ? a->base + a->used : NULL;

	a->used += (count * size + 63) / 64 * 64;
	return p;
}

real *
arena_reals(struct arena *a, size_t count)
{
	return arena_take(a, count, sizeof(real));
}
