/*
 * num: every limit from both sides, and what is no number.
 */
#include "check.h"

#include <float.h>
#include <limits.h>

#include "base/num.h"

static bool
takes_int(const char *text, long long min, long long max, long long expected)
{
	long long v = 77;

	return num_int(text, min, max, &v) && v == expected;
}

static bool
refuses_int(const char *text, long long min, long long max)
{
	long long v = 77;

	return !num_int(text, min, max, &v) && v == 77;
}

static void
check_int(void)
{
	static const char *const bad[] = { "", " ", "+", "-", "x", "1x", " 1",
		"1 ", "1.0", "1e3", "0x10", "--1", "+-1", "1\n", "1,000",
		"\xef\xbc\x91", "inf", "nan" };

	CHECK(takes_int("0", LLONG_MIN, LLONG_MAX, 0));
	CHECK(takes_int("-0", 0, 0, 0));
	CHECK(takes_int("+7", 7, 7, 7));
	CHECK(takes_int("007", 0, 9, 7));
	CHECK(
	    takes_int("9223372036854775807", LLONG_MIN, LLONG_MAX, LLONG_MAX));
	CHECK(refuses_int("9223372036854775808", LLONG_MIN, LLONG_MAX));
	CHECK(
	    takes_int("-9223372036854775808", LLONG_MIN, LLONG_MAX, LLONG_MIN));
	CHECK(refuses_int("-9223372036854775809", LLONG_MIN, LLONG_MAX));
	CHECK(refuses_int("99999999999999999999", LLONG_MIN, LLONG_MAX));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_NAMED("not an integer",
		    refuses_int(bad[i], LLONG_MIN, LLONG_MAX));
}

/* Around each power of two, the range ends at, before and after. */
static void
check_int_range(void)
{
	bool good = true;
	char text[NUM_TEXT];

	for (int bit = 0; bit < 62; bit++)
		for (long long d = -2; d <= 2; d++) {
			long long v = (1LL << bit) + d;

			snprintf(text, sizeof(text), "%lld", v);
			good &= takes_int(text, v, v, v);
			good &= takes_int(text, v - 1, v + 1, v);
			good &= refuses_int(text, v + 1, LLONG_MAX);
			good &= refuses_int(text, LLONG_MIN, v - 1);
			snprintf(text, sizeof(text), "%lld", -v);
			good &= takes_int(text, -v, -v, -v);
			good &= refuses_int(text, -v + 1, LLONG_MAX);
			good &= refuses_int(text, LLONG_MIN, -v - 1);
		}
	CHECK_NAMED("ranges end where they say", good);
}

static bool
takes_real(const char *text, double min, double max, double expected)
{
	double v = 77;

	return num_real(text, min, max, &v) && v == expected;
}

static bool
refuses_real(const char *text, double min, double max)
{
	double v = 77;

	return !num_real(text, min, max, &v) && v == 77;
}

static void
check_real(void)
{
	static const char *const bad[] = { "", ".", "-", "+", "e5", "1e", "1e+",
		"1,5", "1.5.", "1.5x", " 1", "1 ", "0x1p3", "0x10", "nan",
		"NaN", "inf", "-inf", "infinity", "1e309", "-1e309", "--1",
		"1d5", "1\n", "nan(1)" };

	CHECK(takes_real("0", 0, 0, 0));
	CHECK(takes_real("5e-5", 0, 1, 5e-5));
	CHECK(takes_real("-1.25E+2", -125, -125, -125));
	CHECK(takes_real(".5", 0, 1, .5));
	CHECK(takes_real("5.", 0, 9, 5));
	CHECK(takes_real("+2", 0, 9, 2));
	CHECK(takes_real("1.7976931348623157e308", 0, DBL_MAX, DBL_MAX));
	CHECK(takes_real("1e-400", 0, 1, 0));
	CHECK(takes_real("0.1", 0.1, 0.1, 0.1));
	CHECK(refuses_real("0.10000000000000002", 0, 0.1));
	CHECK(refuses_real("0.09999999999999999", 0.1, 1));
	CHECK(refuses_real("1", 2, 3));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_NAMED(
		    "not a number", refuses_real(bad[i], -DBL_MAX, DBL_MAX));
}

static bool
prints(double value, const char *expected)
{
	char text[NUM_TEXT];

	return num_put(text, value) == strlen(expected) &&
	       strcmp(text, expected) == 0;
}

static void
check_put(void)
{
	struct rng r = rng_key(5, 0, 0);
	bool good = true;

	CHECK(prints(0, "0"));
	CHECK(prints(0.1, "0.1"));
	CHECK(prints(-2.5e-30, "-2.5e-30"));
	CHECK(prints((double)FLT_MAX, "3.40282347e+38"));
	CHECK(prints((double)NAN, "nan"));
	CHECK(prints(-(double)NAN, "nan"));
	for (uint64_t i = 0; i < 100000; i++) {
		uint32_t bits = (uint32_t)rng_bits(r, i);
		char text[NUM_TEXT];
		double back;
		float f;

		memcpy(&f, &bits, sizeof(f));
		if (!isfinite(f))
			continue;
		num_put(text, (double)f);
		good &= num_real(text, -DBL_MAX, DBL_MAX, &back) &&
			(float)back == f;
	}
	CHECK_NAMED("a printed float32 reads back as itself", good);
}

static void
check_grouped(void)
{
	char text[NUM_TEXT];

	CHECK_TEXT(num_duration(text, 0.84), "0.8 s");
	CHECK_TEXT(num_duration(text, 9.96), "10 s");
	CHECK_TEXT(num_duration(text, 59.6), "1 min 0 s");
	CHECK_TEXT(num_duration(text, 200), "3 min 20 s");
	CHECK_TEXT(num_duration(text, 7509), "2 h 5 min");
	CHECK_TEXT(num_grouped(text, 0), "0");
	CHECK_TEXT(num_grouped(text, 999), "999");
	CHECK_TEXT(num_grouped(text, 1200), "1,200");
	CHECK_TEXT(num_grouped(text, 1234567), "1,234,567");
	CHECK_TEXT(num_grouped(text, (size_t)-1), "18,446,744,073,709,551,615");
}

static void
check_nouns(void)
{
	CHECK_TEXT(num_s(0), "s");
	CHECK_TEXT(num_s(1), "");
	CHECK_TEXT(num_s(2), "s");
	CHECK_TEXT(num_s(101), "s");
}

int
main(void)
{
	check_nouns();
	check_int();
	check_int_range();
	check_real();
	check_put();
	check_grouped();
	return check_done();
}
