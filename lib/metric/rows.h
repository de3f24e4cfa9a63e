/*
 * Any metric of what one system answers to n rows.
 */
#ifndef METRIC_ROWS_H
#define METRIC_ROWS_H

#include <stddef.h>

#include "metric/metric.h"

/* Answers beside gold; not owned. */
struct rows {
	size_t n;
	size_t classes;		     /* 0: scores */
	const int *gold, *guess;     /* [n] classes */
	const double *probability;   /* [n,classes]; NULL: not known */
	const double *truth, *score; /* [n] gold and answers that are scores */
};

/* nan where the metric is undefined. */
double rows_metric(const struct rows *r, enum metric m);

#endif
