/*
 * Any metric of what one system answers to n rows.
 */
#ifndef METRIC_ROWS_H
#define METRIC_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "metric/metric.h"

/* Answers beside gold; not owned. */
struct rows {
	size_t n;
	size_t classes;		     /* 0: scores */
	const int *gold, *guess;     /* [n] classes */
	const double *probability;   /* [n,classes]; NULL: not known */
	const uint8_t *applies;	     /* multilabel: [n,classes] gold, 0 or 1,
					in place of gold and guess; else NULL */
	double threshold;	     /* multilabel: probability of a guess */
	const double *truth, *score; /* [n] gold and answers that are scores */
};

/*
 * counts [3,classes] as metric_count has them, of multilabel as sets_count,
 * both with weight; owned by the caller.
 */
double *rows_count(const struct rows *r, const double *weight);

/* nan where the metric is undefined. */
double rows_metric(const struct rows *r, enum metric m);

#endif
