#include "metric/calibration.h"

#include <math.h>

size_t
calibration_index(double value, size_t bins)
{
	size_t b = (size_t)(value * (double)bins);

	return b < bins ? b : bins - 1;
}

void
calibration_add(struct calibration_bin *bin, size_t bins, double confidence,
    bool right, double weight)
{
	bin += calibration_index(confidence, bins);
	bin->rows += weight;
	bin->right += right ? weight : 0;
	bin->sum += weight * confidence;
}

double
calibration_error(const struct calibration_bin *bin, size_t bins)
{
	double sum = 0, rows = 0;

	for (size_t b = 0; b < bins; b++) {
		sum += fabs(bin[b].right - bin[b].sum);
		rows += bin[b].rows;
	}
	return sum / rows;
}
