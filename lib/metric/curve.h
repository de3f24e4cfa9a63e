/*
 * What scores say of a yes or no: rows, sorted by their score, are taken for
 * yes from the top down to one threshold after another.  Rows of equal score
 * fall together.  Values are those of scikit-learn at every edge.
 *
 * weight [n]: how often each row counts; NULL: once.
 */
#ifndef METRIC_CURVE_H
#define METRIC_CURVE_H

#include <stdbool.h>
#include <stddef.h>

/* n rows, sorted by descending score; the arrays are the curve's own. */
struct curve {
	size_t n;
	size_t *row;	/* where a row stood before it was sorted */
	double *score;	/* descending */
	bool *positive; /* the answer is yes */
};

/* positive [n] and score [n], finite. */
struct curve curve_make(const bool *positive, const double *score, size_t n);
void curve_free(struct curve *c);

/*
 * The area under the receiver operating characteristic (Fawcett 2006): the
 * chance that a row of yes has a higher score than one of no, ties half.  nan
 * where either is lacking.
 */
double curve_auc(const struct curve *c, const double *weight);

/*
 * Average precision: the sum over thresholds of precision times the recall
 * that it adds (Zhu 2004), without interpolation.  0 without a yes; no rows:
 * nan.
 */
double curve_precision(const struct curve *c, const double *weight);

/*
 * The largest F1 = 2 TP / (2 TP + FP + FN) of all thresholds, where rows of
 * score >= threshold are taken for yes (Lipton et al. 2014); *threshold is
 * the score that gives it, of several the lowest.  Without a yes F1 is 0 and
 * the threshold nan; no rows: both nan.
 */
double curve_f1(double *threshold, const struct curve *c, const double *weight);

#endif
