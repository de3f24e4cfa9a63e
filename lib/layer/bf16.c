/* For syscall(). */
#define _DEFAULT_SOURCE

#include "layer/bf16.h"

#include <stdint.h>
#include <string.h>

#include "base/least.h"
#include "layer/kernel.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#define HAVE_AMX
#endif

/*
 * Operands are packed into tiles of 16 rows of 16 pairs, a pair being two
 * neighbours along K in 32 bits, the first in the low half.  Of a, a row of a
 * tile is one of M and its pairs run along K; of b, a row is one pair along K
 * and its pairs run along N.  Two tiles side by side, and a block of c of 32
 * by 32, are what all kernels work on.
 */
enum {
	SIDE = 16,
	TILE = SIDE * SIDE, /* pairs */
	BLOCK = 2 * SIDE,
	DEPTH = 512 /* of K that is packed at a time */
};

typedef uint32_t pairs __attribute__((vector_size(SIDE * sizeof(uint32_t))));

/* --- packing --- */

/* To nearest, ties to even, in the upper half; NaNs of the CPU's stay NaNs. */
static inline KERNEL_INLINE void
pair_up(pairs *out, const pairs *low, const pairs *high)
{
	pairs l = *low + 0x7fff + (*low >> 16 & 1);
	pairs h = *high + 0x7fff + (*high >> 16 & 1);

	*out = l >> 16 | (h & 0xffff0000);
}

/* Pairs of 32 numbers that are neighbours. */
static inline KERNEL_INLINE void
along_row(pairs *out, const float *x)
{
	pairs a, b, even, odd;

	memcpy(&a, x, sizeof(a));
	memcpy(&b, x + SIDE, sizeof(b));
	even = __builtin_shufflevector(
	    a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
	odd = __builtin_shufflevector(
	    a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
	pair_up(out, &even, &odd);
}

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
			pairs a = row[i], b = row[i + SIDE / 2];

			next[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1,
			    17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
			next[2 * i + 1] =
			    __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26,
				11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
		}
		memcpy(row, next, sizeof(next));
	}
}

/* How an operand lies in memory. */
struct operand {
	const float *at;
	size_t ld;
	bool along; /* neighbours along K are neighbours in memory */
	bool turn;  /* and the tile wants it the other way round */
};

/*
 * One tile, from rows and columns of memory on; what lies beyond the edge,
 * after `down` rows and `across` columns, is 0.
 */
static KERNEL void
pack_tile(uint32_t *out, const float *x, size_t ld, size_t down, size_t across,
    bool along, bool turned)
{
	size_t high = along ? SIDE : 2 * SIDE, wide = along ? 2 * SIDE : SIDE;
	float edge[2 * TILE];
	pairs row[SIDE];

	if (down < high || across < wide) {
		memset(edge, 0, sizeof(edge));
		for (size_t i = 0; i < down && i < high; i++)
			memcpy(edge + i * wide, x + i * ld,
			    (across < wide ? across : wide) * sizeof(*edge));
		x = edge;
		ld = wide;
	}
	for (size_t i = 0; i < SIDE; i++)
		if (along)
			along_row(&row[i], x + i * ld);
		else
			across_rows(&row[i], x + 2 * i * ld, ld);
	if (turned)
		turn(row);
	memcpy(out, row, sizeof(row));
}

/*
 * Of an operand, n lines (rows of a, columns of b) from `line` on, by `depth`
 * along K from k on: block after block of two tiles' lines, in each step
 * after step of 32 along K, in each the two tiles.
 */
static void
pack(uint32_t *out, const struct operand *o, size_t line, size_t n, size_t k,
    size_t depth)
{
	for (size_t i = 0; i < n; i += BLOCK)
		for (size_t j = 0; j < depth; j += 2 * SIDE)
			for (size_t l = i; l < i + BLOCK; l += SIDE) {
				size_t row = o->along ? line + l : k + j;
				size_t column = o->along ? k + j : line + l;
				size_t lines = l < n ? n - l : 0;

				pack_tile(out,
				    o->at +
					(lines > 0 ? row * o->ld + column : 0),
				    o->ld, o->along ? lines : depth - j,
				    o->along ? depth - j : lines, o->along,
				    o->turn);
				out += TILE;
			}
}

/* --- kernels: to a block of c, the product of `steps` pairs of tiles --- */

static float
number(uint32_t half)
{
	uint32_t bits = half << 16;
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static void
plain_block(
    float *c, size_t ldc, const uint32_t *a, const uint32_t *b, size_t steps)
{
	for (size_t m = 0; m < BLOCK; m++)
		for (size_t n = 0; n < BLOCK; n++)
			for (size_t k = 0; k < steps * SIDE; k++) {
				size_t at = k / SIDE * 2 * TILE;
				uint32_t x = a[at + m * SIDE + k % SIDE];
				uint32_t y = b[at + n / SIDE * TILE +
					       k % SIDE * SIDE + n % SIDE];

				c[m * ldc + n] +=
				    number(x & 0xffff) * number(y & 0xffff) +
				    number(x >> 16) * number(y >> 16);
			}
}

#ifdef HAVE_AMX

#define AMX __attribute__((target("amx-tile,amx-bf16")))

/* Tiles 0 to 3 are of c, 4 and 5 of a, 6 and 7 of b. */
AMX static void
amx_block(
    float *c, size_t ldc, const uint32_t *a, const uint32_t *b, size_t steps)
{
	enum { ROW = SIDE * sizeof(uint32_t) };
	size_t row = ldc * sizeof(*c);
	float *below = c + SIDE * ldc;

	_tile_loadd(0, c, row);
	_tile_loadd(1, c + SIDE, row);
	_tile_loadd(2, below, row);
	_tile_loadd(3, below + SIDE, row);
	for (size_t i = 0; i < steps; i++, a += 2 * TILE, b += 2 * TILE) {
		_tile_loadd(4, a, ROW);
		_tile_loadd(6, b, ROW);
		_tile_dpbf16ps(0, 4, 6);
		_tile_loadd(7, b + TILE, ROW);
		_tile_dpbf16ps(1, 4, 7);
		_tile_loadd(5, a + TILE, ROW);
		_tile_dpbf16ps(2, 5, 6);
		_tile_dpbf16ps(3, 5, 7);
	}
	_tile_stored(0, c, row);
	_tile_stored(1, c + SIDE, row);
	_tile_stored(2, below, row);
	_tile_stored(3, below + SIDE, row);
}

/* What ldtilecfg reads: eight tiles of 16 rows of 64 bytes. */
static const struct {
	uint8_t palette, start, reserved[14];
	uint16_t row_bytes[16];
	uint8_t rows[16];
} tiles = { 1, 0, { 0 }, { 64, 64, 64, 64, 64, 64, 64, 64 },
	{ 16, 16, 16, 16, 16, 16, 16, 16 } };

/* Tile registers are a thread's own, and cost it while they are in use. */
AMX static void
amx_begin(void)
{
	_tile_loadconfig(&tiles);
}

AMX static void
amx_end(void)
{
	_tile_release();
}

/* CPUID leaf 7: the tiles, their products; then Linux must lend the state. */
bool
bf16_start(void)
{
	enum { BF16 = 1 << 22, TILES = 1 << 24 };
	enum { REQUEST = 0x1023, TILE_DATA = 18 };
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & BF16) != 0 &&
	       (d & TILES) != 0 &&
	       syscall(SYS_arch_prctl, REQUEST, TILE_DATA) == 0;
}

#else

static void
amx_block(
    float *c, size_t ldc, const uint32_t *a, const uint32_t *b, size_t steps)
{
	plain_block(c, ldc, a, b, steps);
}

static void
amx_begin(void)
{
}

static void
amx_end(void)
{
}

bool
bf16_start(void)
{
	return false;
}

#endif

/* --- the product --- */

static void
copy(float *to, size_t ldto, const float *from, size_t ldfrom, size_t M,
    size_t N)
{
	for (size_t m = 0; m < M; m++)
		memcpy(to + m * ldto, from + m * ldfrom, N * sizeof(*to));
}

/* One block of c, of M by N where the matrix ends. */
static void
block_of_c(enum bf16_kernel kernel, float *c, size_t ldc, size_t M, size_t N,
    const uint32_t *a, const uint32_t *b, size_t steps, bool add)
{
	void (*multiply)(float *, size_t, const uint32_t *, const uint32_t *,
	    size_t) = kernel == BF16_AMX ? amx_block : plain_block;
	float whole[BLOCK * BLOCK] __attribute__((aligned(64)));

	if (add && M >= BLOCK && N >= BLOCK) {
		multiply(c, ldc, a, b, steps);
		return;
	}
	memset(whole, 0, sizeof(whole));
	M = M < BLOCK ? M : BLOCK;
	N = N < BLOCK ? N : BLOCK;
	if (add)
		copy(whole, BLOCK, c, ldc, M, N);
	multiply(whole, BLOCK, a, b, steps);
	copy(c, ldc, whole, BLOCK, M, N);
}

/* What is packed of b stays in the first cache, what is of a in the second. */
void
bf16_gemm(enum bf16_kernel kernel, bool transpose_a, bool transpose_b, size_t M,
    size_t N, size_t K, const float *a, size_t lda, const float *b, size_t ldb,
    bool add, float *c, size_t ldc)
{
	struct operand of_a = { a, lda, !transpose_a, transpose_a };
	struct operand of_b = { b, ldb, transpose_b, transpose_b };
	uint32_t rows[BF16_ROWS * DEPTH / 2] __attribute__((aligned(64)));
	uint32_t columns[BLOCK * DEPTH / 2] __attribute__((aligned(64)));

	if (kernel == BF16_AMX)
		amx_begin();
	for (size_t k = 0; k < K; k += DEPTH)
		for (size_t m = 0; m < M; m += BF16_ROWS) {
			size_t deep = least(DEPTH, K - k);
			size_t high = least(BF16_ROWS, M - m);
			size_t steps = (deep + 2 * SIDE - 1) / (2 * SIDE);

			pack(rows, &of_a, m, high, k, deep);
			for (size_t n = 0; n < N; n += BLOCK) {
				size_t wide = least(BLOCK, N - n);

				pack(columns, &of_b, n, wide, k, deep);
				for (size_t i = 0; i < high; i += BLOCK)
					block_of_c(kernel,
					    c + (m + i) * ldc + n, ldc,
					    high - i, wide,
					    rows + i / SIDE * steps * TILE,
					    columns, steps, add || k > 0);
			}
		}
	if (kernel == BF16_AMX)
		amx_end();
}
