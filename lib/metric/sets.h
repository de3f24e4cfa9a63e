/*
 * Metrics of sets of labels, any number a row (multilabel): gold says which
 * labels apply, and those are guessed whose probability reaches the threshold.
 * Values are those of scikit-learn, where a share of nothing is 0
 * (zero_division).
 *
 * weight [n]: how often each row counts; NULL: once.
 */
#ifndef METRIC_SETS_H
#define METRIC_SETS_H

#include "metric/rows.h"

/* Whether label c of row i is guessed. */
bool sets_guesses(const struct rows *r, size_t i, size_t c);

/* Whether a row has all of gold's labels, and no other. */
bool sets_is_hit(const struct rows *r, size_t i);

/*
 * counts [3,classes] overwritten, as metric_count has them, of each label: the
 * rows that gold gives it, that the guess does, and that both do.
 */
void sets_count(double *counts, const struct rows *r, const double *weight);

/*
 *	accuracy	share of rows whose sets agree (exact match)
 *	hamming_loss	share of all labels of all rows that disagree
 *	f1_micro	F1 of the sums of TP, FP and FN over all labels
 *	f1_macro	mean of F1 over all labels
 *	f1_weighted	the same, weighted by their rows in gold
 *	f1_samples	mean over rows of F1 of their own labels; 0 for a row
 *			that has none and is guessed none
 * nan without rows.
 */
double sets_metric(const struct rows *r, enum metric m, const double *weight);

#endif
