#include "layer/small.h"

#include <stdint.h>
#include <string.h>

#include "layer/kernel.h"

/* Numbers that the compiler keeps in one register, or a few. */
enum { WIDTH = 8, ROWS = 6 };

typedef real lanes __attribute__((vector_size(WIDTH * sizeof(real))));
#ifdef REAL_DOUBLE
typedef int64_t places __attribute__((vector_size(WIDTH * sizeof(real))));
#else
typedef int32_t places __attribute__((vector_size(WIDTH * sizeof(real))));
#endif

/*
 * One tile of c: rows and vectors are constants where this is inlined, so
 * that the sums stay in registers: 12 of 16 for 6 rows of 2.
 */
static inline KERNEL_INLINE void
tile(real *c, size_t ldc, const struct small *a, const real *b, size_t ldb,
    size_t K, bool add, const size_t rows, const size_t vectors)
{
	lanes sum[ROWS][2];

	for (size_t i = 0; i < rows; i++)
		for (size_t v = 0; v < vectors; v++)
			sum[i][v] = (lanes){ 0 };
	for (size_t k = 0; k < K; k++) {
		const real *p = a->at + k * a->column;
		lanes x[2];

		for (size_t v = 0; v < vectors; v++)
			memcpy(&x[v], b + k * ldb + v * WIDTH, sizeof(x[v]));
		for (size_t i = 0; i < rows; i++)
			for (size_t v = 0; v < vectors; v++)
				sum[i][v] += p[i * a->row] * x[v];
	}
	for (size_t i = 0; i < rows; i++)
		for (size_t v = 0; v < vectors; v++) {
			real *to = c + i * ldc + v * WIDTH;
			lanes old;

			if (add) {
				memcpy(&old, to, sizeof(old));
				sum[i][v] += old;
			}
			memcpy(to, &sum[i][v], sizeof(sum[i][v]));
		}
}

static inline KERNEL_INLINE void
strip(real *c, size_t ldc, struct small a, const real *b, size_t ldb, size_t M,
    size_t K, bool add, const size_t vectors)
{
	for (; M >= ROWS; M -= ROWS) {
		tile(c, ldc, &a, b, ldb, K, add, ROWS, vectors);
		a.at += ROWS * a.row;
		c += ROWS * ldc;
	}
	switch (M) {
	case 5:
		tile(c, ldc, &a, b, ldb, K, add, 5, vectors);
		break;
	case 4:
		tile(c, ldc, &a, b, ldb, K, add, 4, vectors);
		break;
	case 3:
		tile(c, ldc, &a, b, ldb, K, add, 3, vectors);
		break;
	case 2:
		tile(c, ldc, &a, b, ldb, K, add, 2, vectors);
		break;
	case 1:
		tile(c, ldc, &a, b, ldb, K, add, 1, vectors);
		break;
	}
}

/* The columns that fill no register, one by one. */
static void
column(real *c, size_t ldc, const struct small *a, const real *b, size_t ldb,
    size_t M, size_t K, bool add)
{
	for (size_t i = 0; i < M; i++) {
		real sum = 0;

		for (size_t k = 0; k < K; k++)
			sum += a->at[i * a->row + k * a->column] * b[k * ldb];
		c[i * ldc] = add ? c[i * ldc] + sum : sum;
	}
}

KERNEL void
small_product(real *c, size_t ldc, struct small a, const real *b, size_t ldb,
    size_t M, size_t N, size_t K, bool add)
{
	size_t n = 0;

	for (; n + 2 * WIDTH <= N; n += 2 * WIDTH)
		strip(c + n, ldc, a, b + n, ldb, M, K, add, 2);
	for (; n + WIDTH <= N; n += WIDTH)
		strip(c + n, ldc, a, b + n, ldb, M, K, add, 1);
	for (; n < N; n++)
		column(c + n, ldc, &a, b + n, ldb, M, K, add);
}

/*
 * Two halves shuffled like a deck of cards.  gcc has clang's way to say so from
 * 12 on.
 */
static inline KERNEL_INLINE void
deal(lanes *first, lanes *second, const lanes *a, const lanes *b)
{
#if defined(__clang__) || __GNUC__ >= 12
	*first = __builtin_shufflevector(*a, *b, 0, 8, 1, 9, 2, 10, 3, 11);
	*second = __builtin_shufflevector(*a, *b, 4, 12, 5, 13, 6, 14, 7, 15);
#else
	const places at = { 0, 8, 1, 9, 2, 10, 3, 11 };

	*first = __builtin_shuffle(*a, *b, at);
	*second = __builtin_shuffle(*a, *b, at + 4);
#endif
}

/*
 * One square of WIDTH rows, in registers: three rounds in which row i and row
 * i + 4 are shuffled together like two halves of a deck of cards.
 */
static inline KERNEL_INLINE void
turn_square(real *out, size_t ldout, const real *x, size_t ldx)
{
	lanes row[WIDTH], next[WIDTH];

	for (size_t i = 0; i < WIDTH; i++)
		memcpy(&row[i], x + i * ldx, sizeof(row[i]));
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < WIDTH / 2; i++) {
			deal(&next[2 * i], &next[2 * i + 1], &row[i],
			    &row[i + WIDTH / 2]);
		}
		memcpy(row, next, sizeof(row));
	}
	for (size_t i = 0; i < WIDTH; i++)
		memcpy(out + i * ldout, &row[i], sizeof(row[i]));
}

/* The rows that fill no square are turned along with some before them. */
KERNEL void
small_transpose(
    real *out, size_t ldout, const real *x, size_t ldx, size_t M, size_t N)
{
	for (size_t m = 0; M >= WIDTH && m < M; m += WIDTH) {
		size_t n = 0;

		m = m + WIDTH <= M ? m : M - WIDTH;
		for (; n + WIDTH <= N; n += WIDTH)
			turn_square(
			    out + n * ldout + m, ldout, x + m * ldx + n, ldx);
		for (; n < N; n++)
			for (size_t i = m; i < m + WIDTH; i++)
				out[n * ldout + i] = x[i * ldx + n];
	}
	for (size_t m = 0; M < WIDTH && m < M; m++)
		for (size_t n = 0; n < N; n++)
			out[n * ldout + m] = x[m * ldx + n];
}
