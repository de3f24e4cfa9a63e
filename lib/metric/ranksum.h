/*
 * Is one training better than another over its seeds?  The rank-sum test of
 * Mann, Whitney and Wilcoxon on two samples of one metric.
 */
#ifndef METRIC_RANKSUM_H
#define METRIC_RANKSUM_H

#include <stdbool.h>
#include <stddef.h>

enum { RANKSUM_EXACT = 40 }; /* up to so many values in all */

struct ranksum {
	double u;     /* pairs in which b is above a, ties count half */
	double shift; /* the median of all b - a (Hodges and Lehmann 1963) */
	double p;     /* two-sided */
	double least; /* the smallest p that so many values without ties give */
	bool exact;
};

/* a [na] and b [nb], none of them empty; a nan makes u, shift and p nan. */
struct ranksum ranksum_test(
    const double *a, size_t na, const double *b, size_t nb);

/*
 * The share of all ways to part the values, ties kept, whose rank sum lies as
 * far from its mean as this one; scipy's method "exact" where nothing is tied.
 */
double ranksum_exact(const double *a, size_t na, const double *b, size_t nb);

/*
 * The normal approximation with continuity and tie correction; 1 where all
 * values are equal; scipy's method "asymptotic".
 */
double ranksum_normal(const double *a, size_t na, const double *b, size_t nb);

#endif
