/*
 * bf16: products of rounded numbers against sums in double, in sizes around
 * those of a tile, a block and what is packed at a time, from matrices that
 * stand inside larger ones; in plain C and, where the machine has it, by AMX.
 */
#include "plain.h"

#include "layer/bf16.h"

#ifdef REAL_DOUBLE

int
main(void)
{
	return check_done();
}

#else

enum { MOST = 1100, ROOM = MOST * MOST };

static float a[ROOM], b[ROOM], c[ROOM], old[ROOM];

static const struct shape {
	size_t M, N, K;
} shapes[] = { { 1, 1, 1 }, { 16, 16, 32 }, { 17, 33, 31 }, { 32, 32, 64 },
	{ 33, 15, 33 }, { 64, 96, 100 }, { 31, 65, 1 }, { 520, 40, 70 },
	{ 40, 70, 1030 } };

static const char *const names[] = { "plain", "AMX" };

/* To the nearest number of 8 bits; halfway, to that whose last bit is 0. */
static double
rounded(float x)
{
	int exponent;
	double f = frexp((double)x, &exponent);

	return ldexp(nearbyint(ldexp(f, 8)), exponent - 8);
}

static double
want(const struct shape *s, size_t m, size_t n, int form, size_t lda,
    size_t ldb, double sum, double *size)
{
	*size = fabs(sum);
	for (size_t k = 0; k < s->K; k++) {
		double x = rounded(a[(form & 1) ? k * lda + m : m * lda + k]);
		double y = rounded(b[(form & 2) ? n * ldb + k : k * ldb + n]);

		sum += x * y;
		*size += fabs(x * y);
	}
	return sum;
}

/* Nothing beside the matrix changes, and few ulps within. */
static void
check_product(const struct shape *s, int form, enum bf16_kernel kernel)
{
	size_t lda = ((form & 1) ? s->M : s->K) + 3;
	size_t ldb = ((form & 2) ? s->K : s->N) + 1, ldc = s->N + 2;
	bool add = form & 4, near = true, apart = true;
	char name[80];

	memcpy(c, old, sizeof(c));
	bf16_gemm(kernel, form & 1, form & 2, s->M, s->N, s->K, a, lda, b, ldb,
	    add, c, ldc);
	for (size_t m = 0; m < s->M; m++) {
		for (size_t n = 0; n < s->N; n++) {
			size_t at = m * ldc + n;
			double size;
			double sum = want(s, m, n, form, lda, ldb,
			    add ? (double)old[at] : 0, &size);

			near &= fabs((double)c[at] - sum) <= 1e-6 * size;
		}
		for (size_t n = s->N; n < ldc; n++)
			apart &= c[m * ldc + n] == old[m * ldc + n];
	}
	apart &= c[s->M * ldc] == old[s->M * ldc];
	snprintf(name, sizeof(name), "%s: %zu x %zu x %zu, form %d",
	    names[kernel], s->M, s->N, s->K, form);
	CHECK_NAMED(name, near && apart);
}

static void
check_all(enum bf16_kernel kernel)
{
	for (size_t i = 0; i < COUNT(shapes); i++)
		for (int form = 0; form < 8; form++)
			check_product(&shapes[i], form, kernel);
}

/* Halves: one that is even already, one that is not; and what has no number. */
static void
check_rounding(enum bf16_kernel kernel)
{
	static const float x[] = { 0x1.01p0F, 0x1.03p0F, 0x1.010002p0F,
		-0x1.01p0F, 0x1.ffp0F };
	static const float y[] = { 1, 0x1.04p0F, 0x1.02p0F, -1, 2 };
	float one = 1, got;
	bool same = true;

	for (size_t i = 0; i < COUNT(x); i++) {
		bf16_gemm(kernel, false, false, 1, 1, 1, &x[i], 1, &one, 1,
		    false, &got, 1);
		same &= got == y[i];
	}
	CHECK_NAMED(names[kernel], same);
	bf16_gemm(kernel, false, false, 1, 1, 1, &(float){ INFINITY }, 1, &one,
	    1, false, &got, 1);
	CHECK(isinf(got));
	bf16_gemm(kernel, false, false, 1, 1, 1, &(float){ NAN }, 1, &one, 1,
	    false, &got, 1);
	CHECK(isnan(got));
}

int
main(void)
{
	check_random(a, ROOM, 1);
	check_random(b, ROOM, 2);
	check_random(old, ROOM, 3);
	check_all(BF16_PLAIN);
	check_rounding(BF16_PLAIN);
	if (bf16_start()) {
		check_all(BF16_AMX);
		check_rounding(BF16_AMX);
	} else
		CHECK_NAMED("AMX # SKIP this machine has none", true);
	return check_done();
}

#endif
