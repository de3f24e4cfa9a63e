#include "layer/linear.h"

#include <omp.h>
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

/* One dimension in blocks of nearly equal size. */
struct cut {
	size_t count, size;
};

static struct cut
cut_up(size_t n, size_t target)
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
	return down.count < FEW ? cut_up(n, FEATURES) : (struct cut){ 1, n };
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
 * In double: a bias's gradient is a sum over all tokens that often cancels.
 * N is at most MOST.
 */
static KERNEL void
column_sums(real *sum, const real *y, size_t T, size_t N, size_t ld)
{
	double exact[MOST] = { 0 };

	for (size_t t = 0; t < T; t++)
#pragma omp simd
		for (size_t n = 0; n < N; n++)
			exact[n] += (double)y[t * ld + n];
#pragma omp simd
	for (size_t n = 0; n < N; n++)
		sum[n] += (real)exact[n];
}

/* --- by OpenBLAS: blocks of the matrices as they stand --- */

/* One block of outputs, from row t and column n on. */
static void
forward_block(real *y, real *u, const real *x, const real *w, const real *b,
    size_t t, size_t rows, size_t n, size_t columns, size_t K, size_t N)
{
	real *out = (u != NULL ? u : y) + t * N + n;

	if (b != NULL)
		spread_bias(out, b + n, rows, columns, N);
	openblas_product(false, true, rows, columns, K, x + t * K, K, w + n * K,
	    K, b != NULL, out, N);
	if (u == NULL)
		return;
	for (size_t i = 0; i < rows; i++)
		gelu_forward(y + (t + i) * N + n, out + i * N, columns);
}

static void
plain_forward(real *y, real *u, const real *x, const real *w, const real *b,
    size_t T, size_t K, size_t N)
{
	struct cut down = cut_up(T, TOKENS), across = cut_across(N, down);

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < down.count * across.count; i++) {
		size_t t = i / across.count * down.size;
		size_t n = i % across.count * across.size;

		forward_block(y, u, x, w, b, t, least(down.size, T - t), n,
		    least(across.size, N - n), K, N);
	}
}

/* What one backward pass works on. */
struct backward {
	real *dx, *dw, *db;
	const real *dy, *x, *u, *w;
	bool add;
	size_t T, K, N;
};

/* The derivative of GELU on `columns` of some rows of dx, from row t on. */
static void
through_gelu(
    const struct backward *a, size_t t, size_t rows, size_t k, size_t columns)
{
	for (size_t i = t; a->u != NULL && i < t + rows; i++)
		gelu_backward(a->dx + i * a->K + k, a->dx + i * a->K + k,
		    a->u + i * a->K + k, columns);
}

static void
input_block(
    const struct backward *a, size_t t, size_t rows, size_t k, size_t columns)
{
	openblas_product(false, false, rows, columns, a->N, a->dy + t * a->N,
	    a->N, a->w + k, a->K, a->add, a->dx + t * a->K + k, a->K);
	through_gelu(a, t, rows, k, columns);
}

static void
weight_block(const struct backward *a, size_t n, size_t rows)
{
	if (a->dw != NULL)
		openblas_product(true, false, rows, a->K, a->T, a->dy + n, a->N,
		    a->x, a->K, true, a->dw + n * a->K, a->K);
	if (a->db != NULL)
		column_sums(a->db + n, a->dy + n, a->T, rows, a->N);
}

static void
plain_backward(const struct backward *a)
{
	struct cut down = cut_up(a->T, TOKENS), across = cut_across(a->K, down);
	struct cut out = cut_up(a->N, FEATURES);
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

/* --- by oneDNN: products without gaps between rows --- */

/*
 * Rows of a block: they need not be the same for any number of threads, since
 * the bits of a row do not depend on them.
 */
static size_t
block_rows(size_t T)
{
	size_t threads = (size_t)omp_get_max_threads(), rows = 64;

	while (rows > 16 && T < rows * threads)
		rows /= 2;
	return rows;
}

/* Plans of whole blocks and of the last. */
struct plans {
	const struct product_plan *whole, *last;
	size_t rows;
};

static struct plans
plan_rows(struct product *p, struct product_shape s, size_t T, size_t rows)
{
	struct plans plans = { .rows = rows };

	s.M = rows;
	if (T >= rows)
		plans.whole = product_plan(p, &s);
	s.M = T % rows;
	plans.last = product_plan(p, &s);
	return plans;
}

static const struct product_plan *
plan_of(const struct plans *plans, size_t rows)
{
	return rows == plans->rows ? plans->whole : plans->last;
}

/* Rows of x as a product takes them: themselves, or converted. */
static const void *
left_side(const struct product *p, enum product_numbers numbers, const real *x,
    size_t n)
{
	void *own;

	if (numbers == PRODUCT_FLOAT32)
		return x;
	own = product_own(p);
	product_convert(own, x, n, numbers);
	return own;
}

static size_t
left_bytes(enum product_numbers numbers, size_t n)
{
	return numbers == PRODUCT_FLOAT32 ? 0 : n * product_bytes(numbers);
}

struct forward {
	struct product *p;
	enum product_numbers numbers;
	enum product_side side;
	real *y, *u;
	const real *x, *b;
	const void *w;
	size_t T, K, N;
};

/* Blocks of rows. */
static void
forward_rows(const struct forward *f, struct product_shape s)
{
	struct plans plans = plan_rows(f->p, s, f->T, block_rows(f->T));

	product_scratch(f->p, 0, left_bytes(f->numbers, plans.rows * f->K));
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t t = 0; t < f->T; t += plans.rows) {
		size_t rows = least(plans.rows, f->T - t);
		real *out = (f->u != NULL ? f->u : f->y) + t * f->N;

		product_run(f->p, plan_of(&plans, rows), out,
		    left_side(f->p, f->numbers, f->x + t * f->K, rows * f->K),
		    f->w, f->b);
		if (f->u != NULL)
			gelu_forward(f->y + t * f->N, out, rows * f->N);
	}
}

/* Few rows: threads take columns, and copy what comes of them. */
static void
forward_columns(const struct forward *f, struct product_shape s, size_t wide)
{
	struct plans plans;
	char *all;
	const void *left = f->x;

	s.M = f->T;
	s.N = wide;
	plans.whole = product_plan(f->p, &s);
	s.N = f->N % wide;
	plans.last = s.N > 0 ? product_plan(f->p, &s) : NULL;
	all = product_scratch(f->p, left_bytes(f->numbers, f->T * f->K),
	    f->T * wide * sizeof(real));
	if (f->numbers != PRODUCT_FLOAT32) {
		product_convert(all, f->x, f->T * f->K, f->numbers);
		left = all;
	}
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t n = 0; n < f->N; n += wide) {
		size_t columns = least(wide, f->N - n);
		real *own = product_own(f->p);
		real *out = (f->u != NULL ? f->u : f->y) + n;

		product_run(f->p, columns == wide ? plans.whole : plans.last,
		    own, left,
		    product_columns(f->w, f->side, f->numbers, n, f->K),
		    f->b != NULL ? f->b + n : NULL);
		for (size_t t = 0; t < f->T; t++) {
			memcpy(out + t * f->N, own + t * columns,
			    columns * sizeof(*own));
			if (f->u != NULL)
				gelu_forward(f->y + t * f->N + n,
				    own + t * columns, columns);
		}
	}
}

static void
forward(real *y, real *u, const real *x, const real *w, const real *b, size_t T,
    size_t K, size_t N, struct product *product)
{
	size_t threads = (size_t)omp_get_max_threads(), wide;
	struct forward f = { .p = product,
		.y = y,
		.u = u,
		.x = x,
		.b = b,
		.T = T,
		.K = K,
		.N = N };
	struct product_shape s;

	if (!product_begin(product, N, K, &f.numbers)) {
		plain_forward(y, u, x, w, b, T, K, N);
		return;
	}
	f.w = product_weights(product, w, N, K, false, &f.side);
	s = (struct product_shape){ .numbers = f.numbers,
		.side = f.side,
		.bias = b != NULL,
		.N = N,
		.K = K };
	wide = (N + threads - 1) / threads;
	wide = (wide + PRODUCT_COLUMNS - 1) / PRODUCT_COLUMNS * PRODUCT_COLUMNS;
	if (T >= 16 * threads || wide >= N)
		forward_rows(&f, s);
	else
		forward_columns(&f, s, wide);
}

void
linear_forward(real *y, const real *x, const real *w, const real *b, size_t T,
    size_t K, size_t N, struct product *product)
{
	forward(y, NULL, x, w, b, T, K, N, product);
}

void
linear_gelu_forward(real *y, real *u, const real *x, const real *w,
    const real *b, size_t T, size_t K, size_t N, struct product *product)
{
	forward(y, u, x, w, b, T, K, N, product);
}

/*
 * dW = dy^T x runs over slices of dy's columns, each a matrix of its own, and
 * over pieces of the tokens, in their order.  The tokens are filled up with
 * zeros to a multiple of FILL, so that few lengths of sums are met.
 */
enum { PIECE = 512, FILL = 64, SLICE = 96, WIDE_SLICE = 192, ROWS = 32 };

struct gradient {
	const struct backward *a;
	struct product *p;
	enum product_numbers numbers;
	struct cut out;
	size_t filled; /* tokens with the zeros */
	size_t
	    direct;   /* of x, that stand in memory as the product wants them */
	char *slices; /* [N / out.size] [filled, out.size] */
	char *rest;   /* x from token `direct` on */
	/* plans of whole slices and of the last: pieces, the last piece of x
	   itself, the piece filled up */
	const struct product_plan *piece[2], *last[2], *fill[2];
	const void *w;
	struct plans inputs;
};

static size_t
slice_size(size_t N)
{
	return N < 4 * WIDE_SLICE ? SLICE : WIDE_SLICE;
}

static void
plan_slices(struct gradient *g)
{
	struct product_shape s = {
		.numbers = g->numbers, .turned = true, .add = true, .N = g->a->K
	};
	size_t rest = g->filled - g->direct;

	for (int i = 0; i < 2; i++) {
		s.M = i == 0 ? g->out.size
			     : g->a->N - (g->out.count - 1) * g->out.size;
		s.K = PIECE;
		g->piece[i] = product_plan(g->p, &s);
		s.K = g->direct % PIECE;
		g->last[i] = s.K > 0 ? product_plan(g->p, &s) : NULL;
		s.K = rest % PIECE;
		g->fill[i] = s.K > 0 ? product_plan(g->p, &s) : NULL;
	}
}

/* Copy some tokens of dy into the slices, zeros after the last. */
static void
fill_slices(const struct gradient *g, size_t t, size_t rows)
{
	const struct backward *a = g->a;
	size_t each = product_bytes(g->numbers);

	for (size_t i = 0; i < g->out.count; i++) {
		size_t n = i * g->out.size;
		size_t wide = least(g->out.size, a->N - n);
		char *to = g->slices + (n * g->filled + t * wide) * each;

		for (size_t r = t; r < t + rows; r++, to += wide * each)
			if (r < a->T)
				product_convert(
				    to, a->dy + r * a->N + n, wide, g->numbers);
			else
				memset(to, 0, wide * each);
	}
}

/* The same for what a product cannot take of x itself. */
static void
fill_rest(const struct gradient *g, size_t t, size_t rows)
{
	size_t K = g->a->K, each = K * product_bytes(g->numbers);

	for (size_t r = t; r < t + rows; r++) {
		char *to = g->rest + (r - g->direct) * each;

		if (r < g->direct)
			continue;
		if (r < g->a->T)
			product_convert(to, g->a->x + r * K, K, g->numbers);
		else
			memset(to, 0, each);
	}
}

/* One slice of dW, piece after piece. */
static void
slice_product(const struct gradient *g, size_t i)
{
	const struct backward *a = g->a;
	size_t n = i * g->out.size, wide = least(g->out.size, a->N - n);
	size_t each = product_bytes(g->numbers);
	const char *dy = g->slices + n * g->filled * each;
	int at = i + 1 == g->out.count;

	for (size_t t = 0; a->dw != NULL && t < g->filled;) {
		bool direct = t < g->direct;
		size_t end = direct ? g->direct : g->filled;
		size_t deep = least(PIECE, end - t);
		const struct product_plan *plan = deep == PIECE ? g->piece[at]
						  : direct	? g->last[at]
								: g->fill[at];

		product_run(g->p, plan, a->dw + n * a->K, dy + t * wide * each,
		    direct ? (const void *)(a->x + t * a->K)
			   : g->rest + (t - g->direct) * a->K * each,
		    NULL);
		t += deep;
	}
	if (a->db != NULL)
		column_sums(a->db + n, a->dy + n, a->T, wide, a->N);
}

static void
input_rows(const struct gradient *g, size_t t)
{
	const struct backward *a = g->a;
	size_t rows = least(g->inputs.rows, a->T - t);

	product_run(g->p, plan_of(&g->inputs, rows), a->dx + t * a->K,
	    left_side(g->p, g->numbers, a->dy + t * a->N, rows * a->N), g->w,
	    NULL);
	through_gelu(a, t, rows, 0, a->K);
}

static void
plan_inputs(struct gradient *g)
{
	struct product_shape s = { .numbers = g->numbers,
		.add = g->a->add,
		.N = g->a->K,
		.K = g->a->N };

	g->inputs.rows = block_rows(g->a->T);
	if (g->a->dx == NULL)
		return;
	g->w = product_weights(g->p, g->a->w, g->a->N, g->a->K, true, &s.side);
	g->inputs = plan_rows(g->p, s, g->a->T, g->inputs.rows);
}

static void
plan_scratch(struct gradient *g)
{
	const struct backward *a = g->a;
	size_t each = product_bytes(g->numbers);
	size_t slices = (g->filled * a->N * each + 63) / 64 * 64;

	g->slices = product_scratch(g->p,
	    slices + (g->filled - g->direct) * a->K * each,
	    left_bytes(g->numbers, g->inputs.rows * a->N));
	g->rest = g->slices + slices;
}

static void
backward(const struct backward *a, struct product *product)
{
	struct gradient g = { .a = a, .p = product };
	size_t inputs, weights;

	if (!product_begin(product, a->N, a->K, &g.numbers)) {
		plain_backward(a);
		return;
	}
	g.out = cut_up(a->N, slice_size(a->N));
	g.filled = (a->T + FILL - 1) / FILL * FILL;
	g.direct = g.numbers == PRODUCT_FLOAT32 ? a->T / FILL * FILL : 0;
	plan_slices(&g);
	plan_inputs(&g);
	plan_scratch(&g);
	weights = a->dw != NULL || a->db != NULL ? g.out.count : 0;
	inputs = a->dx != NULL ? (a->T + g.inputs.rows - 1) / g.inputs.rows : 0;
	if (a->dw != NULL)
#pragma omp parallel for schedule(static)
		for (size_t t = 0; t < g.filled; t += ROWS) {
			fill_slices(&g, t, ROWS);
			fill_rest(&g, t, ROWS);
		}
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < inputs + weights; i++)
		if (i < weights)
			slice_product(&g, i);
		else
			input_rows(&g, (i - weights) * g.inputs.rows);
}

void
linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product)
{
	backward(&(struct backward){ dx, dw, db, dy, x, NULL, w, add, T, K, N },
	    product);
}

void
linear_gelu_backward(real *du, real *dw, real *db, const real *dy,
    const real *x, const real *u, const real *w, size_t T, size_t K, size_t N,
    struct product *product)
{
	backward(&(struct backward){ du, dw, db, dy, x, u, w, false, T, K, N },
	    product);
}
