/*
 * How often a program compares strings: strcmp and memcmp in place of the C
 * library's, in the one program that includes this, counted.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include <stddef.h>
#include <string.h>

#include "check.h"

static size_t compared;

int
strcmp(const char *a, const char *b)
{
	compared++;
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int
memcmp(const void *left, const void *right, size_t n)
{
	const unsigned char *a = left, *b = right;

	compared++;
	for (; n > 0 && *a == *b; n--) {
		a++;
		b++;
	}
	return n > 0 ? *a - *b : 0;
}

/* The comparisons of a function of 1000 and of 2000: but for a sort as many. */
static inline void
check_linear(size_t (*comparisons)(size_t n), const char *name)
{
	size_t one = comparisons(1000), two = comparisons(2000);

	printf("# %zu and %zu comparisons\n", one, two);
	CHECK_NAMED(name, one > 1000 && two < one * 5 / 2);
}

#endif
