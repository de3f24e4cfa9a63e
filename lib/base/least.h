/*
 * The lesser and the greater of two sizes: how far the last block of several
 * reaches, how much room both find enough.
 */
#ifndef BASE_LEAST_H
#define BASE_LEAST_H

#include <stddef.h>

static inline size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t
most(size_t a, size_t b)
{
	return a > b ? a : b;
}

#endif
