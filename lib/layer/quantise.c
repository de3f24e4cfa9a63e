#include "layer/quantise.h"

#include "layer/kernel.h"

KERNEL struct quantised_row
quantise_row(uint8_t *u, const real *x, size_t K)
{
	real low = x[0], high = x[0], none = 0, by;

#pragma omp simd reduction(min : low) reduction(max : high) reduction(+ : none)
	for (size_t k = 0; k < K; k++) {
		low = x[k] < low ? x[k] : low;
		high = x[k] > high ? x[k] : high;
		none += x[k] * 0;
	}
	by = high > low ? 255 / (high - low) : 0;
#pragma omp simd
	for (size_t k = 0; k < K; k++) {
		real v = (x[k] - low) * by + (real)0.5;

		/* Also what is not a number is one here. */
		v = v > 0 ? v : 0;
		u[k] = (uint8_t)(int32_t)(v < 255 ? v : 255);
	}
	return (struct quantised_row){ (float)((high - low) / 255),
		(float)(low + none) };
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

KERNEL void
quantise_finish(real *y, const int32_t *sums, struct quantised_row row,
    const float *scale, const float *sum, const real *b, size_t N)
{
	if (b == NULL)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			y[n] = scale[n] *
			       (row.step * (float)sums[n] + row.low * sum[n]);
	else
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			y[n] = scale[n] * (row.step * (float)sums[n] +
					      row.low * sum[n]) +
			       b[n];
}
