/*
 * What the layer tests share: the tolerance of a comparison with a plain
 * twin, which sums in double, and sums of products as objectives.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "check.h"
#include "layer/number.h"

/* Gradients by differences need double precision. */
static inline bool
plain_exact(void)
{
	return sizeof(real) == sizeof(double);
}

/* Largest difference of two arrays over the size of the second. */
static inline double
plain_distance(const real *got, const double *want, size_t n)
{
	double most = 0, size = 1;

	for (size_t i = 0; i < n; i++) {
		size = fmax(size, fabs(want[i]));
		most = fmax(most, fabs((double)got[i] - want[i]));
		if (isnan((double)got[i]) != isnan(want[i]))
			return INFINITY;
	}
	return most / size;
}

/* Sums of some hundred products, in the precision of real. */
static inline bool
plain_near(const real *got, const double *want, size_t n)
{
	double d = plain_distance(got, want, n);
	double bound = plain_exact() ? 1e-13 : 5e-6;

	if (!(d <= bound))
		printf(
		    "# relative distance %g, expected at most %g\n", d, bound);
	return d <= bound;
}

/* Are these n numbers those, rounded to bfloat16? */
static inline bool
plain_rounded(const uint16_t *kept, const real *of, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kept[i] != number_round(of[i]))
			return false;
	return true;
}

/* The objective of a gradient check: sum(r * y). */
static inline double
plain_dot(const real *r, const real *y, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)r[i] * (double)y[i];
	return sum;
}

/* The standard normal distribution function times u, by libm. */
static inline double
plain_gelu(double u)
{
	return u * erfc(-u * 0.70710678118654752440) / 2;
}

static inline double
plain_gelu_slope(double u)
{
	return erfc(-u * 0.70710678118654752440) / 2 +
	       u * exp(-u * u / 2) * 0.39894228040143267794;
}

static inline void
plain_negate(real *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = -x[i];
}

#endif
