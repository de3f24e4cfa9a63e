/*
 * ranksum and holm: against scipy, and against counting all partitions where
 * values are tied.
 */
#include "check.h"
#include "metric/golden-tests.h"
#include "metric/holm.h"
#include "metric/ranksum.h"

static void
check_case(size_t i)
{
	const double *a = ranksum_cases[i].a, *b = ranksum_cases[i].b;
	size_t na = ranksum_cases[i].na, nb = ranksum_cases[i].nb;
	struct ranksum t = ranksum_test(a, na, b, nb);

	CHECK_NEAR("u", t.u, ranksum_cases[i].u, 0);
	CHECK_NEAR("shift", t.shift, ranksum_cases[i].shift, 1e-15);
	CHECK_NEAR("normal", ranksum_normal(a, na, b, nb),
	    ranksum_cases[i].normal, 1e-12);
	if (ranksum_cases[i].exact >= 0)
		CHECK_NEAR("exact", ranksum_exact(a, na, b, nb),
		    ranksum_cases[i].exact, 1e-12);
	CHECK(t.exact == (na + nb <= 40));
	CHECK_NEAR("p", t.p,
	    t.exact ? ranksum_cases[i].exact : ranksum_cases[i].normal, 1e-12);
	t = ranksum_test(b, nb, a, na);
	CHECK_NEAR(
	    "turned round", t.u, (double)(na * nb) - ranksum_cases[i].u, 0);
	CHECK_NEAR(
	    "shift turned round", t.shift, -ranksum_cases[i].shift, 1e-15);
}

static void
check_least(void)
{
	double x[5] = { 1, 2, 3, 4, 5 }, y[5] = { 6, 7, 8, 9, 10 };

	CHECK_NEAR(
	    "5 against 5", ranksum_test(x, 5, y, 5).least, 2 / 252., 1e-15);
	CHECK_NEAR("3 against 3", ranksum_test(x, 3, y, 3).least, 0.1, 1e-15);
	CHECK_NEAR("1 against 1", ranksum_test(x, 1, y, 1).least, 1, 0);
	x[1] = (double)NAN;
	CHECK(isnan(ranksum_test(x, 3, y, 3).p));
	CHECK(isnan(ranksum_test(x, 3, y, 3).shift));
}

/* Holm's steps by hand: 4 * 0.01, 3 * 0.013, 2 * 0.03, 1 * 0.04. */
static void
check_holm(void)
{
	double p[] = { 0.03, 0.01, (double)NAN, 0.04, 0.013 };
	double want[] = { 0.06, 0.04, (double)NAN, 0.06, 0.04 };
	double many[] = { 0.6, 0.7 };

	holm_adjust(p, p, 5);
	for (size_t i = 0; i < 5; i++)
		CHECK_NEAR("holm", p[i], want[i], 1e-15);
	holm_adjust(many, many, 2);
	CHECK(many[0] == 1 && many[1] == 1);
	holm_adjust(many, many, 0);
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(ranksum_cases); i++)
		check_case(i);
	check_least();
	check_holm();
	return check_done();
}
