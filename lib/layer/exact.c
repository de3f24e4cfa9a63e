#include "layer/exact.h"

#include <string.h>

#include "base/least.h"
#include "layer/kernel.h"

enum { FEATURES = 64 };

static KERNEL double
dot(const real *x, const real *y, size_t n)
{
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * (double)y[i];
	return sum;
}

void
exact_forward(real *y, const real *x, const real *w, const real *b, bool squash,
    size_t T, size_t K, size_t N)
{
#pragma omp parallel for schedule(static, 8)
	for (size_t n = 0; n < N; n++)
		for (size_t t = 0; t < T; t++) {
			double u = dot(x + t * K, w + n * K, K) + (double)b[n];

			y[t * N + n] = (real)(squash ? tanh(u) : u);
		}
}

/*
 * to [n] += the sum over M of scale[m] x[m], rows of x at distance ld, those
 * of scale at distance step; n is at most FEATURES.
 */
static KERNEL void
mix_rows(real *to, const real *scale, size_t step, const real *x, size_t ld,
    size_t M, size_t n)
{
	double sum[FEATURES] = { 0 };

	for (size_t m = 0; m < M; m++)
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			sum[i] +=
			    (double)scale[m * step] * (double)x[m * ld + i];
	for (size_t i = 0; i < n; i++)
		to[i] += (real)sum[i];
}

void
exact_backward(real *dx, real *dw, real *db, const real *dy, const real *x,
    const real *w, size_t T, size_t K, size_t N)
{
	if (dx != NULL)
		memset(dx, 0, T * K * sizeof(*dx));
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t k = 0; k < K; k += FEATURES) {
		for (size_t t = 0; dx != NULL && t < T; t++)
			mix_rows(dx + t * K + k, dy + t * N, 1, w + k, K, N,
			    least(FEATURES, K - k));
		for (size_t n = 0; n < N; n++)
			mix_rows(dw + n * K + k, dy + n, N, x + k, K, T,
			    least(FEATURES, K - k));
	}
	for (size_t n = 0; n < N; n++) {
		double sum = 0;

		for (size_t t = 0; t < T; t++)
			sum += (double)dy[t * N + n];
		db[n] += (real)sum;
	}
}
