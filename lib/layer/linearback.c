#include "layer/linear.h"

#include <string.h>

#include "base/arena.h"
#include "base/least.h"
#include "layer/gelu.h"
#include "layer/linearblocks.h"
#include "layer/linearplain.h"

/*
 * dW = dy^T x runs over slices of dy's columns, each a matrix of its own, and
 * over pieces of the tokens, in their order.  The tokens are filled up with
 * zeros to a multiple of FILL, in bfloat16 of ROWS, so that few lengths of sums
 * are met.
 */
enum {
	PIECE = 512,
	FILL = 64,
	SLICE = 96,
	WIDE_SLICE = 192,
	ROWS = 32,
	ACROSS = 512 /* columns of a block whose product stays in the cache */
};

struct gradient {
	const struct linear_pass *a;
	struct product *p;
	enum product_numbers numbers;
	struct cut out;
	size_t filled; /* tokens with the zeros */
	size_t
	    direct;   /* of x, that stand in memory as the product wants them */
	char *slices; /* [N / out.size] [filled, out.size] */
	char *rest;   /* x from token `direct` on */
	size_t rest_row;    /* its bytes for a token */
	uint16_t *own_left; /* [T,N] dy rounded, or NULL: it is kept so */
	const void *left;   /* [T,N] dy as products take it */
	/* plans of whole slices and of the last: pieces, the last piece of x
	   itself, the piece filled up */
	const struct product_plan *piece[2], *last[2], *fill[2];
	const void *w;
	enum product_side side;
	size_t wide;			/* columns of inputs at a time */
	struct linear_blocks inputs[2]; /* of so many, and of the last */
};

static size_t
slice_size(size_t N)
{
	return N < 4 * WIDE_SLICE ? SLICE : WIDE_SLICE;
}

static void
plan_slices(struct gradient *g)
{
	bool blocked = g->numbers == PRODUCT_BF16;
	struct product_shape s = { .numbers = g->numbers,
		.side = blocked ? PRODUCT_PACKED : PRODUCT_PLAIN,
		.turned = !blocked,
		.add = true,
		.N = g->a->K };
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

/* Where a piece begins that token t is in, and its length. */
static size_t
piece_of(const struct gradient *g, size_t t, size_t *deep)
{
	size_t from = t < g->direct ? 0 : g->direct;
	size_t end = t < g->direct ? g->direct : g->filled;

	from += (t - from) / PIECE * PIECE;
	*deep = least(PIECE, end - from);
	return from;
}

/* ROWS tokens of dy as products take them. */
static void
round_left(const struct gradient *g, size_t t)
{
	const struct linear_pass *a = g->a;

	if (g->own_left != NULL && t < a->T)
		blocked_round(g->own_left + t * a->N,
		    (const real *)a->dy + t * a->N,
		    least(ROWS, a->T - t) * a->N);
}

/* Copy ROWS tokens of dy into the slices, zeros after the last. */
static void
fill_slices(const struct gradient *g, size_t t)
{
	const struct linear_pass *a = g->a;
	size_t deep, from = piece_of(g, t, &deep);
	size_t down = t < a->T ? a->T - t : 0, each = product_bytes(g->numbers);

	for (size_t n = 0; n < a->N; n += g->out.size) {
		size_t wide = least(g->out.size, a->N - n);
		char *to = g->slices + (n * g->filled + from * wide) * each;

		if (g->numbers == PRODUCT_BF16) {
			blocked_turn((uint16_t *)(void *)to + t - from, deep,
			    (const uint16_t *)g->left +
				least(t, a->T - 1) * a->N + n,
			    a->N, down, wide);
			continue;
		}
		to += (t - from) * wide * each;
		for (size_t r = 0; r < ROWS; r++, to += wide * each)
			if (r < down)
				memcpy(to,
				    (const real *)g->left + (t + r) * a->N + n,
				    wide * each);
			else
				memset(to, 0, wide * each);
	}
}

/* The same for what a product cannot take of x itself. */
static void
fill_rest(const struct gradient *g, size_t t)
{
	const struct linear_pass *a = g->a;
	size_t deep, from = piece_of(g, t, &deep);
	size_t down = t < a->T ? least(ROWS, a->T - t) : 0;
	size_t row = a->K * sizeof(real);
	char *to;

	if (t < g->direct)
		return;
	to = g->rest + (from - g->direct) * g->rest_row;
	if (a->x_kept == PRODUCT_BF16) {
		blocked_join_rows(to, (const uint16_t *)a->x + from * a->K,
		    least(deep, a->T - from), deep, a->K, t - from);
		return;
	}
	if (g->numbers == PRODUCT_BF16) {
		blocked_fill_rows(to, (const real *)a->x + from * a->K,
		    least(deep, a->T - from), deep, a->K, t - from);
		return;
	}
	to += (t - from) * row;
	if (down > 0)
		memcpy(to, (const real *)a->x + t * a->K, down * row);
	memset(to + down * row, 0, (ROWS - down) * row);
}

/* One slice of dW, piece after piece. */
static void
slice_product(const struct gradient *g, size_t i)
{
	const struct linear_pass *a = g->a;
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
		    direct ? (const real *)a->x + t * a->K
			   : (const void *)(g->rest +
					    (t - g->direct) * g->rest_row),
		    NULL);
		t += deep;
	}
	if (a->db != NULL)
		linear_column_sums(a->db + n,
		    (const char *)a->dy + n * product_bytes(a->dy_kept),
		    a->dy_kept, a->T, wide, a->N);
}

/* Block i of inputs, of which gelu's slopes are taken and du kept, through
   columns that stay in the cache. */
static void
kept_input_rows(const struct gradient *g, size_t i)
{
	const struct linear_pass *a = g->a;
	real *product = product_own(g->p);
	size_t t;

	for (size_t k = 0; k < a->K; k += g->wide) {
		size_t columns = least(g->wide, a->K - k);
		const struct product_plan *plan =
		    linear_blocks_at(&g->inputs[k + g->wide > a->K], i, &t);
		size_t rows = product_shape_of(plan)->M;

		product_run(g->p, plan, product,
		    (const uint16_t *)g->left + t * a->N,
		    product_columns(g->w, g->side, g->numbers, k, a->N), NULL);
		for (size_t r = 0; r < rows; r++) {
			size_t at = (t + r) * a->K + k;

			gelu_backward_bf16((uint16_t *)a->dx + at,
			    product + r * columns,
			    (const uint16_t *)a->slope + at, columns);
		}
	}
}

static void
input_rows(const struct gradient *g, size_t i)
{
	const struct linear_pass *a = g->a;
	const struct product_plan *plan;
	size_t t, rows;

	if (a->dx_kept == PRODUCT_BF16) {
		kept_input_rows(g, i);
		return;
	}
	plan = linear_blocks_at(&g->inputs[0], i, &t);
	rows = product_shape_of(plan)->M;
	product_run(g->p, plan, (real *)a->dx + t * a->K,
	    (const char *)g->left + t * a->N * product_bytes(g->numbers), g->w,
	    NULL);
	linear_through_gelu(a, t, rows, 0, a->K);
}

static void
plan_inputs(struct gradient *g)
{
	const struct linear_pass *a = g->a;
	struct product_shape s = {
		.numbers = g->numbers, .add = a->add, .K = a->N
	};
	size_t rows = linear_blocks_rows(a->T, g->numbers);

	if (a->dx == NULL)
		return;
	g->w = product_weights(g->p, a->w, a->N, a->K, true, &g->side);
	s.side = g->side;
	g->wide = a->dx_kept == PRODUCT_BF16 ? least(a->K, ACROSS) : a->K;
	s.N = g->wide;
	g->inputs[0] = linear_blocks_plan(g->p, s, a->T, rows);
	s.N = a->K % g->wide;
	if (s.N > 0)
		g->inputs[1] = linear_blocks_plan(g->p, s, a->T, rows);
}

static void
lay_out_gradient(struct arena *all, struct gradient *g)
{
	const struct linear_pass *a = g->a;

	if (a->dw != NULL) {
		g->slices = arena_take(
		    all, g->filled * a->N, product_bytes(g->numbers));
		g->rest = arena_take(all, g->filled - g->direct, g->rest_row);
	}
	if (g->numbers != a->dy_kept)
		g->own_left =
		    arena_take(all, a->T * a->N, sizeof(*g->own_left));
	g->left = g->own_left != NULL ? g->own_left : a->dy;
}

static void
plan_scratch(struct gradient *g)
{
	struct arena all = arena_count();
	size_t own = g->a->dx_kept == PRODUCT_BF16
			 ? g->inputs[0].rows * g->wide * sizeof(real)
			 : 0;

	lay_out_gradient(&all, g);
	all = arena_in(product_scratch(g->p, all.used, own));
	lay_out_gradient(&all, g);
}

static void
backward(const struct linear_pass *a, struct product *product)
{
	struct gradient g = { .a = a, .p = product };
	size_t inputs, weights, fill;

	if (!product_begin(product, a->N, a->K, &g.numbers)) {
		linear_plain_backward(a);
		return;
	}
	g.out = linear_cut(a->N, slice_size(a->N));
	fill = g.numbers == PRODUCT_BF16 ? ROWS : FILL;
	g.filled = (a->T + fill - 1) / fill * fill;
	g.direct = g.numbers == PRODUCT_FLOAT32 ? a->T / FILL * FILL : 0;
	g.rest_row =
	    g.numbers == PRODUCT_BF16 ? blocked_row(a->K) : a->K * sizeof(real);
	plan_slices(&g);
	plan_inputs(&g);
	plan_scratch(&g);
	weights = a->dw != NULL || a->db != NULL ? g.out.count : 0;
	inputs = a->dx != NULL ? linear_blocks_count(&g.inputs[0]) : 0;
#pragma omp parallel for schedule(static)
	for (size_t t = 0; t < g.filled; t += ROWS) {
		round_left(&g, t);
		if (a->dw != NULL) {
			fill_slices(&g, t);
			fill_rest(&g, t);
		}
	}
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < inputs + weights; i++)
		if (i < weights)
			slice_product(&g, i);
		else
			input_rows(&g, i - weights);
}

static struct linear_pass
pass_of(void *dx, real *dw, real *db, const void *dy, const void *x,
    const real *w, size_t T, size_t K, size_t N)
{
	return (struct linear_pass){ .dx = dx,
		.dw = dw,
		.db = db,
		.dy = dy,
		.x = x,
		.w = w,
		.T = T,
		.K = K,
		.N = N };
}

void
linear_kept_backward(real *dx, bool add, real *dw, real *db, const void *dy,
    enum product_numbers dy_kept, const void *x, enum product_numbers x_kept,
    const real *w, size_t T, size_t K, size_t N, struct product *product)
{
	struct linear_pass a = pass_of(dx, dw, db, dy, x, w, T, K, N);

	a.add = add;
	a.dy_kept = dy_kept;
	a.x_kept = x_kept;
	backward(&a, product);
}

void
linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product)
{
	linear_kept_backward(dx, add, dw, db, dy, PRODUCT_FLOAT32, x,
	    PRODUCT_FLOAT32, w, T, K, N, product);
}

void
linear_gelu_backward(void *du, real *dw, real *db, const real *dy,
    const void *x, const void *slope, enum product_numbers kept, const real *w,
    size_t T, size_t K, size_t N, struct product *product)
{
	struct linear_pass a = pass_of(du, dw, db, dy, x, w, T, K, N);

	a.slope = slope;
	a.dx_kept = a.x_kept = kept;
	backward(&a, product);
}
