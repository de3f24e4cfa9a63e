#include "layer/linear.h"

#include "layer/blas.h"
#include "layer/gelu.h"
#include "layer/kernel.h"

/*
 * Block sizes depend on the shapes alone.  Small enough that two threads end
 * together, large enough that a product runs at full speed.
 */
enum { TOKENS = 96, FEATURES = 64, WIDE = 512 };

static size_t
blocks(size_t n, size_t size)
{
	return (n + size - 1) / size;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static KERNEL void
add_bias(real *y, const real *b, size_t T, size_t N, size_t ld)
{
	for (size_t t = 0; t < T; t++)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			y[t * ld + n] += b[n];
}

static KERNEL void
column_sums(real *sum, const real *y, size_t T, size_t N, size_t ld)
{
	for (size_t t = 0; t < T; t++)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			sum[n] += y[t * ld + n];
}

/* One block of outputs: rows t.., columns n... */
static void
forward_block(real *y, real *u, const real *x, const real *w, const real *b,
    size_t t, size_t n, size_t T, size_t K, size_t N)
{
	size_t rows = least(TOKENS, T - t), columns = least(WIDE, N - n);
	real *out = (u != NULL ? u : y) + t * N + n;

	blas_gemm(false, true, rows, columns, K, 1, x + t * K, K, w + n * K, K,
	    0, out, N);
	if (b != NULL)
		add_bias(out, b + n, rows, columns, N);
	if (u == NULL)
		return;
	for (size_t i = 0; i < rows; i++)
		gelu_forward(y + (t + i) * N + n, out + i * N, columns);
}

static void
forward(real *y, real *u, const real *x, const real *w, const real *b,
    size_t T, size_t K, size_t N)
{
	size_t down = blocks(T, TOKENS), across = blocks(N, WIDE);

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < down * across; i++)
		forward_block(y, u, x, w, b, i / across * TOKENS,
		    i % across * WIDE, T, K, N);
}

void
linear_forward(real *y, const real *x, const real *w, const real *b, size_t T,
    size_t K, size_t N)
{
	forward(y, NULL, x, w, b, T, K, N);
}

void
linear_gelu_forward(real *y, real *u, const real *x, const real *w,
    const real *b, size_t T, size_t K, size_t N)
{
	forward(y, u, x, w, b, T, K, N);
}

/* What one backward pass works on. */
struct backward {
	real *dx, *dw, *db;
	const real *dy, *x, *u, *w;
	bool add;
	size_t T, K, N;
};

static void
input_block(const struct backward *a, size_t t, size_t k)
{
	size_t rows = least(TOKENS, a->T - t), columns = least(WIDE, a->K - k);
	real *dx = a->dx + t * a->K + k;

	blas_gemm(false, false, rows, columns, a->N, 1, a->dy + t * a->N, a->N,
	    a->w + k, a->K, a->add ? 1 : 0, dx, a->K);
	if (a->u == NULL)
		return;
	for (size_t i = 0; i < rows; i++)
		gelu_backward(dx + i * a->K, dx + i * a->K,
		    a->u + (t + i) * a->K + k, columns);
}

static void
weight_block(const struct backward *a, size_t n)
{
	size_t rows = least(FEATURES, a->N - n);

	if (a->dw != NULL)
		blas_gemm(true, false, rows, a->K, a->T, 1, a->dy + n, a->N,
		    a->x, a->K, 1, a->dw + n * a->K, a->K);
	if (a->db != NULL)
		column_sums(a->db + n, a->dy + n, a->T, rows, a->N);
}

static void
backward(const struct backward *a)
{
	size_t across = blocks(a->K, WIDE);
	size_t inputs = a->dx != NULL ? blocks(a->T, TOKENS) * across : 0;
	size_t weights = a->dw != NULL || a->db != NULL
	    ? blocks(a->N, FEATURES)
	    : 0;

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < inputs + weights; i++)
		if (i < weights)
			weight_block(a, i * FEATURES);
		else
			input_block(a, (i - weights) / across * TOKENS,
			    (i - weights) % across * WIDE);
}

void
linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N)
{
	backward(&(struct backward){ dx, dw, db, dy, x, NULL, w, add, T, K,
	    N });
}

void
linear_gelu_backward(real *du, real *dw, real *db, const real *dy,
    const real *x, const real *u, const real *w, size_t T, size_t K, size_t N)
{
	backward(&(struct backward){ du, dw, db, dy, x, u, w, false, T, K,
	    N });
}
