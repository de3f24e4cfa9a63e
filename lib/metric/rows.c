#include "metric/rows.h"

#include "metric/probability.h"

double
rows_metric(const struct rows *r, enum metric m)
{
	struct probability *p;
	double value;

	if (metric_of_scores(m))
		return metric_scores(m, r->truth, r->score, r->n);
	if (!metric_of_probabilities(m))
		return metric_classes(m, r->gold, r->guess, r->n, r->classes);
	p = probability_open(r);
	value = probability_metric(p, m, NULL);
	probability_close(p);
	return value;
}
