/*
 * Comparisons of two systems, a and b, on the gold of one task.
 */
#ifndef SCORE_COMPARE_H
#define SCORE_COMPARE_H

#include <stddef.h>

#include "metric/resample.h"
#include "score/comparison.h"
#include "score/figures.h"
#include "score/gold.h"

/*
 * One run of each: append McNemar's test where the metric is accuracy, the
 * paired bootstrap with its interval and approximate randomisation, for each
 * of the metrics.
 */
void compare_runs(struct comparisons *out, const struct gold *g,
    const struct figures *f, const char *a, const char *b,
    const struct resampling *set);

/*
 * Runs of each from several seeds: append the Mann-Whitney test of each
 * metric; difference is the median of all b - a.  Where not even the most
 * extreme order would reach the level, the row says so, with a warning.
 */
void compare_seeds(struct comparisons *out, const struct gold *g,
    const struct figures *f, const char *const *a, size_t na,
    const char *const *b, size_t nb, const struct resampling *set);

#endif
