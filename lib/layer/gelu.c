#include "layer/gelu.h"

#include "layer/kernel.h"
#include "layer/number.h"
#include "layer/special.h"

KERNEL void
gelu_forward(real *y, const real *u, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		real density;

		y[i] = u[i] * special_normal(u[i], &density);
	}
}

/* The exponential serves both. */
KERNEL void
gelu_slope(real *y, real *restrict slope, const real *u, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		real density, below = special_normal(u[i], &density);

		slope[i] = below + u[i] * density;
		y[i] = u[i] * below;
	}
}

KERNEL void
gelu_backward(real *du, const real *dy, const real *slope, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		du[i] = dy[i] * slope[i];
}

KERNEL void
gelu_slope_bf16(uint16_t *restrict y, uint16_t *restrict slope,
    const real *restrict u, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		real density, below = special_normal(u[i], &density);

		slope[i] = number_round(below + u[i] * density);
		y[i] = number_round(u[i] * below);
	}
}

KERNEL void
gelu_backward_bf16(
    uint16_t *restrict du, const real *dy, const uint16_t *slope, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		du[i] = number_round(dy[i] * number_widen(slope[i]));
}
