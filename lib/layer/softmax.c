#include "layer/softmax.h"

#include "layer/kernel.h"
#include "layer/special.h"

static real
largest(const real *x, size_t n)
{
	real max = x[0];

	for (size_t i = 1; i < n; i++)
		max = x[i] > max ? x[i] : max;
	return max;
}

void
softmax_forward(real *p, const real *x, size_t n)
{
	real max = largest(x, n), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i] = real_exp(x[i] - max);
	for (size_t i = 0; i < n; i++)
		p[i] /= sum;
}

void
softmax_log(real *out, const real *x, size_t n)
{
	real max = largest(x, n), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += real_exp(x[i] - max);
	sum = max + real_log(sum);
	for (size_t i = 0; i < n; i++)
		out[i] = x[i] - sum;
}

KERNEL void
softmax_rows(real *rows, real scale, size_t R, size_t n, size_t ld)
{
	for (size_t r = 0; r < R; r++, rows += ld) {
		real max = rows[0], sum = 0;

#pragma omp simd reduction(max : max)
		for (size_t i = 0; i < n; i++)
			max = rows[i] > max ? rows[i] : max;
#pragma omp simd reduction(+ : sum)
		for (size_t i = 0; i < n; i++) {
			rows[i] = special_exp((rows[i] - max) * scale);
			sum += rows[i];
		}
		sum = 1 / sum;
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			rows[i] *= sum;
	}
}

/* The count is a constant where this is inlined, and fills registers. */
static inline KERNEL_INLINE void
columns(real *x, real *share, real scale, size_t n, const size_t count)
{
	real max[SOFTMAX_COLUMNS], sum[SOFTMAX_COLUMNS] = { 0 };

	for (size_t c = 0; c < count; c++)
		max[c] = x[c];
	for (size_t i = 1; i < n; i++)
#pragma omp simd
		for (size_t c = 0; c < count; c++) {
			real v = x[i * SOFTMAX_COLUMNS + c];

			max[c] = v > max[c] ? v : max[c];
		}
	for (size_t i = 0; i < n; i++, x += SOFTMAX_COLUMNS)
#pragma omp simd
		for (size_t c = 0; c < count; c++) {
			real e = special_exp((x[c] - max[c]) * scale);

			x[c] = e;
			sum[c] += e;
		}
	for (size_t c = 0; c < count; c++)
		share[c] = 1 / sum[c];
}

KERNEL void
softmax_columns(real *x, real *share, real scale, size_t n, bool half)
{
	if (half)
		columns(x, share, scale, n, SOFTMAX_COLUMNS / 2);
	else
		columns(x, share, scale, n, SOFTMAX_COLUMNS);
}
