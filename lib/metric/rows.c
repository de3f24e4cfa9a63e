#include "metric/rows.h"

#include "base/mem.h"
#include "metric/probability.h"
#include "metric/sets.h"

double *
rows_count(const struct rows *r, const double *weight)
{
	double *counts;

	if (r->applies == NULL)
		return metric_count(
		    r->gold, r->guess, weight, r->n, r->classes);
	counts = mem_alloc(r->classes, 3 * sizeof(*counts));
	sets_count(counts, r, weight);
	return counts;
}

double
rows_metric(const struct rows *r, enum metric m)
{
	struct probability *p;
	double value;

	if (metric_of_scores(m))
		return metric_scores(m, r->truth, r->score, r->n);
	if (!metric_of_probabilities(m) && r->applies != NULL)
		return sets_metric(r, m, NULL);
	if (!metric_of_probabilities(m))
		return metric_classes(m, r->gold, r->guess, r->n, r->classes);
	p = probability_open(r);
	value = probability_metric(p, m, NULL);
	probability_close(p);
	return value;
}
