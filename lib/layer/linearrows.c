#include "layer/linearrows.h"

#include <omp.h>

#include "base/least.h"
#include "layer/gelu.h"
#include "layer/quantise.h"

enum {
	MOST = 64,
	FEW = 16,		   /* rows of a block */
	WIDE = 8 * BLOCKED_COLUMNS /* columns whose sums stay in the cache */
};

/* Sums of whole numbers come on top of what float32 and bfloat16 hold. */
size_t
linear_rows_block(size_t T, enum product_numbers numbers)
{
	size_t threads = (size_t)omp_get_max_threads();
	size_t rows = numbers == PRODUCT_INT8 ? MOST / 2 : MOST;

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

static size_t
lines(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

/* The left side, how its rows are read, and sums. */
static size_t
place(const struct linear_rows *m, size_t at[2])
{
	at[0] = lines(m->rows * m->K * product_bytes(m->numbers));
	at[1] = at[0] + lines(m->rows * sizeof(struct quantised_row));
	return at[1] + m->rows * m->wide * sizeof(int32_t);
}

size_t
linear_rows_bytes(const struct linear_rows *m)
{
	size_t at[2];

	return m->numbers == PRODUCT_FLOAT32 ? 0 : lines(place(m, at));
}

static const struct product_plan *
plan_of(const struct linear_rows *m, size_t rows, size_t columns)
{
	return m->plan[rows != product_shape_of(m->plan[0][0])->M]
		      [columns != m->wide];
}

static void
run_int8(const struct linear_rows *m, real *y, const real *x, size_t rows,
    bool gelu, char *scratch)
{
	size_t at[2];
	uint8_t *left = (uint8_t *)scratch;
	struct quantised_row *row;
	int32_t *sums;

	place(m, at);
	row = (void *)(scratch + at[0]);
	sums = (void *)(scratch + at[1]);
	for (size_t r = 0; r < rows; r++)
		row[r] = quantise_row(left + r * m->K, x + r * m->K, m->K);
	for (size_t n = 0, columns; n < m->N; n += columns) {
		columns = least(m->wide, m->N - n);
		product_run(m->p, plan_of(m, rows, columns), sums, left,
		    product_columns(m->w, m->side, m->numbers, n, m->K), NULL);
		for (size_t r = 0; r < rows; r++) {
			real *out = y + r * m->N + n;

			quantise_finish(out, sums + r * columns, row[r],
			    m->scales.scale + n, m->scales.sum + n,
			    m->b != NULL ? m->b + n : NULL, columns);
			if (gelu)
				gelu_forward(out, out, columns);
		}
	}
}

void
linear_rows_run(const struct linear_rows *m, real *y, const real *x,
    size_t rows, bool gelu, void *scratch)
{
	const void *left = x;

	if (m->numbers == PRODUCT_INT8) {
		run_int8(m, y, x, rows, gelu, scratch);
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
