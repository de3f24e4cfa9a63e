#include "layer/linearrows.h"

#include <omp.h>

#include "base/arena.h"
#include "base/least.h"
#include "layer/gelu.h"
#include "layer/quantise.h"

enum {
	FEW = 16,		   /* rows of a block */
	WIDE = 8 * BLOCKED_COLUMNS /* columns whose sums stay in the cache */
};

size_t
linear_rows_block(size_t T, size_t most)
{
	size_t threads = (size_t)omp_get_max_threads();
	size_t rows = most;

	while (rows > FEW && T < rows * threads)
		rows /= 2;
	return rows;
}

void
linear_rows_plan(struct linear_rows *m, const real *w, const real *b, size_t K,
    size_t N, size_t T, size_t rows, struct product *p)
{
	struct product_shape s = { .K = K };

	*m = (struct linear_rows){
		.p = p, .b = b, .K = K, .N = N, .rows = rows
	};
	m->numbers = product_numbers_of(p, N, K);
	m->w = product_weights(p, w, N, K, false, &m->side);
	m->wide = N;
	if (m->numbers == PRODUCT_INT8) {
		m->scales = product_scales(p, w, N, K);
		m->wide = least(N, WIDE);
	}
	s.numbers = m->numbers;
	s.side = m->side;
	s.bias = b != NULL && m->numbers != PRODUCT_INT8;
	for (int r = 0; r < 2; r++)
		for (int c = 0; c < 2; c++) {
			s.M = r == 0 ? least(rows, T) : T % rows;
			s.N = c == 0 ? m->wide : m->wide < N ? N % WIDE : 0;
			if (s.N > 0)
				m->plan[r][c] = product_plan(p, &s);
		}
}

/* What a run holds: the left side, how its rows are read, and sums. */
struct held {
	uint8_t *left;
	struct quantised_row *row;
	int32_t *sums;
};

static struct held
lay_out(struct arena *a, const struct linear_rows *m)
{
	struct held h;

	h.left = arena_take(a, m->rows * m->K, product_bytes(m->numbers));
	h.row = arena_take(a, m->rows, sizeof(*h.row));
	h.sums = arena_take(a, m->rows * m->wide, sizeof(*h.sums));
	return h;
}

size_t
linear_rows_bytes(const struct linear_rows *m)
{
	struct arena a = arena_count();

	if (m->numbers != PRODUCT_FLOAT32)
		lay_out(&a, m);
	return a.used;
}

static const struct product_plan *
plan_of(const struct linear_rows *m, size_t rows, size_t columns)
{
	return m->plan[rows != product_shape_of(m->plan[0][0])->M]
		      [columns != m->wide];
}

bool
linear_rows_adds(const struct linear_rows *m)
{
	return m->numbers == PRODUCT_INT8;
}

static void
run_int8(const struct linear_rows *m, real *y, const real *x, const real *add,
    size_t rows, bool gelu, char *scratch)
{
	struct arena a = arena_in(scratch);
	struct held h = lay_out(&a, m);

	for (size_t r = 0; r < rows; r++)
		h.row[r] = quantise_row(h.left + r * m->K, x + r * m->K, m->K);
	for (size_t n = 0, columns; n < m->N; n += columns) {
		columns = least(m->wide, m->N - n);
		product_run(m->p, plan_of(m, rows, columns), h.sums, h.left,
		    product_columns(m->w, m->side, m->numbers, n, m->K), NULL);
		for (size_t r = 0; r < rows; r++) {
			size_t at = r * m->N + n;

			quantise_finish(y + at, h.sums + r * columns, h.row[r],
			    m->scales.scale + n, m->scales.sum + n,
			    m->b != NULL ? m->b + n : NULL,
			    add != NULL ? add + at : NULL, gelu, columns);
		}
	}
}

void
linear_rows_run(const struct linear_rows *m, real *y, const real *x,
    const real *add, size_t rows, bool gelu, void *scratch)
{
	const void *left = x;

	if (m->numbers == PRODUCT_INT8) {
		run_int8(m, y, x, add, rows, gelu, scratch);
		return;
	}
	if (m->numbers == PRODUCT_BF16) {
		product_convert(scratch, x, rows * m->K, m->numbers);
		left = scratch;
	}
	product_run(m->p, plan_of(m, rows, m->N), y, left, m->w, m->b);
	if (gelu)
		gelu_forward(y, y, rows * m->N);
}
