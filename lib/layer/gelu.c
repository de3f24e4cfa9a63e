#include "layer/gelu.h"

#include "layer/kernel.h"

KERNEL void
gelu_forward(real *y, const real *u, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		real density;

		y[i] = u[i] * kernel_normal(u[i], &density);
	}
}

KERNEL void
gelu_backward(real *du, const real *dy, const real *u, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		real density, below = kernel_normal(u[i], &density);

		du[i] = dy[i] * (below + u[i] * density);
	}
}
