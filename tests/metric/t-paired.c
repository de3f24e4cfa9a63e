/*
 * paired: McNemar against scipy's binomial test; the random tests against
 * the shares over all swaps and all draws of a few rows, which the draws of
 * any seed must come near to.
 */
#include <omp.h>

#include "check.h"
#include "metric/golden-tests.h"
#include "metric/paired.h"

enum { DRAWS = 40000, ROWS = 300 };

/* Four standard deviations of a share over DRAWS. */
static double
bound(double share)
{
	return 4 * sqrt((share + 0.01) * (1.01 - share) / DRAWS);
}

static struct paired
few_rows(enum metric m)
{
	struct rows scores = {
		.n = COUNT(few_truth), .truth = few_truth, .score = few_x
	};
	struct rows classes = { .n = COUNT(few_gold),
		.classes = 2,
		.gold = few_gold,
		.guess = few_a,
		.probability = few_pa };
	struct rows a = metric_of_scores(m) ? scores : classes;
	struct paired p = { a, a };

	p.b.score = few_y;
	p.b.guess = few_b;
	p.b.probability = few_pb;
	return p;
}

static void
check_few(enum metric m)
{
	struct paired p = few_rows(m);
	struct paired_interval v = paired_bootstrap(&p, m, DRAWS, 0.9, 7);
	double swap = paired_randomise(&p, m, DRAWS, 7);

	CHECK_NEAR(
	    "difference", paired_difference(&p, m), few[m].difference, 1e-14);
	CHECK_NEAR(
	    "p over all swaps", swap, few[m].swap_p, bound(few[m].swap_p));
	CHECK_NEAR(
	    "p over all draws", v.p, few[m].draw_p, bound(few[m].draw_p));
	CHECK_NEAR("undefined draws", (double)v.undefined / DRAWS,
	    few[m].undefined, bound(few[m].undefined));
	CHECK(v.low < few[m].difference && few[m].difference < v.high);
	CHECK(paired_randomise(&p, m, DRAWS, 7) == swap);
	CHECK(paired_randomise(&p, m, DRAWS, 9) != swap);
	CHECK(paired_bootstrap(&p, m, DRAWS, 0.9, 9).p != v.p);
}

/* The interval narrows as 1 / sqrt(n), and a level of 1 holds all draws. */
static void
check_interval(void)
{
	static int gold[ROWS], a[ROWS], b[ROWS];
	struct rows one = { .n = ROWS, .classes = 2, .gold = gold, .guess = a };
	struct paired p = { one, one };
	struct paired_interval v;

	p.b.guess = b;
	/* A is right in 60 of 100 rows, B in the same and 10 more. */
	for (int i = 0; i < ROWS; i++) {
		gold[i] = 1;
		a[i] = i % 10 < 6;
		b[i] = i % 10 < 7;
	}
	v = paired_bootstrap(&p, METRIC_ACCURACY, DRAWS, 0.95, 1);
	CHECK_NEAR("low", v.low, 0.1 - 1.96 * sqrt(0.09 / ROWS), 0.004);
	CHECK_NEAR("high", v.high, 0.1 + 1.96 * sqrt(0.09 / ROWS), 0.004);
	CHECK(v.p < 0.001 && v.p >= 1. / (DRAWS + 1));
	CHECK_NEAR("all swaps go one way",
	    paired_randomise(&p, METRIC_ACCURACY, 999, 1), 0.001, 0);
	p.b.guess = a;
	v = paired_bootstrap(&p, METRIC_ACCURACY, 999, 0.95, 1);
	CHECK(v.low == 0 && v.high == 0 && v.p == 1);
	CHECK(paired_randomise(&p, METRIC_ACCURACY, 999, 1) == 1);
}

/* The same bytes for any number of threads. */
static void
check_threads(void)
{
	double p[3];
	struct paired_interval v[3];

	for (int t = 0; t < 3; t++) {
		struct paired few_scores = few_rows(METRIC_SPEARMAN);

		omp_set_num_threads(t + 1);
		p[t] = paired_randomise(&few_scores, METRIC_SPEARMAN, 999, 3);
		v[t] = paired_bootstrap(
		    &few_scores, METRIC_SPEARMAN, 999, 0.95, 3);
	}
	CHECK(p[0] == p[1] && p[0] == p[2]);
	for (int t = 1; t < 3; t++)
		CHECK(v[0].low == v[t].low && v[0].high == v[t].high &&
		      v[0].p == v[t].p);
}

static void
check_discordant(void)
{
	struct paired p = few_rows(METRIC_ACCURACY);
	size_t a, b;

	paired_discordant(&p, &a, &b);
	CHECK(a == 1 && b == 3);
}

static void
check_undefined(void)
{
	const double truth[] = { 1, 2, 3 }, x[] = { 1, 1, 1 };
	const double y[] = { 1, 3, 2 };
	struct paired p = { { .n = 3, .truth = truth, .score = x },
		{ .n = 3, .truth = truth, .score = y } };

	CHECK(isnan(paired_difference(&p, METRIC_PEARSON)));
	CHECK(isnan(paired_bootstrap(&p, METRIC_PEARSON, 99, 0.95, 1).p));
	CHECK(isnan(paired_randomise(&p, METRIC_SPEARMAN, 99, 1)));
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(mcnemar_cases); i++) {
		double want = mcnemar_cases[i].p;

		CHECK_NEAR("mcnemar",
		    paired_mcnemar(mcnemar_cases[i].a, mcnemar_cases[i].b),
		    want, 1e-8 * want);
		CHECK_NEAR("mcnemar turned round",
		    paired_mcnemar(mcnemar_cases[i].b, mcnemar_cases[i].a),
		    want, 1e-8 * want);
	}
	for (int m = 0; m <= METRIC_ECE; m++)
		check_few((enum metric)m);
	check_interval();
	check_threads();
	check_discordant();
	check_undefined();
	return check_done();
}
