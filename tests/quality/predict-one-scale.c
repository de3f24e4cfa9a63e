/*
 * A fault for tests/quality/matmul: mt-predict whose int8 weights have one
 * scale for a whole tensor.
 */
#include <math.h>
#include <string.h>

#include "layer/blocked.h"
#include "layer/quantise.h"

void __real_blocked_fill(void *to, const real *w, size_t K, size_t N,
    bool turned, enum product_numbers numbers);
void __wrap_blocked_fill(void *to, const real *w, size_t K, size_t N,
    bool turned, enum product_numbers numbers);
void __wrap_quantise_weights(int8_t *q, size_t stride, float *scale, float *sum,
    const real *w, size_t K);

static real most; /* of the tensor at hand */

void
__wrap_blocked_fill(void *to, const real *w, size_t K, size_t N, bool turned,
    enum product_numbers numbers)
{
	most = 0;
	for (size_t i = 0; i < K * N; i++)
		most = (real)fmax((double)most, fabs((double)w[i]));
	__real_blocked_fill(to, w, K, N, turned, numbers);
}

/* As layer/quantise.c, but for the scale. */
void
__wrap_quantise_weights(
    int8_t *q, size_t stride, float *scale, float *sum, const real *w, size_t K)
{
	double total = 0, by = most > 0 ? 127 / (double)most : 0;

	for (size_t k = 0; k < K; k++) {
		double i = round((double)w[k] * by);

		q[k / 4 * stride + k % 4] = (int8_t)i;
		total += i;
	}
	*scale = (float)(most / 127);
	*sum = (float)total;
}
