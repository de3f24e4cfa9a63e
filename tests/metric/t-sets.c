/*
 * Metrics of sets of labels: against figures of scikit-learn and numpy, at
 * random and at every edge; with weights against rows that stand so often;
 * tests of two systems against all their swaps.
 */
#include <stdlib.h>

#include "check.h"
#include "metric/golden-sets.h"
#include "metric/paired.h"
#include "metric/perclass.h"
#include "metric/sets.h"
#include "metric/weighted.h"

static const enum metric order[] = { METRIC_ACCURACY, METRIC_HAMMING_LOSS,
	METRIC_F1_MICRO, METRIC_F1_MACRO, METRIC_F1_WEIGHTED, METRIC_F1_SAMPLES,
	METRIC_ROC_AUC, METRIC_AVERAGE_PRECISION, METRIC_F1_BEST,
	METRIC_F1_THRESHOLD, METRIC_ECE };

static struct rows
case_rows(size_t i)
{
	return (struct rows){ .n = set_cases[i].n,
		.classes = set_cases[i].classes,
		.applies = set_cases[i].gold,
		.probability = set_cases[i].p,
		.threshold = set_cases[i].threshold };
}

/* A label's counts in gold, in the guess and in both. */
static void
check_class(const struct rows *r, const double *counts, size_t c,
    const double *want, const double *table)
{
	struct perclass p = perclass_of(counts, r->classes, c);
	double both = counts[2 * r->classes + c];

	CHECK_NEAR("precision", p.precision, want[0], 1e-12);
	CHECK_NEAR("recall", p.recall, want[1], 1e-12);
	CHECK_NEAR("f1", p.f1, want[2], 1e-12);
	CHECK_NEAR("support", p.support, want[3], 0);
	CHECK_NEAR(
	    "tn", (double)r->n - p.support - p.guessed + both, table[0], 0);
	CHECK_NEAR("fp", p.guessed - both, table[1], 0);
	CHECK_NEAR("fn", p.support - both, table[2], 0);
	CHECK_NEAR("tp", both, table[3], 0);
}

static void
check_case(size_t i)
{
	struct rows r = case_rows(i);
	struct probability *sorted = probability_open(&r);
	double *counts = rows_count(&r, NULL);
	double hits = 0;

	for (size_t k = 0; k < COUNT(order); k++)
		CHECK_NEAR(metric_name(order[k]), rows_metric(&r, order[k]),
		    set_cases[i].value[k], 1e-12);
	for (size_t c = 0; c < r.classes; c++) {
		const double *want = set_cases[i].each + 6 * c;

		check_class(&r, counts, c, want, set_cases[i].table + 4 * c);
		CHECK_NEAR("roc_auc",
		    probability_class(sorted, METRIC_ROC_AUC, c, NULL), want[4],
		    1e-12);
		CHECK_NEAR("average_precision",
		    probability_class(
			sorted, METRIC_AVERAGE_PRECISION, c, NULL),
		    want[5], 1e-12);
	}
	for (size_t k = 0; k < r.n; k++)
		hits += sets_is_hit(&r, k);
	CHECK_NEAR("hits", hits / (double)r.n, set_cases[i].value[0], 1e-12);
	probability_close(sorted);
	free(counts);
}

/* Weights of 0 to 3 are rows that stand so often. */
static void
check_weights(size_t i)
{
	struct rows r = case_rows(i), often = r;
	size_t C = r.classes;
	struct weighted *w = weighted_open(&r);
	double *got, want[15], weight[20], p[300];
	uint8_t gold[300];

	often.n = 0;
	for (size_t k = 0; k < r.n; k++) {
		weight[k] = (double)((k * 7 + 3) % 4);
		for (int t = 0; t < (int)weight[k]; t++, often.n++)
			for (size_t c = 0; c < C; c++) {
				gold[often.n * C + c] = r.applies[k * C + c];
				p[often.n * C + c] = r.probability[k * C + c];
			}
	}
	often.applies = gold;
	often.probability = p;
	for (size_t k = 0; k < COUNT(order); k++)
		CHECK_NEAR(metric_name(order[k]),
		    weighted_metric(w, order[k], weight, NULL),
		    rows_metric(&often, order[k]), 1e-12);
	got = rows_count(&r, weight);
	sets_count(want, &often, NULL);
	CHECK(memcmp(got, want, 3 * C * sizeof(*got)) == 0);
	free(got);
	weighted_close(w);
}

/* --- two systems --- */

enum { FEW = 6, DRAWS = 20000 };

static const uint8_t few_gold[2 * FEW] = { 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1 };
static const double few_a[2 * FEW] = { .9, .6, .4, .7, .6, .4, .7, .2, .8, .3,
	.3, .9 };
static const double few_b[2 * FEW] = { .8, .3, .6, .9, .2, .1, .4, .7, .9, .6,
	.8, .3 };

/* The share of all swaps with a difference as large. */
static double
all_swaps(const struct paired *p, enum metric m, double difference)
{
	int far = 0;

	for (unsigned s = 0; s < 1u << FEW; s++) {
		double x[2 * FEW], y[2 * FEW];
		struct paired q = *p;
		double d;

		for (unsigned k = 0; k < 2 * FEW; k++) {
			bool swap = s >> k / 2 & 1;

			x[k] = swap ? p->b.probability[k] : p->a.probability[k];
			y[k] = swap ? p->a.probability[k] : p->b.probability[k];
		}
		q.a.probability = x;
		q.b.probability = y;
		d = paired_difference(&q, m);
		far += !(fabs(d) < fabs(difference) - 1e-12);
	}
	return far / (double)(1u << FEW);
}

static void
check_paired(enum metric m)
{
	static const int gold[FEW] = { 1, 1, 1, 1, 1, 1 };
	static const int a[FEW] = { 0, 0, 0, 0, 1, 0 };
	static const int b[FEW] = { 1, 1, 1, 1, 0, 0 };
	struct rows ra = { .n = FEW,
		.classes = 2,
		.gold = gold,
		.guess = a,
		.applies = few_gold,
		.probability = few_a,
		.threshold = .5 };
	struct paired p = { ra, ra };
	struct paired_interval v;
	double d, want;

	p.b.guess = b;
	p.b.probability = few_b;
	v = paired_bootstrap(&p, m, DRAWS, 0.9, 7);
	d = paired_difference(&p, m);
	want = all_swaps(&p, m, d);
	CHECK_NEAR("difference", d, rows_metric(&p.b, m) - rows_metric(&p.a, m),
	    1e-15);
	CHECK_NEAR("p over all swaps", paired_randomise(&p, m, DRAWS, 7), want,
	    4 * sqrt(want * (1 - want) / DRAWS) + 1e-3);
	CHECK(v.low <= d && d <= v.high && v.low < v.high);
	CHECK(v.p > 0 && v.p <= 1);
	for (size_t k = 0; k < FEW; k++)
		CHECK(sets_is_hit(&p.a, k) == a[k] &&
		      sets_is_hit(&p.b, k) == b[k]);
}

int
main(void)
{
	struct rows none = { .classes = 2,
		.applies = few_gold,
		.probability = few_a,
		.threshold = .5 };

	for (size_t i = 0; i < COUNT(set_cases); i++) {
		check_case(i);
		check_weights(i);
	}
	for (size_t k = 0; k < COUNT(order); k++) {
		if (order[k] != METRIC_F1_THRESHOLD)
			check_paired(order[k]);
		CHECK_NAMED(
		    metric_name(order[k]), isnan(rows_metric(&none, order[k])));
	}
	return check_done();
}
