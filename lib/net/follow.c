#include "net/follow.h"

#include <omp.h>

#include "base/arena.h"
#include "base/least.h"
#include "layer/linear.h"
#include "layer/linearrows.h"

enum { FEW = 16 }; /* rows of each thread */

/* Maps that are ready. */
struct ready {
	const struct follow *f;
	struct linear_rows out, inner, outer, next;
	size_t rows;
	size_t map; /* bytes that the widest of them needs */
};

/* What a thread holds of a block. */
struct held {
	real *d, *middle; /* [rows,H] */
	real *inside;	  /* [rows,I] */
	real *rstd;	  /* [rows] */
	void *map;
};

static struct held
lay_out(struct arena *a, const struct ready *r)
{
	struct held h;

	h.d = arena_reals(a, r->rows * r->f->H);
	h.middle = arena_reals(a, r->rows * r->f->H);
	h.inside = arena_reals(a, r->rows * r->f->I);
	h.rstd = arena_reals(a, r->rows);
	h.map = arena_take(a, r->map, 1);
	return h;
}

void
follow_layer(struct follow *f, const real *w, const struct layer_offsets *p)
{
	f->out = (struct follow_map){ w + p->out, NULL };
	f->inner = (struct follow_map){ w + p->inner, w + p->inner_bias };
	f->outer = (struct follow_map){ w + p->outer, NULL };
	f->next = (struct follow_map){ NULL, NULL };
	f->out_bias = w + p->out_bias;
	f->outer_bias = w + p->outer_bias;
}

bool
follow_suits(const struct follow *f, struct product *p)
{
	enum product_numbers numbers;

	return f->T >= FEW * (size_t)omp_get_max_threads() &&
	       product_begin(p, f->H, f->H, &numbers);
}

/* A map of what a layer takes it through, K features in and N out. */
static void
plan_map(struct ready *r, struct linear_rows *m, const struct follow_map *of,
    size_t K, size_t N, struct product *p)
{
	linear_rows_plan(m, of->w, of->b, K, N, r->f->T, r->rows, p);
	if (linear_rows_bytes(m) > r->map)
		r->map = linear_rows_bytes(m);
}

static void
plan(struct ready *r, const struct follow *f, struct product *p)
{
	enum product_numbers numbers;
	size_t H = f->H, I = f->I;

	product_begin(p, H, H, &numbers);
	r->f = f;
	r->rows = linear_rows_block(f->T, LINEAR_ROWS);
	plan_map(r, &r->out, &f->out, H, H, p);
	if (linear_rows_adds(&r->out))
		r->out.b = f->out_bias;
	plan_map(r, &r->inner, &f->inner, H, I, p);
	plan_map(r, &r->outer, &f->outer, I, H, p);
	if (linear_rows_adds(&r->outer))
		r->outer.b = f->outer_bias;
	if (f->next.w != NULL)
		plan_map(r, &r->next, &f->next, H, f->next_size, p);
}

/* y [rows,H] = norm(own + x W^T + b), b that of the norm or of the map. */
static void
map_and_norm(const struct ready *r, const struct linear_rows *m, real *y,
    const real *x, const real *own, const real *b, const struct norm *norm,
    size_t rows, const struct held *h)
{
	size_t H = r->f->H;

	if (linear_rows_adds(m)) {
		linear_rows_run(m, h->d, x, own, rows, false, h->map);
		norm_rows(y, h->d, norm, rows, H);
		return;
	}
	linear_rows_run(m, h->d, x, NULL, rows, false, h->map);
	norm_forward(y, y, h->rstd, h->d, b, own, norm, rows, H);
}

static void
follow_block(const struct ready *r, real *y, real *next, const real *read,
    const real *own, size_t rows, char *scratch)
{
	const struct follow *f = r->f;
	struct arena a = arena_in(scratch);
	struct held h = lay_out(&a, r);

	map_and_norm(
	    r, &r->out, h.middle, read, own, f->out_bias, &f->norm1, rows, &h);
	linear_rows_run(&r->inner, h.inside, h.middle, NULL, rows, true, h.map);
	map_and_norm(r, &r->outer, y, h.inside, h.middle, f->outer_bias,
	    &f->norm2, rows, &h);
	if (f->next.w != NULL)
		linear_rows_run(&r->next, next, y, NULL, rows, false, h.map);
}

void
follow_forward(real *y, real *next, const real *read, const real *own,
    const struct follow *f, struct product *p)
{
	struct ready r = { 0 };
	struct arena a = arena_count();
	size_t H = f->H;

	plan(&r, f, p);
	lay_out(&a, &r);
	product_scratch(p, 0, a.used);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t t = 0; t < f->T; t += r.rows)
		follow_block(&r, y + t * H,
		    f->next.w != NULL ? next + t * f->next_size : NULL,
		    read + t * H, own + t * H, least(r.rows, f->T - t),
		    product_own(p));
}

void
follow_map_norm(const struct follow_step *s, size_t T, size_t K, size_t N,
    struct product *p)
{
	if (s->answer && linear_adds(p, N, K)) {
		linear_add_forward(s->d, s->x, s->own, s->w, s->b, T, K, N, p);
		norm_rows(s->y, s->d, s->norm, T, N);
		return;
	}
	linear_kept_forward(s->d, s->x, s->kept, s->w, T, K, N, p);
	norm_forward(s->y, s->xhat, s->rstd, s->d, s->b, s->own, s->norm, T, N);
}
