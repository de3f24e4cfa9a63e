/*
 * metric: against figures of scikit-learn and scipy, at every edge.
 */
#include "check.h"
#include "metric/golden-metric.h"
#include "metric/metric.h"
#include "metric/summary.h"

/* Accuracy of each question's top candidate, as a score has it. */
static double
ranking(const float *gold, const float *score, const int *group, size_t n)
{
	int right[10] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, hit[10];
	size_t questions = metric_hits(hit, gold, score, group, n);

	return metric_classes(METRIC_ACCURACY, right, hit, questions, 2);
}

static void
check_class_case(size_t i)
{
	const enum metric which[] = { METRIC_ACCURACY, METRIC_F1,
		METRIC_MATTHEWS };
	const double want[] = { class_cases[i].accuracy, class_cases[i].f1,
		class_cases[i].matthews };

	for (size_t k = 0; k < sizeof(which) / sizeof(which[0]); k++)
		CHECK_NEAR(metric_name(which[k]),
		    metric_classes(which[k], class_cases[i].gold,
			class_cases[i].guess, class_cases[i].n,
			class_cases[i].classes),
		    want[k], 1e-14);
}

static void
check_score_case(size_t i)
{
	CHECK_NEAR("pearson",
	    metric_scores(METRIC_PEARSON, score_cases[i].gold,
		score_cases[i].score, score_cases[i].n),
	    score_cases[i].pearson, 1e-13);
	CHECK_NEAR("spearman",
	    metric_scores(METRIC_SPEARMAN, score_cases[i].gold,
		score_cases[i].score, score_cases[i].n),
	    score_cases[i].spearman, 1e-13);
}

static void
check_nothing(void)
{
	double one[] = { 1 };

	CHECK(isnan(metric_classes(METRIC_ACCURACY, NULL, NULL, 0, 2)));
	CHECK(isnan(metric_classes(METRIC_F1, NULL, NULL, 0, 2)));
	CHECK(isnan(metric_classes(METRIC_MATTHEWS, NULL, NULL, 0, 3)));
	CHECK(isnan(metric_scores(METRIC_PEARSON, one, one, 0)));
	CHECK(isnan(metric_scores(METRIC_SPEARMAN, one, one, 1)));
	CHECK(isnan(ranking(NULL, NULL, NULL, 0)));
}

static void
check_extremes(void)
{
	double x[] = { 1, 2, 4 }, huge[] = { 1e300, -1e308, 1e308 };
	double tiny[] = { 1e-300, 2e-300, 4e-300 };
	double opposite[] = { -1.7e308, 1.7e308, 1.7e308 };

	CHECK_NEAR("tiny scores do not vanish",
	    metric_scores(METRIC_PEARSON, x, tiny, 3), 1, 1e-14);
	CHECK(isfinite(metric_scores(METRIC_PEARSON, x, huge, 3)));
	CHECK_NEAR("ranks of huge scores",
	    metric_scores(METRIC_SPEARMAN, x, huge, 3), 0.5, 1e-14);
	CHECK_NEAR("ties of huge scores",
	    metric_scores(METRIC_SPEARMAN, x, opposite, 3), 0.86602540378443865,
	    1e-14);
}

static void
check_ranks(void)
{
	double x[] = { 3, 1, 3, -2, 3, 1 }, rank[6];
	double want[] = { 5, 2.5, 5, 1, 5, 2.5 };

	metric_ranks(rank, x, 6);
	CHECK(memcmp(rank, want, sizeof(want)) == 0);
}

static void
check_argmax(void)
{
	float tie[] = { 0.25f, 0.375f, 0.375f }, last[] = { 1, 2, 3 };

	CHECK(metric_argmax(tie, 3) == 1);
	CHECK(metric_argmax(last, 3) == 2);
	CHECK(metric_argmax(last, 1) == 0);
}

static void
check_ranking(void)
{
	/* won; lost; tied, the first is right; no right answer; alone */
	int group[] = { 4, 4, 4, 0, 0, 7, 7, 1, 1, 9 }, hit[10];
	float gold[] = { 0, 1, 0, 1, 0, 1, 0, 0, 0, 1 };
	float score[] = { 1, 3, 2, -5, -4, 2, 2, 1, 0, -9 };

	CHECK(metric_hits(hit, gold, score, group, 10) == 5);
	CHECK(hit[0] == 1 && hit[1] == 0 && hit[2] == 1 && hit[3] == 0 &&
	      hit[4] == 1);
	CHECK_NEAR("ranking", ranking(gold, score, group, 10), 0.6, 0);
	gold[5] = 0;
	gold[6] = 1;
	CHECK_NEAR("tied, the second is right", ranking(gold, score, group, 10),
	    0.4, 0);
}

static void
check_summary(void)
{
	double odd[] = { 3, 1, 2 }, even[] = { 4, 1, 3, 2 };
	double undefined[] = { 1, (double)NAN, 2 };
	struct summary s = summary_of(even, 4);

	CHECK(s.n == 4 && s.min == 1 && s.max == 4);
	CHECK(s.median == 2.5 && s.mean == 2.5);
	CHECK_NEAR("sd over n - 1", s.sd, 1.2909944487358056, 1e-15);
	CHECK(summary_median(odd, 3) == 2);
	CHECK(isnan(summary_of(odd, 1).sd));
	CHECK(summary_of(odd, 1).median == 3);
	s = summary_of(undefined, 3);
	CHECK(isnan(s.min) && isnan(s.median) && isnan(s.mean) && isnan(s.max));
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(class_cases) / sizeof(class_cases[0]);
	     i++)
		check_class_case(i);
	for (size_t i = 0; i < sizeof(score_cases) / sizeof(score_cases[0]);
	     i++)
		check_score_case(i);
	for (int m = 0; m < METRIC_COUNT; m++)
		CHECK(metric_find(metric_name((enum metric)m)) == m);
	CHECK(metric_find("auc") == -1);
	check_nothing();
	check_extremes();
	check_ranks();
	check_argmax();
	check_ranking();
	check_summary();
	return check_done();
}
