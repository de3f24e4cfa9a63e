/*
 * Random resamples of rows, and what their values say.
 */
#ifndef METRIC_RESAMPLE_H
#define METRIC_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

/* What the random tests and intervals are told. */
struct resampling {
	size_t resamples;
	double level; /* the share of values that an interval holds */
	uint64_t seed;
};

/* Rows to draw among: n < 2^32. */
struct resample_rows {
	uint64_t n;
	uint64_t threshold; /* 2^32 mod n */
};

struct resample_rows resample_rows(size_t n);

/*
 * Draw number i of rows: 32 bits times n (Lemire 2019), half of the bits of
 * one counter.  Under the threshold some rows would come once more than
 * others, and another draw decides.
 */
static inline size_t
resample_draw(struct rng r, size_t i, struct resample_rows rows)
{
	uint64_t half = rng_bits(r, i / 2) >> (i % 2 * 32) & 0xffffffff;
	uint64_t x = half * rows.n;

	if ((x & 0xffffffff) < rows.threshold)
		return (size_t)rng_below(r, ~(uint64_t)i, rows.n);
	return (size_t)(x >> 32);
}

/* weight [n] overwritten: how often each row comes in n draws. */
void resample_weights(double *weight, struct rng r, struct resample_rows rows);

struct interval {
	double low, high; /* nan where no value is defined */
	size_t undefined; /* values that are nan, left out */
};

/*
 * The interval that holds the share level of x [n]: percentiles, linear
 * between neighbours (Efron 1979).  x is left sorted, its defined values
 * first.
 */
struct interval resample_interval(double *x, size_t n, double level);

#endif
