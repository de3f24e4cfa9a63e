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
