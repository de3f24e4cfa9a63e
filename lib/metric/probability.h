/*
 * Metrics of the probabilities of classes:
 *	roc_auc		metric/curve.h; of two classes that of class 1, of
 *			more the mean over classes, each against the rest
 *	average_precision	likewise
 *	f1_best		the largest F1 of class 1 of any threshold on its
 *			probability; two classes
 *	f1_threshold	that threshold
 *	ece		of the guess's probability, metric/calibration.h
 *
 * Of sets of labels (multilabel) roc_auc and average_precision are means over
 * the labels, f1_best is the largest micro F1 of any one threshold, and ece is
 * over all labels of all rows: of the probability p of a label that is guessed,
 * 1 - p of one that is not.
 *
 * What is sorted once serves any weights: the resamples of a bootstrap.
 */
#ifndef METRIC_PROBABILITY_H
#define METRIC_PROBABILITY_H

#include <stddef.h>

#include "metric/rows.h"

struct probability;

/* The arrays of r must live as long; it has classes and probabilities. */
struct probability *probability_open(const struct rows *r);
void probability_close(struct probability *p);

/*
 * A metric where row i counts weight[i] times, or once for NULL.  nan where
 * it is undefined: for a class without rows, or without other rows, roc_auc
 * is; without rows all are.
 */
double probability_metric(
    const struct probability *p, enum metric m, const double *weight);

/* The same, metric_of_one_class, of a class against all others. */
double probability_class(const struct probability *p, enum metric m,
    size_t class, const double *weight);

#endif
