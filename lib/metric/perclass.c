#include "metric/perclass.h"

static double
share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

struct perclass
perclass_of(const double *counts, size_t classes, size_t class)
{
	double right = counts[2 * classes + class];
	struct perclass p = { .support = counts[class],
		.guessed = counts[classes + class] };

	p.precision = share(right, p.guessed);
	p.recall = share(right, p.support);
	p.f1 = share(2 * right, p.support + p.guessed);
	return p;
}

static double
micro(const double *counts, size_t classes)
{
	double right = 0, both = 0;

	for (size_t c = 0; c < classes; c++) {
		right += counts[2 * classes + c];
		both += counts[c] + counts[classes + c];
	}
	return share(2 * right, both);
}

double
perclass_mean(enum metric m, const double *counts, size_t classes)
{
	double sum = 0, weights = 0;

	if (m == METRIC_F1_MICRO)
		return micro(counts, classes);
	for (size_t c = 0; c < classes; c++) {
		struct perclass p = perclass_of(counts, classes, c);
		double weight = m == METRIC_F1_WEIGHTED ? p.support
				: m == METRIC_F1_MACRO
				    ? p.support + p.guessed > 0
				    : p.support > 0;

		sum +=
		    weight * (m == METRIC_BALANCED_ACCURACY ? p.recall : p.f1);
		weights += weight;
	}
	return share(sum, weights);
}
