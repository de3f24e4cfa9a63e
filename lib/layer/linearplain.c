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

static inline KERNEL_INLINE double
number_at(const void *y, size_t i, const bool rounded)
{
	return rounded ? (double)number_widen(((const uint16_t *)y)[i])
		       : (double)((const real *)y)[i];
}

/* A few tokens at a time: the sums are fetched less often. */
static inline KERNEL_INLINE void
column_sums(
    real *sum, const void *y, const bool rounded, size_t T, size_t N, size_t ld)
{
	double exact[MOST] = { 0 };
	size_t t = 0, end = T * ld;

	for (; t + 3 * ld < end; t += 4 * ld)
#pragma omp simd
		for (size_t n = t; n < t + N; n++)
			exact[n - t] = exact[n - t] + number_at(y, n, rounded) +
				       number_at(y, n + ld, rounded) +
				       number_at(y, n + 2 * ld, rounded) +
				       number_at(y, n + 3 * ld, rounded);
	for (; t < end; t += ld)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			exact[n] += number_at(y, t + n, rounded);
#pragma omp simd
	for (size_t n = 0; n < N; n++)
		sum[n] += (real)exact[n];
}

/*
 * In double, one after the other: a bias's gradient is a sum over all tokens
 * that often cancels.
 */
KERNEL void
linear_column_sums(real *sum, const void *y, enum product_numbers kept,
    size_t T, size_t N, size_t ld)
{
	if (kept == PRODUCT_BF16)
		column_sums(sum, y, true, T, N, ld);
	else
		column_sums(sum, y, false, T, N, ld);
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
		real *du = (real *)a->dx + i * a->K + k;

		gelu_backward(
		    du, du, (const real *)a->slope + i * a->K + k, columns);
	}
}

/* Nothing is kept otherwise where products are OpenBLAS's. */
static void
input_block(const struct linear_pass *a, size_t t, size_t rows, size_t k,
    size_t columns)
{
	openblas_product(false, false, rows, columns, a->N,
	    (const real *)a->dy + t * a->N, a->N, a->w + k, a->K, a->add,
	    (real *)a->dx + t * a->K + k, a->K);
	linear_through_gelu(a, t, rows, k, columns);
}

static void
weight_block(const struct linear_pass *a, size_t n, size_t rows)
{
	const real *dy = (const real *)a->dy + n;

	if (a->dw != NULL)
		openblas_product(true, false, rows, a->K, a->T, dy, a->N, a->x,
		    a->K, true, a->dw + n * a->K, a->K);
	if (a->db != NULL)
		linear_column_sums(
		    a->db + n, dy, PRODUCT_FLOAT32, a->T, rows, a->N);
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
