/*
 * Calibration: whether answers of confidence p are right in a share p of the
 * cases, by a histogram of equal widths over [0,1].
 */
#ifndef METRIC_CALIBRATION_H
#define METRIC_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

enum { CALIBRATION_BINS = 15 }; /* for the error (Guo et al. 2017) */

struct calibration_bin {
	double rows, right;
	double sum; /* of their confidence */
};

/* The bin of a value in [0,1]; the last holds 1. */
size_t calibration_index(double value, size_t bins);

/* Count weight rows of this confidence, all right or all wrong. */
void calibration_add(struct calibration_bin *bin, size_t bins,
    double confidence, bool right, double weight);

/*
 * Expected calibration error (Guo et al. 2017, equation 5): the mean over
 * rows of |share of right ones - mean confidence| of their bin; nan without
 * rows.
 */
double calibration_error(const struct calibration_bin *bin, size_t bins);

#endif
