/*
 * blocked: both orders of weights packed at once are what each is alone.
 */
#include "check.h"

#include <stdlib.h>

#include "base/mem.h"
#include "layer/blocked.h"

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
	blocked_fill(plain, w, K, N, false, PRODUCT_BF16);
	blocked_fill(turned, w, N, K, true, PRODUCT_BF16);
	blocked_fill_both((void *)a, (void *)b, w, K, N);
	CHECK_NAMED("y = x W^T", memcmp(a, plain, n) == 0);
	CHECK_NAMED("dx = dy W", memcmp(b, turned, m) == 0);
	free(w);
	free(plain);
	free(turned);
	free(a);
	free(b);
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
	return check_done();
}
