#include "layer/quantise.h"

#include <math.h>
#include <string.h>

#include "layer/kernel.h"
#include "layer/special.h"

/* A row that has no range, with NaN or infinity, becomes zeros and a NaN. */
KERNEL struct quantised_row
quantise_row(uint8_t *u, const real *x, size_t K)
{
	real low = x[0], high = x[0], by;
	int none = 0;

#pragma omp simd reduction(min : low) reduction(max : high) reduction(| : none)
	for (size_t k = 0; k < K; k++) {
		low = x[k] < low ? x[k] : low;
		high = x[k] > high ? x[k] : high;
		none |= x[k] != x[k];
	}
	if (none != 0 || !isfinite((float)(high - low))) {
		memset(u, 0, K);
		return (struct quantised_row){ 0, NAN };
	}
	by = high > low ? 255 / (high - low) : 0;
#pragma omp simd
	for (size_t k = 0; k < K; k++)
		u[k] = (uint8_t)(int32_t)((x[k] - low) * by + (real)0.5);
	return (
	    struct quantised_row){ (float)((high - low) / 255), (float)low };
}

KERNEL void
quantise_weights(
    int8_t *q, size_t stride, float *scale, float *sum, const real *w, size_t K)
{
	real most = 0, by;
	int32_t total = 0;

#pragma omp simd reduction(max : most)
	for (size_t k = 0; k < K; k++) {
		real size = w[k] < 0 ? -w[k] : w[k];

		most = size > most ? size : most;
	}
	by = most > 0 ? 127 / most : 0;
#pragma omp simd reduction(+ : total)
	for (size_t k = 0; k < K; k++) {
		real v = w[k] * by;
		int32_t i = (int32_t)(v < 0 ? v - (real)0.5 : v + (real)0.5);

		q[k / 4 * stride + k % 4] = (int8_t)i;
		total += i;
	}
	*scale = (float)(most / 127);
	*sum = (float)total;
}

/* One number of x W^T. */
static inline KERNEL_INLINE real
finished(int32_t products, struct quantised_row row, float scale, float sum)
{
	return scale * (row.step * (float)products + row.low * sum);
}

static KERNEL void
finish(real *y, const int32_t *sums, struct quantised_row row,
    const float *scale, const float *sum, const real *b, size_t N)
{
	if (b == NULL)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			y[n] = finished(sums[n], row, scale[n], sum[n]);
	else
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			y[n] = finished(sums[n], row, scale[n], sum[n]) + b[n];
}

static KERNEL void
finish_gelu(real *y, const int32_t *sums, struct quantised_row row,
    const float *scale, const float *sum, const real *b, size_t N)
{
#pragma omp simd
	for (size_t n = 0; n < N; n++)
		y[n] = special_gelu(
		    finished(sums[n], row, scale[n], sum[n]) + b[n]);
}

static KERNEL void
finish_add(real *y, const int32_t *sums, struct quantised_row row,
    const float *scale, const float *sum, const real *b, const real *add,
    size_t N)
{
#pragma omp simd
	for (size_t n = 0; n < N; n++)
		y[n] = finished(sums[n], row, scale[n], sum[n]) + b[n] + add[n];
}

void
quantise_finish(real *y, const int32_t *sums, struct quantised_row row,
    const float *scale, const float *sum, const real *b, const real *add,
    bool gelu, size_t N)
{
	if (add != NULL)
		finish_add(y, sums, row, scale, sum, b, add, N);
	else if (gelu)
		finish_gelu(y, sums, row, scale, sum, b, N);
	else
		finish(y, sums, row, scale, sum, b, N);
}
