/*
 * Is one system better than another on the same rows?  Tests of one run
 * against one run (Dror et al. 2018).  A difference is that of b over a.
 *
 * The random ones are pure functions of their seed, whatever the number of
 * threads.
 */
#ifndef METRIC_PAIRED_H
#define METRIC_PAIRED_H

#include <stddef.h>
#include <stdint.h>

#include "metric/rows.h"

/*
 * What two systems answer to the same rows: all but guess, probability and
 * score is the same in both, and what a has, b has.  Of multilabel gold and
 * guess are there too: 1, and 1 or 0 for hit or miss.
 */
struct paired {
	struct rows a, b;
};

/* The metric's value of b less that of a. */
double paired_difference(const struct paired *p, enum metric m);

/* The rows that only a, and only b, gets right. */
void paired_discordant(const struct paired *p, size_t *a, size_t *b);

/*
 * McNemar's exact test, two-sided: of a + b discordant rows, each falls to
 * either side like a fair coin.  1 where there are none.
 */
double paired_mcnemar(size_t a, size_t b);

struct paired_interval {
	double low, high;
	double p;
	size_t undefined; /* resamples in which a metric had no value */
};

/*
 * The paired bootstrap: rows are drawn with replacement, the same for both,
 * resamples times.  The interval holds the share level of the differences
 * (percentiles, interpolated); p, two-sided, is the share of resamples whose
 * difference lies as far from the one observed as that lies from 0
 * (Berg-Kirkpatrick et al. 2012), (1 + count) / (1 + resamples).
 */
struct paired_interval paired_bootstrap(const struct paired *p, enum metric m,
    size_t resamples, double level, uint64_t seed);

/*
 * Approximate randomisation: the answers to each row change sides with
 * probability 1/2, resamples times; p = (1 + how often the difference is as
 * large) / (1 + resamples), two-sided (Noreen 1989).
 */
double paired_randomise(
    const struct paired *p, enum metric m, size_t resamples, uint64_t seed);

#endif
