/*
 * Half and bfloat16 against plain definitions: widening by ldexp, narrowing
 * as the nearest of all neighbours, ties to even.
 */
#include "check.h"
#include "data/st.h"

static double
plain_from_half(uint16_t h)
{
	int exponent = h >> 10 & 31, fraction = h & 1023;
	double sign = h & 0x8000 ? -1 : 1;

	if (exponent == 31)
		return fraction != 0 ? NAN : sign * INFINITY;
	if (exponent == 0)
		return sign * ldexp(fraction, -24);
	return sign * ldexp(1024 + fraction, exponent - 25);
}

static float
float_of(uint32_t bits)
{
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static bool
same(double a, double b)
{
	return (isnan(a) && isnan(b)) || (a == b && signbit(a) == signbit(b));
}

static void
test_widening(void)
{
	size_t wrong = 0, bwrong = 0, back = 0;

	for (uint32_t i = 0; i < 65536; i++) {
		uint16_t h = (uint16_t)i;
		float x = st_from_half(h), b = st_from_bfloat(h);

		wrong += !same((double)x, plain_from_half(h));
		bwrong += !same((double)b, (double)float_of(i << 16));
		if (!isnan(x))
			back += st_to_half(x) != h;
		if (!isnan(b))
			back += st_to_bfloat(b) != h;
	}
	CHECK_NAMED("all 65536 halves widen as defined", wrong == 0);
	CHECK_NAMED("all 65536 bfloats widen as defined", bwrong == 0);
	CHECK_NAMED("all come back", back == 0);
}

/* The distance to a finite half's neighbour; the one past the last counts. */
static double
value(uint16_t magnitude)
{
	return magnitude == 0x7c00 ? 65536 : plain_from_half(magnitude);
}

static bool
nearest_half(float x)
{
	uint16_t h = st_to_half(x);
	double a = fabs((double)x), at, up, down;

	if ((h >> 15 != 0) != (signbit(x) != 0))
		return false;
	h &= 0x7fff;
	if (h > 0x7c00)
		return false;
	at = fabs(a - value(h));
	up = h < 0x7c00 ? fabs(a - value((uint16_t)(h + 1))) : INFINITY;
	down = h > 0 ? fabs(a - value((uint16_t)(h - 1))) : INFINITY;
	if (h == 0x7c00 && a >= 65536)
		return true;
	if (at == up || at == down)
		return h % 2 == 0;
	return at < up && at < down;
}

static bool
nearest_bfloat(float x)
{
	uint16_t h = st_to_bfloat(x);
	double at = fabs((double)x - (double)st_from_bfloat(h));
	float up = st_from_bfloat((uint16_t)(h + 1));
	float down = st_from_bfloat((uint16_t)(h - 1));
	double upd = isnan(up) ? INFINITY : fabs((double)x - (double)up);
	double downd = isnan(down) ? INFINITY : fabs((double)x - (double)down);

	if ((h & 0x7fff) == 0x7f80 || (h & 0x7fff) == 0)
		return true; /* ends of the range: seen by test_edges */
	if (at == upd || at == downd)
		return h % 2 == 0;
	return at < upd && at < downd;
}

static void
test_narrowing(void)
{
	struct rng r = rng_key(5, 0, 0);
	size_t wrong = 0, bwrong = 0;

	for (uint32_t i = 0; i < 200000; i++) {
		uint32_t bits = rng_bits32(r, i);
		uint32_t near = (bits & 0x8fffffff) | 0x30000000;
		float x = float_of(bits), y = float_of(near);

		/* exact ties between two halves */
		float tie = float_of((near & 0xffffe000) | 0x1000);

		if (isnan(x) || isinf(x))
			continue;
		if (!nearest_half(x) || !nearest_half(y) || !nearest_half(tie))
			wrong++;
		if (!nearest_bfloat(x) ||
		    !nearest_bfloat(float_of((near & 0xffff0000) | 0x8000)))
			bwrong++;
	}
	CHECK_NAMED("halves are the nearest, ties even", wrong == 0);
	CHECK_NAMED("bfloats are the nearest, ties even", bwrong == 0);
}

static void
test_edges(void)
{
	CHECK(st_to_half(65519.996f) == 0x7bff);
	CHECK(st_to_half(65520.0f) == 0x7c00);
	CHECK(st_to_half(-INFINITY) == 0xfc00);
	CHECK(st_to_half(0x1p-25f) == 0);
	CHECK(st_to_half(0x1.8p-25f) == 1);
	CHECK(st_to_half(0x1p-24f) == 1);
	CHECK(st_to_half(-0.0f) == 0x8000);
	CHECK(isnan(st_from_half(st_to_half(NAN))));
	CHECK(st_to_bfloat(INFINITY) == 0x7f80);
	CHECK(st_to_bfloat(float_of(0x7f7fffff)) == 0x7f80);
	CHECK(st_to_bfloat(-0.0f) == 0x8000);
	CHECK(isnan(st_from_bfloat(st_to_bfloat(float_of(0x7f800001)))));
}

int
main(void)
{
	test_widening();
	test_narrowing();
	test_edges();
	return check_done();
}
