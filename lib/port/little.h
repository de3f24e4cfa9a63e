/*
 * Numbers as zip archives, pickles and TensorFlow's tables write them.
 */
#ifndef PORT_LITTLE_H
#define PORT_LITTLE_H

#include <stddef.h>
#include <stdint.h>

/* Of n bytes, at most 8, the least first. */
static inline uint64_t
little_number(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

#endif
