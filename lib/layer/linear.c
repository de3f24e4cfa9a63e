#include "layer/linear.h"

#include <omp.h>
#include <string.h>

#include "base/arena.h"
#include "base/least.h"
#include "layer/gelu.h"
#include "layer/linearblocks.h"
#include "layer/linearplain.h"
#include "layer/quantise.h"

enum { FEW = 16, IN_CACHE = 1 << 18 }; /* rows, numbers */

/* Rows of dy as a product takes them: themselves, or converted. */
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
	real *y, *slope; /* NULL where bfloat16 is kept */
	uint16_t *kept_y, *kept_slope;
	const real *x; /* or, NULL, what is kept */
	const uint16_t *kept_x;
	const real *b;
	const real *add; /* of int8, or NULL */
	bool gelu;
	const real *weights;
	const void *w; /* as the product takes them */
	size_t T, K, N;
	struct blocked_scales scales; /* of int8 */
	size_t wide;	  /* columns of a block: N, or where tokens are few a
			     multiple of BLOCKED_COLUMNS */
	const void *left; /* what is multiplied, where blocks share it */
	const struct quantised_row *rows; /* of it */
	struct linear_blocks
	    plans[2]; /* of blocks of these columns, and of the last */
};

/* What a thread holds of a block: left side, its scales, and the product. */
struct held {
	void *left;
	struct quantised_row *rows;
	void *product;
};

static struct held
lay_out(struct arena *a, const struct forward *f, size_t rows)
{
	struct held h;

	h.left = arena_take(a, rows * f->K, product_bytes(f->numbers));
	h.rows = arena_take(a, rows, sizeof(*h.rows));
	h.product = arena_take(a, rows * f->wide, sizeof(int32_t));
	return h;
}

static struct held
held_in(const struct forward *f, size_t rows, char *at)
{
	struct arena a = arena_in(at);

	return lay_out(&a, f, rows);
}

/* Rows of x as the product takes them. */
static const void *
left_of(const struct forward *f, const struct held *h, size_t t, size_t rows)
{
	const real *x = f->x + t * f->K;

	if (f->kept_x != NULL)
		return f->kept_x + t * f->K;
	if (f->numbers == PRODUCT_FLOAT32)
		return x;
	if (f->numbers == PRODUCT_BF16)
		product_convert(h->left, x, rows * f->K, f->numbers);
	else
		for (size_t r = 0; r < rows; r++)
			h->rows[r] = quantise_row(
			    (uint8_t *)h->left + r * f->K, x + r * f->K, f->K);
	return h->left;
}

/* From a block's product to rows of y. */
static void
finish_row(const struct forward *f, const struct quantised_row *row,
    const void *product, size_t t, size_t n, size_t columns)
{
	size_t at = t * f->N + n;
	real *out = f->y + at;

	if (f->kept_y != NULL) {
		gelu_slope_bf16(
		    f->kept_y + at, f->kept_slope + at, product, columns);
		return;
	}
	if (f->numbers == PRODUCT_INT8) {
		quantise_finish(out, product, *row, f->scales.scale + n,
		    f->scales.sum + n, f->b != NULL ? f->b + n : NULL,
		    f->add != NULL ? f->add + at : NULL, f->gelu, columns);
		return;
	}
	if (product != out)
		memcpy(out, product, columns * sizeof(*out));
	if (f->slope != NULL)
		gelu_slope(out, f->slope + at, out, columns);
	else if (f->gelu)
		gelu_forward(out, out, columns);
}

static void
forward_product(const struct forward *f, size_t i, size_t n)
{
	const struct linear_blocks *plans = &f->plans[n + f->wide > f->N];
	size_t t, columns = least(f->wide, f->N - n);
	const struct product_plan *plan = linear_blocks_at(plans, i, &t);
	size_t rows = product_shape_of(plan)->M;
	struct held h = held_in(f, plans->rows, product_own(f->p));
	const struct quantised_row *row = f->left != NULL ? f->rows : h.rows;
	bool direct =
	    f->numbers != PRODUCT_INT8 && f->wide == f->N && f->kept_y == NULL;
	real *out = f->y + t * f->N;
	char *c = direct ? (void *)out : h.product;

	product_run(f->p, plan, c,
	    f->left != NULL ? f->left : left_of(f, &h, t, rows),
	    product_columns(f->w, f->side, f->numbers, n, f->K),
	    f->b != NULL ? f->b + n : NULL);
	for (size_t r = 0; r < rows && (!direct || f->gelu); r++)
		finish_row(f, &row[r], c + r * columns * sizeof(*out), t + r, n,
		    columns);
}

/* Blocks of rows; of columns, too, where there are too few rows. */
static void
forward_plan(struct forward *f, size_t T)
{
	struct product_shape s = { .numbers = f->numbers,
		.side = f->side,
		.bias = f->b != NULL && f->numbers != PRODUCT_INT8,
		.K = f->K };
	size_t threads = (size_t)omp_get_max_threads(), rows;

	f->wide = f->N;
	if (T < 16 * threads) {
		f->wide = (f->N + threads - 1) / threads;
		f->wide = (f->wide + BLOCKED_COLUMNS - 1) / BLOCKED_COLUMNS *
			  BLOCKED_COLUMNS;
		f->wide = least(f->wide, f->N);
	}
	rows = f->wide < f->N ? T : linear_blocks_rows(T, f->numbers);
	while (f->kept_y != NULL && rows > FEW && rows * f->wide > IN_CACHE)
		rows /= 2;
	s.N = f->wide;
	f->plans[0] = linear_blocks_plan(f->p, s, T, rows);
	s.N = f->N % f->wide;
	f->plans[1] =
	    s.N > 0 ? linear_blocks_plan(f->p, s, T, rows) : f->plans[0];
}

/* One left side for all blocks of columns. */
static void
share_left(struct forward *f, char *all)
{
	struct held h = held_in(f, f->T, all);

	f->left = left_of(f, &h, 0, f->T);
	f->rows = h.rows;
}

static void
forward(struct forward *f)
{
	size_t N = f->N, blocks;
	struct arena a = arena_count();
	char *all;

	f->w = product_weights(f->p, f->weights, N, f->K, false, &f->side);
	if (f->numbers == PRODUCT_INT8)
		f->scales = product_scales(f->p, f->weights, N, f->K);
	forward_plan(f, f->T);
	blocks = linear_blocks_count(&f->plans[0]);
	lay_out(&a, f, f->plans[0].rows);
	all = product_scratch(f->p, f->wide < N ? a.used : 0, a.used);
	if (f->wide < N)
		share_left(f, all);
#pragma omp parallel for schedule(dynamic, 1) collapse(2)
	for (size_t i = 0; i < blocks; i++)
		for (size_t n = 0; n < N; n += f->wide)
			forward_product(f, i, n);
}

static struct forward
map_of(const real *w, const real *b, size_t T, size_t K, size_t N,
    struct product *product)
{
	return (struct forward){
		.p = product, .weights = w, .b = b, .T = T, .K = K, .N = N
	};
}

void
linear_forward(real *y, const real *x, const real *w, const real *b, size_t T,
    size_t K, size_t N, struct product *product)
{
	struct forward f = map_of(w, b, T, K, N, product);

	f.y = y;
	f.x = x;
	if (product_begin(product, N, K, &f.numbers))
		forward(&f);
	else
		linear_plain_forward(y, false, NULL, x, w, b, T, K, N);
}

void
linear_add_forward(real *y, const real *x, const real *add, const real *w,
    const real *b, size_t T, size_t K, size_t N, struct product *product)
{
	struct forward f = map_of(w, b, T, K, N, product);

	f.y = y;
	f.x = x;
	f.add = add;
	if (product_begin(product, N, K, &f.numbers))
		forward(&f);
}

void
linear_gelu_forward(void *y, void *slope, enum product_numbers kept,
    const real *x, const real *w, const real *b, size_t T, size_t K, size_t N,
    struct product *product)
{
	struct forward f = map_of(w, b, T, K, N, product);

	f.x = x;
	f.gelu = true;
	if (kept == PRODUCT_BF16) {
		f.kept_y = y;
		f.kept_slope = slope;
	} else {
		f.y = y;
		f.slope = slope;
	}
	if (product_begin(product, N, K, &f.numbers))
		forward(&f);
	else
		linear_plain_forward(y, true, slope, x, w, b, T, K, N);
}

void
linear_kept_forward(real *y, const void *x, enum product_numbers kept,
    const real *w, size_t T, size_t K, size_t N, struct product *product)
{
	struct forward f = map_of(w, NULL, T, K, N, product);

	f.y = y;
	f.kept_x = x;
	if (kept == PRODUCT_FLOAT32)
		linear_forward(y, x, w, NULL, T, K, N, product);
	else if (product_begin(product, N, K, &f.numbers))
		forward(&f);
}

/*
 * dW = dy^T x runs over slices of dy's columns, each a matrix of its own, and
 * over pieces of the tokens, in their order.  The tokens are filled up with
 * zeros to a multiple of FILL, in bfloat16 of ROWS, so that few lengths of sums
 * are met.
 */
enum { PIECE = 512, FILL = 64, SLICE = 96, WIDE_SLICE = 192, ROWS = 32 };

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
	size_t rest_row; /* its bytes for a token */
	uint16_t *left;	 /* [T,N] dy in bfloat16, or NULL */
	/* plans of whole slices and of the last: pieces, the last piece of x
	   itself, the piece filled up */
	const struct product_plan *piece[2], *last[2], *fill[2];
	const void *w;
	struct linear_blocks inputs;
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

/* Copy ROWS tokens of dy into the slices, zeros after the last. */
static void
fill_slices(const struct gradient *g, size_t t)
{
	const struct linear_pass *a = g->a;
	size_t deep, from = piece_of(g, t, &deep);
	size_t down = t < a->T ? a->T - t : 0, each = product_bytes(g->numbers);

	if (g->left != NULL && down > 0)
		blocked_round(g->left + t * a->N, a->dy + t * a->N,
		    least(ROWS, down) * a->N);
	for (size_t n = 0; n < a->N; n += g->out.size) {
		size_t wide = least(g->out.size, a->N - n);
		char *to = g->slices + (n * g->filled + from * wide) * each;

		if (g->left != NULL) {
			blocked_turn((uint16_t *)(void *)to + t - from, deep,
			    g->left + least(t, a->T - 1) * a->N + n, a->N, down,
			    wide);
			continue;
		}
		to += (t - from) * wide * each;
		for (size_t r = 0; r < ROWS; r++, to += wide * each)
			if (r < down)
				memcpy(to, a->dy + (t + r) * a->N + n,
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
	if (a->kept == PRODUCT_BF16) {
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
		linear_column_sums(a->db + n, a->dy + n, a->T, wide, a->N);
}

static void
input_rows(const struct gradient *g, size_t i)
{
	const struct linear_pass *a = g->a;
	size_t t, rows;
	const struct product_plan *plan = linear_blocks_at(&g->inputs, i, &t);
	const void *left = g->left;

	rows = product_shape_of(plan)->M;
	if (left != NULL)
		left = g->left + t * a->N;
	else
		left =
		    left_side(g->p, g->numbers, a->dy + t * a->N, rows * a->N);
	product_run(g->p, plan, a->dx + t * a->K, left, g->w, NULL);
	linear_through_gelu(a, t, rows, 0, a->K);
}

static void
plan_inputs(struct gradient *g)
{
	struct product_shape s = { .numbers = g->numbers,
		.add = g->a->add,
		.N = g->a->K,
		.K = g->a->N };

	size_t rows = linear_blocks_rows(g->a->T, g->numbers);

	if (g->a->dx == NULL)
		return;
	g->w = product_weights(g->p, g->a->w, g->a->N, g->a->K, true, &s.side);
	g->inputs = linear_blocks_plan(g->p, s, g->a->T, rows);
}

static void
lay_out_gradient(struct arena *all, struct gradient *g)
{
	const struct linear_pass *a = g->a;

	g->slices =
	    arena_take(all, g->filled * a->N, product_bytes(g->numbers));
	g->rest = arena_take(all, g->filled - g->direct, g->rest_row);
	g->left = NULL;
	if (g->numbers == PRODUCT_BF16 && a->dw != NULL)
		g->left = arena_take(all, a->T * a->N, sizeof(*g->left));
}

static void
plan_scratch(struct gradient *g)
{
	struct arena all = arena_count();

	lay_out_gradient(&all, g);
	all = arena_in(product_scratch(
	    g->p, all.used, left_bytes(g->numbers, g->inputs.rows * g->a->N)));
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
	inputs = a->dx != NULL ? linear_blocks_count(&g.inputs) : 0;
	if (a->dw != NULL)
#pragma omp parallel for schedule(static)
		for (size_t t = 0; t < g.filled; t += ROWS) {
			fill_slices(&g, t);
			fill_rest(&g, t);
		}
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < inputs + weights; i++)
		if (i < weights)
			slice_product(&g, i);
		else
			input_rows(&g, i - weights);
}

void
linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product)
{
	backward(&(struct linear_pass){ dx, dw, db, dy, w, x, NULL,
		     PRODUCT_FLOAT32, add, T, K, N },
	    product);
}

void
linear_gelu_backward(real *du, real *dw, real *db, const real *dy,
    const void *x, const void *slope, enum product_numbers kept, const real *w,
    size_t T, size_t K, size_t N, struct product *product)
{
	backward(&(struct linear_pass){ du, dw, db, dy, w, x, slope, kept,
		     false, T, K, N },
	    product);
}
