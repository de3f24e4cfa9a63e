/*
 * rng: the published splitmix64 sequence, purity, ranges and moments.
 */
#include "check.h"

enum { N = 200000 };

static void
check_sequence(void)
{
	/* splitmix64.c by Vigna, seed 0 */
	static const uint64_t known[] = { 0xe220a8397b1dcdafu,
		0x6e789e6aa1b965f4u, 0x06c45d188009454fu, 0xf88bb8a8724c81ecu };

	for (size_t i = 0; i < 4; i++)
		CHECK_NAMED("splitmix64",
		    rng_bits((struct rng){ 0 }, i + 1) == known[i]);
}

static void
check_keys(void)
{
	uint64_t key[6] = { rng_key(1, 0, 0).key, rng_key(2, 0, 0).key,
		rng_key(1, 1, 0).key, rng_key(1, 0, 1).key,
		rng_key(0, 1, 0).key, rng_key(0, 0, 1).key };
	bool differ = true;

	for (size_t i = 0; i < 6; i++)
		for (size_t j = 0; j < i; j++)
			differ &= key[i] != key[j];
	CHECK_NAMED("seed, stream and step each change the key", differ);
	CHECK(rng_key(7, 8, 9).key == rng_key(7, 8, 9).key);
	CHECK(rng_stream("dropout") == rng_stream("dropout"));
	CHECK(rng_stream("ab") != rng_stream("ba"));
	CHECK(rng_stream("a") != rng_stream("aa"));
}

static void
check_moments(void)
{
	struct rng r = rng_key(3, 1, 4);
	double sum = 0, square = 0, cube = 0, fourth = 0, u = 0, u2 = 0;
	bool inside = true;

	for (uint64_t i = 0; i < N; i++) {
		double x = rng_normal(r, i), y = rng_uniform(r, i);

		inside &= y >= 0 && y < 1;
		sum += x;
		square += x * x;
		cube += x * x * x;
		fourth += x * x * x * x;
		u += y;
		u2 += y * y;
	}
	/* five standard errors each */
	CHECK(inside);
	CHECK_NEAR("uniform: mean", u / N, 0.5, 5 * sqrt(1 / 12.0 / N));
	CHECK_NEAR("uniform: square", u2 / N, 1 / 3.0, 5 * sqrt(4 / 45.0 / N));
	CHECK_NEAR("normal: mean", sum / N, 0, 5 * sqrt(1.0 / N));
	CHECK_NEAR("normal: variance", square / N, 1, 5 * sqrt(2.0 / N));
	CHECK_NEAR("normal: skewness", cube / N, 0, 5 * sqrt(15.0 / N));
	CHECK_NEAR("normal: kurtosis", fourth / N, 3, 5 * sqrt(96.0 / N));
}

/* Each bit is one half of the time, also given the bit of the position before.
 */
static void
check_bits(void)
{
	struct rng r = rng_key(11, 0, 0);
	double worst = 0, worst32 = 0;
	int ones[64] = { 0 }, same[64] = { 0 }, ones32[32] = { 0 };
	int same32[32] = { 0 };

	for (uint32_t i = 0; i < N; i++) {
		uint64_t x = rng_bits(r, i), d = ~(x ^ rng_bits(r, i + 1));
		uint32_t y = rng_bits32(r, i), e = ~(y ^ rng_bits32(r, i + 1));

		for (int b = 0; b < 64; b++) {
			ones[b] += (int)(x >> b & 1);
			same[b] += (int)(d >> b & 1);
		}
		for (int b = 0; b < 32; b++) {
			ones32[b] += (int)(y >> b & 1);
			same32[b] += (int)(e >> b & 1);
		}
	}
	for (int b = 0; b < 64; b++) {
		worst = fmax(worst, fabs(ones[b] / (double)N - .5));
		worst = fmax(worst, fabs(same[b] / (double)N - .5));
	}
	for (int b = 0; b < 32; b++) {
		worst32 = fmax(worst32, fabs(ones32[b] / (double)N - .5));
		worst32 = fmax(worst32, fabs(same32[b] / (double)N - .5));
	}
	CHECK_NEAR("64 bits: balanced", worst, 0, 5 * .5 / sqrt(N));
	CHECK_NEAR("32 bits: balanced", worst32, 0, 5 * .5 / sqrt(N));
}

static void
check_below(void)
{
	struct rng r = rng_key(1, 5, 9);
	int count[7] = { 0 };
	double chi = 0;
	bool inside = true;

	for (uint64_t i = 0; i < N; i++) {
		uint64_t x = rng_below(r, i, 7);

		inside &= x < 7;
		count[x % 7]++;
	}
	for (int k = 0; k < 7; k++)
		chi += (count[k] - N / 7.0) * (count[k] - N / 7.0) / (N / 7.0);
	CHECK(inside);
	CHECK_NAMED("below 7: chi-square of 6 degrees under 30", chi < 30);
	CHECK(rng_below(r, 0, 1) == 0);
	CHECK(rng_below(r, 3, (uint64_t)1 << 63) < (uint64_t)1 << 63);
	for (uint64_t i = 0; i < 1000; i++)
		inside &= rng_below(r, i, UINT64_MAX) < UINT64_MAX;
	CHECK(inside);
}

static void
check_shuffle(void)
{
	size_t order[24], seen = 0;
	int permutation[24] = { 0 };
	double chi = 0;

	rng_shuffle(rng_key(1, 2, 3), order, 0);
	rng_shuffle(rng_key(1, 2, 3), order, 24);
	for (size_t i = 0; i < 24; i++)
		seen |= (size_t)1 << order[i];
	CHECK_NAMED(
	    "a shuffle has each number once", seen == ((size_t)1 << 24) - 1);

	/* All 24 orders of 4 are equally frequent. */
	for (uint64_t k = 0; k < 48000; k++) {
		rng_shuffle(rng_key(k, 0, 0), order, 4);
		permutation[order[0] * 6 +
			    (order[1] - (order[1] > order[0])) * 2 +
			    (order[2] > order[3])]++;
	}
	for (int k = 0; k < 24; k++)
		chi += (permutation[k] - 2000.0) * (permutation[k] - 2000.0) /
		       2000;
	CHECK_NAMED("orders of 4: chi-square of 23 degrees under 65", chi < 65);
}

int
main(void)
{
	check_sequence();
	check_keys();
	check_moments();
	check_bits();
	check_below();
	check_shuffle();
	return check_done();
}
