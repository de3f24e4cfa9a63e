/*
 * Metrics of classes and scores, among them the five of GLUE (Wang et al.
 * 2019, section 3), with the values of scikit-learn and scipy at every edge.
 * Those of probabilities are in metric/probability.h.
 *
 * All functions are pure.  A metric that is undefined is not-a-number.
 */
#ifndef METRIC_METRIC_H
#define METRIC_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/metricname.h"

/*
 * A metric of classes of guess [n] against gold [n], both in [0,classes).
 *	accuracy	share of rows that agree
 *	f1		2 TP / (2 TP + FP + FN) of class 1; 0 where TP is 0
 *	matthews	Gorodkin's R_K for any number of classes; 0 where gold
 *			or guess is constant
 * and the means over classes of metric/perclass.h.  No rows: nan.
 */
double metric_classes(
    enum metric m, const int *gold, const int *guess, size_t n, size_t classes);

/*
 * How many rows gold has of each class, how many guess has, and how many both:
 * counts [3,classes], owned by the caller.  Row i stands weight[i] times, or
 * once for NULL.
 */
double *metric_count(const int *gold, const int *guess, const double *weight,
    size_t n, size_t classes);

/* Such counts of one row more, which stands weight times. */
void metric_add(
    double *counts, size_t classes, int gold, int guess, double weight);

/* The same as metric_classes from such counts. */
double metric_counted(enum metric m, const double *counts, size_t classes);

/*
 * Pearson's r, or Spearman's (Pearson of average ranks), of score [n]
 * against gold [n], all finite.  Fewer than two rows, or either constant:
 * nan.
 */
double metric_scores(
    enum metric m, const double *gold, const double *score, size_t n);

/* rank [n] overwritten: 1-based ranks of x [n]; ties share their mean. */
void metric_ranks(double *rank, const double *x, size_t n);

/* order [n] overwritten: rows by ascending x [n], ties by row. */
void metric_order(size_t *order, const double *x, size_t n);

/* The column of the largest of row [n]; of equal ones the first. */
int metric_argmax(const float *row, size_t n);

/*
 * Ranking: rows with one group number stand together and are the candidates
 * of one question; gold [n] is above 0 for a right answer.  hit [n], of which
 * the questions' first elements are overwritten: 1 for a question whose
 * highest score [n] (of equal ones the first) is right, else 0.  Returns the
 * number of questions.  One without a right answer is never hit.
 */
size_t metric_hits(int *hit, const float *gold, const float *score,
    const int *group, size_t n);

#endif
