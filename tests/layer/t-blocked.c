/*
 * blocked: weights packed in either order, alone or both at once, lie as
 * layer/blocked.h says.
 */
#include "check.h"

#include <stdlib.h>

#include "base/mem.h"
#include "layer/blocked.h"

static uint16_t
rounded(real x)
{
	float single = (float)x;
	uint32_t bits;

	memcpy(&bits, &single, sizeof(bits));
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* Of W^T for w [N,K] or, turned, of W for w [K,N]: number by number. */
static void
fill_plainly(char *to, const real *w, size_t K, size_t N, bool turned)
{
	size_t deep = (K + 31) / 32 * 32, wide = (N + 63) / 64 * 64;

	for (size_t k = 0; k < deep; k++)
		for (size_t n = 0; n < wide; n++) {
			size_t at = n / 64 * 64 * deep + k / 2 * 128 +
				    n % 64 * 2 + k % 2;
			uint16_t value = 0;

			if (k < K && n < N)
				value = rounded(
				    turned ? w[k * N + n] : w[n * K + k]);
			memcpy(to + 2 * at, &value, sizeof(value));
		}
}

static void
check_both(size_t N, size_t K)
{
	size_t n = blocked_bytes(K, N, PRODUCT_BF16);
	size_t m = blocked_bytes(N, K, PRODUCT_BF16);
	real *w = mem_align(N * K, sizeof(real));
	char *plain = mem_align(n, 1), *turned = mem_align(m, 1);
	char *a = mem_align(n, 1), *b = mem_align(m, 1);

	for (size_t i = 0; i < N * K; i++)
		w[i] = (real)((int)(i * 7919 % 4001) - 2000) / 777;
	memset(a, 1, n);
	memset(b, 1, m);
	fill_plainly(plain, w, K, N, false);
	fill_plainly(turned, w, N, K, true);
	blocked_fill(a, w, K, N, false, PRODUCT_BF16);
	blocked_fill(b, w, N, K, true, PRODUCT_BF16);
	CHECK_NAMED("y = x W^T, alone", memcmp(a, plain, n) == 0);
	CHECK_NAMED("dx = dy W, alone", memcmp(b, turned, m) == 0);
	memset(a, 1, n);
	memset(b, 1, m);
	blocked_fill_both((void *)a, (void *)b, w, K, N);
	CHECK_NAMED("y = x W^T", memcmp(a, plain, n) == 0);
	CHECK_NAMED("dx = dy W", memcmp(b, turned, m) == 0);
	free(w);
	free(plain);
	free(turned);
	free(a);
	free(b);
}

/* 32 rows of x [down,N], from row k on, in pairs and turned. */
static void
check_rows(size_t down, size_t N)
{
	enum { DEEP = 64 };
	size_t wide = (N + 63) / 64 * 64;
	real *x = mem_align(down * N, sizeof(real));
	uint16_t *kept = mem_align(down * N, sizeof(*kept));
	uint16_t *a = mem_align(DEEP * wide, sizeof(*a));
	uint16_t *b = mem_align(DEEP * wide, sizeof(*b));
	uint16_t *turned = mem_align(DEEP * N, sizeof(*turned));
	bool same = true;

	for (size_t i = 0; i < down * N; i++)
		x[i] = (real)((int)(i * 7919 % 4001) - 2000) / 777;
	blocked_round(kept, x, down * N);
	for (size_t k = 0; k < DEEP; k += 32) {
		size_t left = k < down ? down - k : 0;

		blocked_fill_rows(a, x, down, DEEP, N, k);
		blocked_join_rows(b, kept, down, DEEP, N, k);
		blocked_turn(turned + k, DEEP, kept + (left > 0 ? k * N : 0), N,
		    left, N);
	}
	CHECK_NAMED("rows that are rounded",
	    memcmp(a, b, DEEP * wide * sizeof(*a)) == 0);
	for (size_t k = 0; k < DEEP; k++)
		for (size_t n = 0; n < N; n++)
			same &= turned[n * DEEP + k] ==
				(k < down ? rounded(x[k * N + n]) : 0);
	CHECK_NAMED("rows that are turned", same);
	free(x);
	free(kept);
	free(a);
	free(b);
	free(turned);
}

int
main(void)
{
	static const size_t size[] = { 16, 32, 33, 64, 95, 96, 128, 200 };
	enum { SIZES = sizeof(size) / sizeof(*size) };

	if (sizeof(real) != sizeof(float)) {
		check_skip("both orders", "built in double precision");
		return check_done();
	}
	for (size_t i = 0; i < SIZES; i++)
		for (size_t k = 0; k < SIZES; k++)
			check_both(size[i], size[k]);
	for (size_t i = 0; i < SIZES; i++)
		for (size_t down = 1; down <= 64; down += 7)
			check_rows(down, size[i]);
	return check_done();
}
