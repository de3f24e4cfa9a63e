/*
 * Numbers as text: the fast paths against printf and strtod.
 */
#include "check.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/rng.h"

enum { COUNT = 300000 };

static bool
prints(double value)
{
	char got[NUM_TEXT], want[NUM_TEXT];
	size_t n = num_put(got, value);

	snprintf(want, sizeof(want), "%.9g", value);
	if (strcmp(got, want) == 0 && n == strlen(want))
		return true;
	printf("# '%s', expected '%s'\n", got, want);
	return false;
}

static bool
parses(const char *text)
{
	double got, want = strtod(text, NULL);

	if (num_real(text, -HUGE_VAL, HUGE_VAL, &got) &&
	    memcmp(&got, &want, sizeof(got)) == 0)
		return true;
	printf("# '%s' is %.17g\n", text, want);
	return false;
}

/* Numbers of all sizes, floats and doubles. */
static double
number(struct rng r, uint64_t i)
{
	double x = rng_normal(r, 2 * i);

	x *= pow(10, rng_uniform(r, 2 * i + 1) * 32 - 20);
	return i % 2 == 0 ? x : (double)(float)x;
}

static void
test_printing(void)
{
	static const double edges[] = { 0.0, -0.0, 1, -1, 0.1, 0.5, 1e-4,
		9.9999999949e-5, 9.9999999951e-5, 1e-5, 1e-13, 9.99999999e-14,
		1e-14, 999999999, 999999998.5, 999999999.5, 1e9, 1e22, 0x1p-30,
		100, 123456789, 12345678.25, 12345678.75, 1e300, 5e-324,
		0.0999999999951, 9.9999999995, 1e-10, 1.5e-10, 0x1.8p-40,
		INFINITY, -INFINITY };
	struct rng r = rng_key(8, 0, 0);
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		wrong += !prints(edges[i]);
	CHECK_NAMED("edges print as printf has them", wrong == 0);
	for (size_t i = 0; i < COUNT; i++)
		wrong += !prints(number(r, i));
	CHECK_NAMED("random numbers print as printf has them", wrong == 0);
	for (size_t i = 0; i < COUNT; i++) /* ties of the last digit */
		wrong += !prints(
		    ldexp((double)(rng_bits(r, i) >> 24), -12 - (int)(i % 12)));
	CHECK_NAMED("ties print as printf has them", wrong == 0);
}

static void
test_parsing(void)
{
	static const char *const edges[] = { "0", "-0", "-0.0", "1", "-1.5",
		"+2", ".5", "5.", "1e22", "1e23", "1e-22", "1e-23", "123e-25",
		"9007199254740991", "9007199254740993", "9007199254740992e1",
		"0.1", "1E5", "1e+5", "1e0005", "0000000000000000000000001",
		"0.30000000000000000000000000001", "1e308", "4.9e-324",
		"1e-400", "179769313486231570000" };
	static const char *const bad[] = { "", ".", "-", "+", "e5", "1e", "1e+",
		"1e5.", "1..2", "1.2.3", "--1", "+-1", " 1", "1 ", "1,5", "nan",
		"inf", "0x10", "1e400", "1e5e", "1_000" };
	struct rng r = rng_key(9, 0, 0);
	size_t wrong = 0;
	double v;

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		wrong += !parses(edges[i]);
	CHECK_NAMED("edges parse as strtod has them", wrong == 0);
	for (size_t i = 0; i < COUNT; i++) {
		char text[64];

		snprintf(text, sizeof(text), "%.*g", (int)(i % 19) + 1,
		    number(r, i));
		wrong += !parses(text);
		snprintf(
		    text, sizeof(text), "%.*f", (int)(i % 12), number(r, i));
		wrong += !parses(text);
	}
	CHECK_NAMED("random texts parse as strtod has them", wrong == 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		wrong += num_real(bad[i], -HUGE_VAL, HUGE_VAL, &v);
	CHECK_NAMED("what is no number is refused", wrong == 0);
	CHECK(!num_real("1.1", 0, 1, &v) && num_real("1", 0, 1, &v) && v == 1);
}

int
main(void)
{
	test_printing();
	test_parsing();
	return check_done();
}
