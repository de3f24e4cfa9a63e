/*
 * Metrics of classes and of their probabilities: against figures of
 * scikit-learn and numpy, at random and at every edge; with weights against
 * rows that stand so often.
 */
#include <stdlib.h>

#include "check.h"
#include "metric/golden-answers.h"
#include "metric/perclass.h"
#include "metric/probability.h"
#include "metric/weighted.h"

static const enum metric order[] = { METRIC_F1_MACRO, METRIC_F1_MICRO,
	METRIC_F1_WEIGHTED, METRIC_BALANCED_ACCURACY, METRIC_ROC_AUC,
	METRIC_AVERAGE_PRECISION, METRIC_F1_BEST, METRIC_F1_THRESHOLD,
	METRIC_ECE };

static bool
needs_two(enum metric m)
{
	return m == METRIC_F1_BEST || m == METRIC_F1_THRESHOLD;
}

static struct rows
case_rows(size_t i, int guess[40])
{
	struct rows r = { .n = answer_cases[i].n,
		.classes = answer_cases[i].classes,
		.gold = answer_cases[i].gold,
		.guess = guess,
		.probability = answer_cases[i].p };

	for (size_t k = 0; k < r.n; k++) {
		const double *p = r.probability + k * r.classes;

		guess[k] = 0;
		for (size_t c = 1; c < r.classes; c++)
			if (p[c] > p[guess[k]])
				guess[k] = (int)c;
	}
	return r;
}

static void
check_case(size_t i)
{
	int guess[40];
	struct rows r = case_rows(i, guess);
	double *counts = metric_count(r.gold, r.guess, NULL, r.n, r.classes);
	struct probability *sorted = probability_open(&r);

	for (size_t k = 0; k < COUNT(order); k++)
		if (r.classes == 2 || !needs_two(order[k]))
			CHECK_NEAR(metric_name(order[k]),
			    rows_metric(&r, order[k]), answer_cases[i].value[k],
			    1e-12);
	for (size_t c = 0; c < r.classes; c++) {
		struct perclass p = perclass_of(counts, r.classes, c);
		const double *want = answer_cases[i].each + c * 8;

		CHECK_NEAR("precision", p.precision, want[0], 1e-14);
		CHECK_NEAR("recall", p.recall, want[1], 1e-14);
		CHECK_NEAR("f1", p.f1, want[2], 1e-14);
		CHECK_NEAR("support", p.support, want[3], 0);
		for (size_t k = 0; k < 4; k++)
			CHECK_NEAR("one class",
			    probability_class(sorted,
				(enum metric)(METRIC_ROC_AUC + k), c, NULL),
			    want[4 + k], 1e-12);
	}
	probability_close(sorted);
	free(counts);
}

/* Rows with weights 0, 1, 2 and 3 beside rows that stand so often. */
static void
check_weights(size_t i)
{
	int guess[40], gold[120], answer[120];
	struct rows r = case_rows(i, guess), often = r;
	double weight[40], p[600], *counts;
	struct weighted *w = weighted_open(&r);

	often.n = 0;
	for (size_t k = 0; k < r.n; k++) {
		weight[k] = (double)((k * 7 + 3) % 4);
		for (int times = 0; times < (int)weight[k]; times++) {
			gold[often.n] = r.gold[k];
			answer[often.n] = guess[k];
			memcpy(p + often.n++ * r.classes,
			    r.probability + k * r.classes,
			    r.classes * sizeof(*p));
		}
	}
	often.gold = gold;
	often.guess = answer;
	often.probability = p;
	counts = rows_count(&r, weight);
	for (size_t k = 0; k < COUNT(order); k++)
		if (r.classes == 2 || !needs_two(order[k]))
			CHECK_NEAR(metric_name(order[k]),
			    weighted_metric(w, order[k], weight, counts),
			    rows_metric(&often, order[k]), 1e-12);
	free(counts);
	weighted_close(w);
}

/* The same of scores. */
static void
check_weighted_scores(void)
{
	const double truth[] = { 1, 2, 2, 5 }, score[] = { 3, 1, 4, 4 };
	const double truths[] = { 1, 1, 2, 5, 5, 5 };
	const double scores[] = { 3, 3, 4, 4, 4, 4 };
	const double weight[] = { 2, 0, 1, 3 };
	struct rows r = { .n = 4, .truth = truth, .score = score };
	struct weighted *w = weighted_open(&r);

	for (int m = METRIC_PEARSON; m <= METRIC_SPEARMAN; m++)
		CHECK_NEAR(metric_name((enum metric)m),
		    weighted_metric(w, (enum metric)m, weight, NULL),
		    metric_scores((enum metric)m, truths, scores, 6), 1e-14);
	weighted_close(w);
}

static void
check_nothing(void)
{
	const double p[] = { 0 };
	struct rows r = { .classes = 2, .probability = p };

	for (size_t k = 0; k < COUNT(order); k++)
		CHECK_NAMED(
		    metric_name(order[k]), isnan(rows_metric(&r, order[k])));
}

/* What fits which labels, and which metrics a task may name. */
static void
check_names(void)
{
	struct labels two = { TASK_CLASSIFICATION, 2, NULL }, three = two;
	struct labels score = { TASK_REGRESSION, 0, NULL };
	struct labels rank = { TASK_RANKING, 2, NULL };
	struct labels sets = { TASK_MULTILABEL, 3, NULL };
	int n[5] = { 0 }, goals = 0;

	three.classes = 3;
	for (int k = 0; k < METRIC_COUNT; k++) {
		enum metric m = (enum metric)k;

		n[0] += metric_suits(m, &two);
		n[1] += metric_suits(m, &three);
		n[2] += metric_suits(m, &score);
		n[3] += metric_suits(m, &rank);
		n[4] += metric_suits(m, &sets);
		goals += metric_is_quality(m);
	}
	CHECK(n[0] == 12 && n[1] == 9 && n[2] == 2 && n[3] == 2);
	CHECK(n[4] == 11);
	CHECK(goals == METRIC_COUNT - 3);
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(answer_cases); i++) {
		check_case(i);
		check_weights(i);
	}
	check_weighted_scores();
	check_nothing();
	check_names();
	return check_done();
}
