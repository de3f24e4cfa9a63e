/*
 * Metrics where row i stands weight[i] times, as in a resample.
 */
#ifndef METRIC_WEIGHTED_H
#define METRIC_WEIGHTED_H

#include <stddef.h>

#include "metric/probability.h"
#include "metric/rows.h"

/* rank [n] overwritten: average ranks of x [n], whose order is given. */
void weighted_ranks(double *rank, const double *x, const size_t *order,
    const double *weight, size_t n);

/* Pearson's r; nan where x or y of the rows that stand is constant. */
double weighted_pearson(
    const double *x, const double *y, const double *weight, size_t n);

/* Rows made ready for any weights, of one metric after another. */
struct weighted;

/* The arrays of r must live as long. */
struct weighted *weighted_open(const struct rows *r);
void weighted_close(struct weighted *w);

/* Any metric; counts are those of rows_count where there are classes. */
double weighted_metric(const struct weighted *w, enum metric m,
    const double *weight, const double *counts);

/* The rows' probabilities; NULL where they are not known. */
const struct probability *weighted_probability(const struct weighted *w);

#endif
