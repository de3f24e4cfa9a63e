#include "layer/blocked.h"

#include <string.h>

#include "base/least.h"
#include "layer/kernel.h"
#include "layer/quantise.h"

enum {
	GROUPS = 16, /* of which the rows are a multiple */
	SIDE = 16    /* of a tile: lines, and pairs in a line */
};

size_t
blocked_group(enum product_numbers numbers)
{
	return sizeof(uint32_t) / product_bytes(numbers);
}

size_t
blocked_depth(size_t K, enum product_numbers numbers)
{
	size_t unit = GROUPS * blocked_group(numbers);

	return (K + unit - 1) / unit * unit;
}

size_t
blocked_column(size_t n, size_t K, enum product_numbers numbers)
{
	return n * blocked_depth(K, numbers) * product_bytes(numbers);
}

static size_t
columns_of(size_t N)
{
	return (N + BLOCKED_COLUMNS - 1) / BLOCKED_COLUMNS * BLOCKED_COLUMNS;
}

size_t
blocked_bytes(size_t K, size_t N, enum product_numbers numbers)
{
	size_t scales = numbers == PRODUCT_INT8 ? 2 * sizeof(float) : 0;

	return blocked_column(columns_of(N), K, numbers) +
	       scales * columns_of(N);
}

struct blocked_scales
blocked_scales(const void *blocked, size_t K, size_t N)
{
	const char *end = (const char *)blocked +
			  blocked_column(columns_of(N), K, PRODUCT_INT8);
	const float *scale = (const float *)(const void *)end;

	return (struct blocked_scales){ scale, scale + columns_of(N) };
}

/* In words of 32 bits, which are groups. */
void
blocked_copy(void *to, size_t n, const void *from, size_t N, size_t K,
    enum product_numbers numbers)
{
	size_t words = blocked_depth(K, numbers) / blocked_group(numbers);
	const uint32_t *source = from;
	uint32_t *target = to;

	for (size_t i = 0; i < N; i++) {
		size_t a = i / BLOCKED_COLUMNS * words * BLOCKED_COLUMNS +
			   i % BLOCKED_COLUMNS;
		size_t b = (n + i) / BLOCKED_COLUMNS * words * BLOCKED_COLUMNS +
			   (n + i) % BLOCKED_COLUMNS;

		for (size_t k = 0; k < words * BLOCKED_COLUMNS;
		     k += BLOCKED_COLUMNS)
			target[b + k] = source[a + k];
	}
}

KERNEL void
blocked_round(uint16_t *to, const real *x, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		to[i] = number_round(x[i]);
}

#ifndef REAL_DOUBLE

/*
 * Tiles of 16 lines of 16 pairs, a pair being two neighbours of the sum in 32
 * bits, the first in the low half.
 */
typedef uint32_t pairs __attribute__((vector_size(SIDE * sizeof(uint32_t))));
typedef uint16_t halves __attribute__((vector_size(SIDE * sizeof(uint16_t))));

/* To nearest, ties to even, in the upper half; NaNs of the CPU's stay NaNs. */
static inline KERNEL_INLINE void
pair_up(pairs *out, const pairs *low, const pairs *high)
{
	pairs l = *low + 0x7fff + (*low >> 16 & 1);
	pairs h = *high + 0x7fff + (*high >> 16 & 1);

	*out = l >> 16 | (h & 0xffff0000);
}

/*
 * Two halves shuffled like a deck of cards.  gcc has clang's way to say so from
 * 12 on.
 */
#if defined(__clang__) || __GNUC__ >= 12
static inline KERNEL_INLINE void
deal(pairs *first, pairs *second, const pairs *a, const pairs *b)
{
	*first = __builtin_shufflevector(
	    *a, *b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
	*second = __builtin_shufflevector(*a, *b, 8, 24, 9, 25, 10, 26, 11, 27,
	    12, 28, 13, 29, 14, 30, 15, 31);
}
#else
static inline KERNEL_INLINE void
deal(pairs *first, pairs *second, const pairs *a, const pairs *b)
{
	const pairs at = { 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
		23 };

	*first = __builtin_shuffle(*a, *b, at);
	*second = __builtin_shuffle(*a, *b, at + 8);
}
#endif

/* Pairs of 16 numbers of one row with those of the next. */
static inline KERNEL_INLINE void
across_rows(pairs *out, const float *x, size_t ld)
{
	pairs a, b;

	memcpy(&a, x, sizeof(a));
	memcpy(&b, x + ld, sizeof(b));
	pair_up(out, &a, &b);
}

/*
 * A tile's rows become its columns: four rounds in which row i and row i + 8
 * are shuffled together like two halves of a deck of cards.
 */
static inline KERNEL_INLINE void
turn(pairs row[SIDE])
{
	pairs next[SIDE];

	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < SIDE / 2; i++) {
			deal(&next[2 * i], &next[2 * i + 1], &row[i],
			    &row[i + SIDE / 2]);
		}
		memcpy(row, next, sizeof(next));
	}
}

/* What is there of 32 rows of 16 numbers of so many bytes; the rest is 0. */
static void
fill_edge(void *edge, const void *x, size_t ld, size_t down, size_t across,
    size_t each)
{
	memset(edge, 0, 2 * SIDE * SIDE * each);
	for (size_t i = 0; i < least(down, 2 * SIDE); i++)
		memcpy((char *)edge + i * SIDE * each,
		    (const char *)x + i * ld * each,
		    least(across, SIDE) * each);
}

/*
 * One tile of numbers from x on, in 32 rows of 16, ld apart, whose pairs run
 * down.  What lies beyond `down` rows and `across` columns is 0.
 */
static KERNEL void
tile(uint32_t *out, const float *x, size_t ld, size_t down, size_t across)
{
	float edge[2 * SIDE * SIDE];

	if (down < 2 * SIDE || across < SIDE) {
		fill_edge(edge, x, ld, down, across, sizeof(*edge));
		x = edge;
		ld = SIDE;
	}
	for (size_t i = 0; i < SIDE; i++) {
		pairs row;

		across_rows(&row, x + 2 * i * ld, ld);
		memcpy(out + i * BLOCKED_COLUMNS, &row, sizeof(row));
	}
}

/* The same of numbers that are rounded, and turned: `across` rows of out. */
static KERNEL void
turn_tile(uint16_t *out, size_t ldout, const uint16_t *x, size_t ld,
    size_t down, size_t across)
{
	uint16_t edge[2 * SIDE * SIDE];
	pairs row[SIDE];

	if (down < 2 * SIDE || across < SIDE) {
		fill_edge(edge, x, ld, down, across, sizeof(*edge));
		x = edge;
		ld = SIDE;
	}
	for (size_t i = 0; i < SIDE; i++) {
		halves low, high;

		memcpy(&low, x + 2 * i * ld, sizeof(low));
		memcpy(&high, x + (2 * i + 1) * ld, sizeof(high));
		row[i] = __builtin_convertvector(low, pairs) |
			 __builtin_convertvector(high, pairs) << 16;
	}
	turn(row);
	for (size_t i = 0; i < least(across, SIDE); i++)
		memcpy(out + i * ldout, &row[i], sizeof(row[i]));
}

/* The block of columns from n on, of W: rows from k on, 32 of them. */
static void
pair_rows(uint32_t *to, const float *w, size_t K, size_t N, size_t n, size_t k)
{
	size_t end = least(n + BLOCKED_COLUMNS, N);

	for (size_t i = n; i < n + BLOCKED_COLUMNS; i += SIDE)
		tile(to + k / 2 * BLOCKED_COLUMNS + i - n, w + k * N + i, N,
		    k < K ? K - k : 0, i < end ? end - i : 0);
}

/* A square of words: its rows become columns. */
static KERNEL void
turn_words(uint32_t *out, size_t ldout, const uint32_t *x, size_t ld)
{
	pairs row[SIDE];

	for (size_t i = 0; i < SIDE; i++)
		memcpy(&row[i], x + i * ld, sizeof(row[i]));
	turn(row);
	for (size_t i = 0; i < SIDE; i++)
		memcpy(out + i * ldout, &row[i], sizeof(row[i]));
}

/* 64 numbers of each of two rows, side by side. */
static KERNEL void
join_rows(uint32_t *restrict out, const uint16_t *x, const uint16_t *y)
{
#pragma omp simd
	for (size_t i = 0; i < BLOCKED_COLUMNS; i++)
		out[i] = x[i] | (uint32_t)y[i] << 16;
}

/*
 * 64 rows of weights, some columns at a time, rounded and filled up with 0;
 * apart so that they do not all fall on the same lines of the cache.  70 KB:
 * musl gives a thread 128 KB of stack.
 */
enum { RUN = 512, PITCH = RUN + 32 };
struct panel {
	uint16_t x[BLOCKED_COLUMNS][PITCH];
};

static void
read_panel(struct panel *p, const real *w, size_t K, size_t N, size_t n,
    size_t k, size_t wide)
{
	size_t there = least(wide, K - k);

	for (size_t r = 0; r < BLOCKED_COLUMNS; r++)
		if (n + r < N) {
			blocked_round(p->x[r], w + (n + r) * K + k, there);
			memset(p->x[r] + there, 0, (wide - there) * 2);
		} else
			memset(p->x[r], 0, wide * 2);
}

/* The block of 64 columns of W^T, from the first of the panel's rows on. */
static void
panel_columns(uint16_t *to, const struct panel *p, size_t wide)
{
	for (size_t k = 0; k < wide; k += 2 * SIDE)
		for (size_t i = 0; i < BLOCKED_COLUMNS; i += SIDE)
			turn_words(
			    (uint32_t *)(void *)(to + k * BLOCKED_COLUMNS) + i,
			    BLOCKED_COLUMNS,
			    (const uint32_t *)(const void *)(p->x[i] + k),
			    PITCH / 2);
}

/* Some rows of a block of 64 columns of W. */
static void
panel_rows(uint16_t *to, const struct panel *p, size_t k, size_t rows)
{
	for (size_t r = 0; r < rows; r += 2)
		join_rows((uint32_t *)(void *)(to + r * BLOCKED_COLUMNS),
		    p->x[r] + k, p->x[r + 1] + k);
}

/*
 * Rows are read to the end of a panel, since a CPU foresees what lies in a
 * row and not the next row of a square.
 */
void
blocked_fill_both(
    uint16_t *to, uint16_t *turned, const real *w, size_t K, size_t N)
{
	size_t deep = blocked_depth(K, PRODUCT_BF16), all = columns_of(K);
	size_t high = blocked_depth(N, PRODUCT_BF16);

#pragma omp parallel for schedule(static)
	for (size_t n = 0; n < N; n += BLOCKED_COLUMNS)
		for (size_t from = 0; from < all; from += RUN) {
			size_t wide = least(RUN, all - from);
			size_t rows = least(BLOCKED_COLUMNS, high - n);
			struct panel p;

			read_panel(&p, w, K, N, n, from, wide);
			if (to != NULL)
				panel_columns(
				    to + n * deep + from * BLOCKED_COLUMNS, &p,
				    least(wide, deep - from));
			for (size_t k = 0; turned != NULL && k < wide;
			     k += BLOCKED_COLUMNS)
				panel_rows(turned + (from + k) * high +
					       n * BLOCKED_COLUMNS,
				    &p, k, rows);
		}
}

void
blocked_turn(uint16_t *to, size_t ldto, const uint16_t *x, size_t ldx,
    size_t down, size_t across)
{
	for (size_t n = 0; n < across; n += SIDE)
		turn_tile(to + n * ldto, ldto, x + n, ldx, down, across - n);
}

/* 64 numbers of row i, some of them filled up with 0 in edge. */
static const uint16_t *
row_of(const uint16_t *w, size_t down, size_t N, size_t i, size_t n,
    uint16_t edge[BLOCKED_COLUMNS])
{
	if (i < down && n + BLOCKED_COLUMNS <= N)
		return w + i * N + n;
	memset(edge, 0, BLOCKED_COLUMNS * sizeof(*edge));
	if (i < down)
		memcpy(edge, w + i * N + n, (N - n) * sizeof(*edge));
	return edge;
}

void
blocked_join_rows(
    void *to, const uint16_t *w, size_t down, size_t K, size_t N, size_t k)
{
	uint16_t edge[2][BLOCKED_COLUMNS];

	for (size_t n = 0; n < N; n += BLOCKED_COLUMNS) {
		uint32_t *out =
		    (uint32_t *)to +
		    blocked_column(n, K, PRODUCT_BF16) / sizeof(*out) +
		    k / 2 * BLOCKED_COLUMNS;

		for (size_t i = k; i < k + 2 * SIDE; i += 2)
			join_rows(out + (i - k) / 2 * BLOCKED_COLUMNS,
			    row_of(w, down, N, i, n, edge[0]),
			    row_of(w, down, N, i + 1, n, edge[1]));
	}
}

#else

void
blocked_fill_both(
    uint16_t *to, uint16_t *turned, const real *w, size_t K, size_t N)
{
	(void)to, (void)turned, (void)w, (void)K, (void)N;
}

/* In double nothing is rounded to bfloat16. */
static void
pair_rows(uint32_t *to, const real *w, size_t K, size_t N, size_t n, size_t k)
{
	(void)to, (void)w, (void)K, (void)N, (void)n, (void)k;
}

void
blocked_turn(uint16_t *to, size_t ldto, const uint16_t *x, size_t ldx,
    size_t down, size_t across)
{
	(void)to, (void)ldto, (void)x, (void)ldx, (void)down, (void)across;
}

void
blocked_join_rows(
    void *to, const uint16_t *w, size_t down, size_t K, size_t N, size_t k)
{
	(void)to, (void)w, (void)down, (void)K, (void)N, (void)k;
}

#endif

static void
quantise_columns(int8_t *to, const struct blocked_scales *s, const real *w,
    size_t K, size_t N, size_t n)
{
	float *scale = (float *)(uintptr_t)(s->scale + n);
	float *sum = (float *)(uintptr_t)(s->sum + n);
	size_t wide = least(BLOCKED_COLUMNS, N - n);

	for (size_t i = 0; i < wide; i++)
		quantise_weights(to + i * 4, BLOCKED_COLUMNS * 4, &scale[i],
		    &sum[i], w + (n + i) * K, K);
}

static void
fill_int8(void *to, const real *w, size_t K, size_t N)
{
	struct blocked_scales s = blocked_scales(to, K, N);
	size_t each = blocked_column(BLOCKED_COLUMNS, K, PRODUCT_INT8);

#pragma omp parallel for schedule(static)
	for (size_t n = 0; n < N; n += BLOCKED_COLUMNS) {
		void *at = (char *)to + blocked_column(n, K, PRODUCT_INT8);

		memset(at, 0, each);
		quantise_columns(at, &s, w, K, N, n);
	}
}

void
blocked_fill(void *to, const real *w, size_t K, size_t N, bool turned,
    enum product_numbers numbers)
{
	if (numbers == PRODUCT_INT8)
		fill_int8(to, w, K, N);
	else if (turned)
		blocked_fill_both(NULL, to, w, N, K);
	else
		blocked_fill_both(to, NULL, w, K, N);
}

void
blocked_fill_rows(
    void *to, const real *w, size_t down, size_t K, size_t N, size_t k)
{
	for (size_t n = 0; n < N; n += BLOCKED_COLUMNS)
		pair_rows((uint32_t *)to + blocked_column(n, K, PRODUCT_BF16) /
					       sizeof(uint32_t),
		    w, down, N, n, k);
}

size_t
blocked_row(size_t N)
{
	return columns_of(N) * sizeof(uint16_t);
}
