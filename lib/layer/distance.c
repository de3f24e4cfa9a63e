#include "layer/distance.h"

#include <math.h>

#include "layer/kernel.h"

enum { BLOCK = 32 }; /* tokens of one thread at a time */

static double
sum_of(const double *part, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += part[i];
	return sum;
}

static KERNEL double
row_squares(real *du, const real *u, const real *v, size_t N, double scale)
{
	double sum = 0;
	real slope = (real)(2 * scale / (double)N);

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < N; i++) {
		double d = (double)u[i] - (double)v[i];

		sum += d * d;
	}
	if (du != NULL)
#pragma omp simd
		for (size_t i = 0; i < N; i++)
			du[i] += slope * (u[i] - v[i]);
	return sum / (double)N;
}

/* The gradient of -u.v / (|u| |v|) is u times along less v times across. */
static KERNEL double
row_cosine(real *du, const real *u, const real *v, size_t N, double scale)
{
	double uu = 0, vv = 0, uv = 0, size, along;

#pragma omp simd reduction(+ : uu, vv, uv)
	for (size_t i = 0; i < N; i++) {
		uu += (double)u[i] * (double)u[i];
		vv += (double)v[i] * (double)v[i];
		uv += (double)u[i] * (double)v[i];
	}
	size = sqrt(uu * vv);
	along = size > 1e-8 ? uv / (size * uu) : 0;
	size = size > 1e-8 ? size : 1e-8;
	if (du != NULL)
#pragma omp simd
		for (size_t i = 0; i < N; i++)
			du[i] += (real)(scale * (along * (double)u[i] -
						    (double)v[i] / size));
	return 1 - uv / size;
}

typedef double row_distance(
    real *du, const real *u, const real *v, size_t N, double scale);

static double
over_rows(row_distance *of, real *du, double *part, const real *u,
    const real *v, size_t T, size_t N, double scale)
{
#pragma omp parallel for schedule(static, BLOCK)
	for (size_t t = 0; t < T; t++)
		part[t] = of(du != NULL ? du + t * N : NULL, u + t * N,
		    v + t * N, N, scale);
	return scale * sum_of(part, T);
}

double
distance_squares(real *du, double *part, const real *u, const real *v, size_t T,
    size_t N, double scale)
{
	return over_rows(row_squares, du, part, u, v, T, N, scale);
}

double
distance_cosine(real *du, double *part, const real *u, const real *v, size_t T,
    size_t N, double scale)
{
	return over_rows(row_cosine, du, part, u, v, T, N, scale);
}
