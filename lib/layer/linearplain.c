#include "layer/linearplain.h"

#include <string.h>

#include "base/least.h"
#include "layer/gelu.h"
#include "layer/kernel.h"
#include "layer/openblas.h"

/*
 * Block sizes depend on the shapes alone: large, because a product packs its
 * operands anew for every block, and of an even number, because two cores
 * are the least that a machine has.  Few tokens are cut across, too.
 */
enum { TOKENS = 192, FEATURES = 256, FEW = 4 };

struct cut
linear_cut(size_t n, size_t target)
{
	size_t count = (n + target - 1) / target, size;

	if (count > 1)
		count += count % 2;
	size = count > 0 ? (n + count - 1) / count : 1;
	size = (size + 3) / 4 * 4;
	return (struct cut){ (n + size - 1) / size, size };
}

static struct cut
cut_across(size_t n, struct cut down)
{
	return down.count < FEW ? linear_cut(n, FEATURES)
				: (struct cut){ 1, n };
}

/* What a product with the bias is added to: one pass over y less. */
static void
spread_bias(real *y, const real *b, size_t T, size_t N, size_t ld)
{
	for (size_t t = 0; t < T; t++)
		memcpy(y + t * ld, b, N * sizeof(*y));
}

enum { MOST = 512 };

/*
 * In double: a bias's gradient is a sum over all tokens that often cancels.  A
 * few tokens at a time, one after the other: the sums are fetched less often.
 */
KERNEL void
linear_column_sums(real *sum, const real *y, size_t T, size_t N, size_t ld)
{
	double exact[MOST] = { 0 };

	for (; T >= 4; T -= 4, y += 4 * ld)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			exact[n] = exact[n] + (double)y[n] + (double)y[ld + n] +
				   (double)y[2 * ld + n] +
				   (double)y[3 * ld + n];
	for (; T > 0; T--, y += ld)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			exact[n] += (double)y[n];
#pragma omp simd
	for (size_t n = 0; n < N; n++)
		sum[n] += (real)exact[n];
}

/* One block of outputs, from row t and column n on. */
static void
forward_block(real *y, bool gelu, real *slope, const real *x, const real *w,
    const real *b, size_t t, size_t rows, size_t n, size_t columns, size_t K,
    size_t N)
{
	real *out = y + t * N + n;

	if (b != NULL)
		spread_bias(out, b + n, rows, columns, N);
	openblas_product(false, true, rows, columns, K, x + t * K, K, w + n * K,
	    K, b != NULL, out, N);
	for (size_t i = 0; gelu && i < rows; i++, out += N)
		if (slope != NULL)
			gelu_slope(out, slope + (t + i) * N + n, out, columns);
		else
			gelu_forward(out, out, columns);
}

void
linear_plain_forward(real *y, bool gelu, real *slope, const real *x,
    const real *w, const real *b, size_t T, size_t K, size_t N)
{
	struct cut down = linear_cut(T, TOKENS), across = cut_across(N, down);

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < down.count * across.count; i++) {
		size_t t = i / across.count * down.size;
		size_t n = i % across.count * across.size;

		forward_block(y, gelu, slope, x, w, b, t,
		    least(down.size, T - t), n, least(across.size, N - n), K,
		    N);
	}
}

void
linear_through_gelu(const struct linear_pass *a, size_t t, size_t rows,
    size_t k, size_t columns)
{
	for (size_t i = t; a->slope != NULL && i < t + rows; i++) {
		size_t at = i * a->K + k;

		if (a->kept == PRODUCT_BF16)
			gelu_backward_bf16(a->dx + at, a->dx + at,
			    (const uint16_t *)a->slope + at, columns);
		else
			gelu_backward(a->dx + at, a->dx + at,
			    (const real *)a->slope + at, columns);
	}
}

static void
input_block(const struct linear_pass *a, size_t t, size_t rows, size_t k,
    size_t columns)
{
	openblas_product(false, false, rows, columns, a->N, a->dy + t * a->N,
	    a->N, a->w + k, a->K, a->add, a->dx + t * a->K + k, a->K);
	linear_through_gelu(a, t, rows, k, columns);
}

static void
weight_block(const struct linear_pass *a, size_t n, size_t rows)
{
	if (a->dw != NULL)
		openblas_product(true, false, rows, a->K, a->T, a->dy + n, a->N,
		    a->x, a->K, true, a->dw + n * a->K, a->K);
	if (a->db != NULL)
		linear_column_sums(a->db + n, a->dy + n, a->T, rows, a->N);
}

void
linear_plain_backward(const struct linear_pass *a)
{
	struct cut down = linear_cut(a->T, TOKENS),
		   across = cut_across(a->K, down);
	struct cut out = linear_cut(a->N, FEATURES);
	size_t inputs = a->dx != NULL ? down.count * across.count : 0;
	size_t weights = a->dw != NULL || a->db != NULL ? out.count : 0;

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < inputs + weights; i++) {
		size_t n = i * out.size, k = i - weights;
		size_t t = k / across.count * down.size;

		if (i < weights) {
			weight_block(a, n, least(out.size, a->N - n));
			continue;
		}
		k = k % across.count * across.size;
		input_block(a, t, least(down.size, a->T - t), k,
		    least(across.size, a->K - k));
	}
}
