#include "metric/resample.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct resample_rows
resample_rows(size_t n)
{
	assert(n <= UINT32_MAX);
	return (struct resample_rows){ n, n > 0 ? ((uint64_t)1 << 32) % n : 0 };
}

void
resample_weights(double *weight, struct rng r, struct resample_rows rows)
{
	memset(weight, 0, rows.n * sizeof(*weight));
	for (size_t i = 0; i < rows.n; i++)
		weight[resample_draw(r, i, rows)]++;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The quantile q of sorted x [n], linear between neighbours. */
static double
quantile(const double *x, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return x[n - 1];
	return x[i] + (at - (double)i) * (x[i + 1] - x[i]);
}

struct interval
resample_interval(double *x, size_t n, double level)
{
	struct interval v = { (double)NAN, (double)NAN, 0 };
	size_t defined = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			x[defined++] = x[i];
	v.undefined = n - defined;
	if (defined == 0)
		return v;
	qsort(x, defined, sizeof(*x), ascending);
	v.low = quantile(x, defined, (1 - level) / 2);
	v.high = quantile(x, defined, (1 + level) / 2);
	return v;
}
