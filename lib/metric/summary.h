/*
 * A few values of one quantity, one for each seed, in short.
 */
#ifndef METRIC_SUMMARY_H
#define METRIC_SUMMARY_H

#include <stddef.h>

struct summary {
	size_t n;
	double min, median, mean, max;
	double sd; /* over n - 1; nan for one value */
};

/*
 * The summary of x [n], n > 0.  The median of an even number is the mean of
 * the two in the middle.  One undefined value makes all of it undefined.
 */
struct summary summary_of(const double *x, size_t n);

/* The median alone. */
double summary_median(const double *x, size_t n);

#endif
