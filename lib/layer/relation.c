#include "layer/relation.h"

#include <math.h>
#include <omp.h>
#include <stdbool.h>

#include "base/least.h"
#include "layer/kernel.h"
#include "layer/small.h"
#include "layer/special.h"

enum { QUERIES = 64 }; /* rows of scores held at a time */

/* What one thread works with: of the student and of the teacher. */
struct scratch {
	real *s, *t;	 /* [QUERIES, ld] */
	real *s_y, *t_y; /* [d, ld] y of a head, transposed */
	size_t ld;
};

static size_t
scratch_size(size_t longest, const struct relation *r)
{
	return (2 * QUERIES + r->student.d + r->teacher.d) * small_row(longest);
}

size_t
relation_scratch(size_t longest, const struct relation *r)
{
	return (size_t)omp_get_max_threads() * scratch_size(longest, r);
}

/*
 * Rows of scores before they are scaled: s becomes its gradient.  Returns the
 * sum of their losses.
 */
static KERNEL double
squares_rows(real *s, const real *t, const double scale[2], size_t R, size_t n,
    size_t ld, double slope)
{
	double sum = 0;

	slope *= 2 * scale[0] / (double)n;
	for (size_t r = 0; r < R; r++, s += ld, t += ld) {
		double row = 0;

#pragma omp simd reduction(+ : row)
		for (size_t j = 0; j < n; j++) {
			double d =
			    scale[0] * (double)s[j] - scale[1] * (double)t[j];

			row += d * d;
			s[j] = (real)(slope * d);
		}
		sum += row / (double)n;
	}
	return sum;
}

static KERNEL_INLINE inline real
largest(const real *x, size_t n)
{
	real max = x[0];

#pragma omp simd reduction(max : max)
	for (size_t j = 0; j < n; j++)
		max = x[j] > max ? x[j] : max;
	return max;
}

/*
 * With a = S - max S, b = T - max T, and A, B the sums of their exponentials:
 * KL = sum(e^b (b - a)) / B + log(A / B).  t is overwritten too.
 */
static KERNEL double
divergence_rows(real *s, real *t, const double scale[2], size_t R, size_t n,
    size_t ld, double slope)
{
	const real cs = (real)scale[0], ct = (real)scale[1];
	double sum = 0;

	for (size_t r = 0; r < R; r++, s += ld, t += ld) {
		real max_s = largest(s, n), max_t = largest(t, n), of_s, of_t;
		double all_s = 0, all_t = 0, along = 0;

#pragma omp simd reduction(+ : all_s, all_t, along)
		for (size_t j = 0; j < n; j++) {
			real a = (s[j] - max_s) * cs, b = (t[j] - max_t) * ct;

			s[j] = special_exp(a);
			t[j] = special_exp(b);
			all_s += (double)s[j];
			all_t += (double)t[j];
			along += (double)t[j] * (double)(b - a);
		}
		sum += along / all_t + log(all_s / all_t);
		of_s = (real)(slope * scale[0] / all_s);
		of_t = (real)(slope * scale[0] / all_t);
#pragma omp simd
		for (size_t j = 0; j < n; j++)
			s[j] = s[j] * of_s - t[j] * of_t;
	}
	return sum;
}

/* One block of rows of one sequence and head. */
struct block {
	size_t row, rows; /* first, and how many */
	size_t first, n;  /* of the sequence */
	size_t head;
};

static void
scores(real *z, const real *y, size_t ld, const struct relation_side *side,
    const struct block *b)
{
	const real *x = side->x + b->row * side->width + b->head * side->d;

	/* Whole registers: what stands beyond the keys is never read. */
	small_product(z, ld, (struct small){ x, side->width, 1 }, y, ld,
	    b->rows, (b->n + 7) / 8 * 8, side->d, false);
}

static void
add_gradients(real *dx, real *dy, const struct relation *r,
    const struct block *b, const struct scratch *k)
{
	const struct relation_side *s = &r->student;
	size_t w = s->width, at = b->head * s->d, ld = k->ld;

	small_product(dx + b->row * w + at, w, (struct small){ k->s, ld, 1 },
	    s->y + b->first * w + at, w, b->rows, s->d, b->n, true);
	small_product(dy + b->first * w + at, w, (struct small){ k->s, 1, ld },
	    s->x + b->row * w + at, w, b->n, s->d, b->rows, true);
}

static double
do_block(real *dx, real *dy, const struct relation *r, const struct block *b,
    const struct scratch *k)
{
	const double scale[2] = { 1 / sqrt((double)r->student.d),
		1 / sqrt((double)r->teacher.d) };
	double loss;

	scores(k->s, k->s_y, k->ld, &r->student, b);
	scores(k->t, k->t_y, k->ld, &r->teacher, b);
	loss = r->kind == RELATION_SQUARES
		   ? squares_rows(
			 k->s, k->t, scale, b->rows, b->n, k->ld, r->scale)
		   : divergence_rows(
			 k->s, k->t, scale, b->rows, b->n, k->ld, r->scale);
	if (dx != NULL)
		add_gradients(dx, dy, r, b, k);
	return loss;
}

static void
transpose_head(real *out, size_t ld, const struct relation_side *side,
    const struct block *b)
{
	small_transpose(out, ld,
	    side->y + b->first * side->width + b->head * side->d, side->width,
	    b->n, side->d);
}

/* Sequence and head number i. */
static double
unit(real *dx, real *dy, const struct relation *r, real *scratch,
    size_t longest, size_t i)
{
	size_t s = i / r->heads;
	struct block b = { .head = i % r->heads,
		.first = r->start[s],
		.n = r->start[s + 1] - r->start[s] };
	size_t ld = small_row(b.n), end = b.first + b.n;
	real *own =
	    scratch + (size_t)omp_get_thread_num() * scratch_size(longest, r);
	struct scratch k = { own, own + QUERIES * ld, own + 2 * QUERIES * ld,
		own + (2 * QUERIES + r->student.d) * ld, ld };
	double loss = 0;

	transpose_head(k.s_y, ld, &r->student, &b);
	transpose_head(k.t_y, ld, &r->teacher, &b);
	for (b.row = b.first; b.row < end; b.row += b.rows) {
		b.rows = least(QUERIES, end - b.row);
		loss += do_block(dx, dy, r, &b, &k);
	}
	return loss;
}

double
relation_backward(real *dx, real *dy, double *part, const struct relation *r,
    real *scratch, size_t longest)
{
	double sum = 0;

#pragma omp parallel for schedule(dynamic, 4)
	for (size_t i = 0; i < r->sequences * r->heads; i++)
		part[i] = unit(dx, dy, r, scratch, longest, i);
	for (size_t i = 0; i < r->sequences * r->heads; i++)
		sum += part[i];
	return r->scale * sum;
}
