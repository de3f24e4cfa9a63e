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
