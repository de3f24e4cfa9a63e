/*
 * Precision, recall and F1 of each class, and their means, from
 * counts [3,classes] as metric_count has them.  Values are those of
 * scikit-learn, where a share of no rows is 0 (zero_division).
 */
#ifndef METRIC_PERCLASS_H
#define METRIC_PERCLASS_H

#include <stddef.h>

#include "corpus/metricname.h"

struct perclass {
	double precision; /* TP / (TP + FP): of its guesses the right ones */
	double recall;	  /* TP / (TP + FN): of its rows the ones found */
	double f1;	  /* 2 TP / (2 TP + FP + FN), their harmonic mean */
	double support;	  /* TP + FN: its rows in gold */
	double guessed;	  /* TP + FP: its rows in guess */
};

struct perclass perclass_of(const double *counts, size_t classes, size_t class);

/*
 * The mean of f1_macro, f1_micro, f1_weighted or balanced_accuracy
 * (Sokolova and Lapalme 2009; Brodersen et al. 2010):
 *	f1_macro	of F1 over the classes that gold or guess has
 *	f1_micro	F1 of the sums of TP, FP and FN over all classes
 *	f1_weighted	of F1 over the classes, weighted by their support
 *	balanced_accuracy	of recall over the classes that gold has
 * At least one row is counted.
 */
double perclass_mean(enum metric m, const double *counts, size_t classes);

#endif
