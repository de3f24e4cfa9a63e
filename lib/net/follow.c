#include "net/follow.h"

#include <omp.h>

#include "base/least.h"
#include "layer/linearrows.h"

enum { FEW = 16, LINE = 64 }; /* rows of each thread, bytes */

/* Maps that are ready, and where a thread's scratch has what. */
struct ready {
	const struct follow *f;
	struct linear_rows out, inner, outer, next;
	size_t rows;
	size_t middle, inside, rstd, maps; /* bytes from its start */
	size_t bytes;
};

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

static size_t
lines(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

static void
plan(struct ready *r, const struct follow *f, struct product *p)
{
	enum product_numbers numbers;
	size_t H = f->H, I = f->I, row, map;

	product_begin(p, H, H, &numbers);
	r->f = f;
	r->rows = linear_rows_block(f->T, numbers);
	linear_rows_plan(&r->out, f->out.w, f->out.b, H, H, f->T, r->rows, p);
	linear_rows_plan(
	    &r->inner, f->inner.w, f->inner.b, H, I, f->T, r->rows, p);
	linear_rows_plan(
	    &r->outer, f->outer.w, f->outer.b, I, H, f->T, r->rows, p);
	map = linear_rows_bytes(&r->out);
	if (linear_rows_bytes(&r->inner) > map)
		map = linear_rows_bytes(&r->inner);
	if (linear_rows_bytes(&r->outer) > map)
		map = linear_rows_bytes(&r->outer);
	if (f->next.w != NULL) {
		linear_rows_plan(&r->next, f->next.w, f->next.b, H,
		    f->next_size, f->T, r->rows, p);
		if (linear_rows_bytes(&r->next) > map)
			map = linear_rows_bytes(&r->next);
	}
	row = lines(r->rows * H * sizeof(real));
	r->middle = row;
	r->inside = 2 * row;
	r->rstd = r->inside + lines(r->rows * I * sizeof(real));
	r->maps = r->rstd + lines(r->rows * sizeof(real));
	r->bytes = r->maps + map;
}

static void
follow_block(const struct ready *r, real *y, real *next, const real *read,
    const real *own, size_t rows, char *scratch)
{
	const struct follow *f = r->f;
	real *d = (void *)scratch, *middle = (void *)(scratch + r->middle);
	real *inside = (void *)(scratch + r->inside);
	real *rstd = (void *)(scratch + r->rstd);
	void *maps = scratch + r->maps;

	linear_rows_run(&r->out, d, read, rows, false, maps);
	norm_forward(
	    middle, middle, rstd, d, f->out_bias, own, &f->norm1, rows, f->H);
	linear_rows_run(&r->inner, inside, middle, rows, true, maps);
	linear_rows_run(&r->outer, d, inside, rows, false, maps);
	norm_forward(
	    y, y, rstd, d, f->outer_bias, middle, &f->norm2, rows, f->H);
	if (f->next.w != NULL)
		linear_rows_run(&r->next, next, y, rows, false, maps);
}

void
follow_forward(real *y, real *next, const real *read, const real *own,
    const struct follow *f, struct product *p)
{
	struct ready r = { 0 };
	size_t H = f->H;

	plan(&r, f, p);
	product_scratch(p, 0, r.bytes);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t t = 0; t < f->T; t += r.rows)
		follow_block(&r, y + t * H,
		    f->next.w != NULL ? next + t * f->next_size : NULL,
		    read + t * H, own + t * H, least(r.rows, f->T - t),
		    product_own(p));
}
