#include "metric/perclass.h"

static double
share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

struct perclass
perclass_of(const double *table, size_t classes, size_t class)
{
	double right = table[class * classes + class];
	struct perclass p = { 0 };

	for (size_t c = 0; c < classes; c++) {
		p.support += table[class * classes + c];
		p.guessed += table[c * classes + class];
	}
	p.precision = share(right, p.guessed);
	p.recall = share(right, p.support);
	p.f1 = share(2 * right, p.support + p.guessed);
	return p;
}

/* Each row has one guess, so that FP and FN are the same rows. */
static double
micro(const double *table, size_t classes)
{
	double right = 0, all = 0;

	for (size_t c = 0; c < classes; c++) {
		right += table[c * classes + c];
		all += perclass_of(table, classes, c).support;
	}
	return share(right, all);
}

double
perclass_mean(enum metric m, const double *table, size_t classes)
{
	double sum = 0, weights = 0;

	if (m == METRIC_F1_MICRO)
		return micro(table, classes);
	for (size_t c = 0; c < classes; c++) {
		struct perclass p = perclass_of(table, classes, c);
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
