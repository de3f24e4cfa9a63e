#include "metric/weighted.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "metric/probability.h"
#include "metric/sets.h"

void
weighted_ranks(double *rank, const double *x, const size_t *order,
    const double *weight, size_t n)
{
	double below = 0;

	for (size_t first = 0, end; first < n; first = end) {
		double tied = 0;

		for (end = first; end < n; end++) {
			if (x[order[end]] != x[order[first]])
				break;
			tied += weight[order[end]];
		}
		for (size_t i = first; i < end; i++)
			rank[order[i]] = below + (tied + 1) / 2;
		below += tied;
	}
}

double
weighted_pearson(
    const double *x, const double *y, const double *weight, size_t n)
{
	double all = 0, mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
	double lowx = INFINITY, highx = -INFINITY;
	double lowy = INFINITY, highy = -INFINITY;

	for (size_t i = 0; i < n; i++)
		all += weight[i];
	for (size_t i = 0; i < n; i++) {
		mx += weight[i] * x[i] / all;
		my += weight[i] * y[i] / all;
		if (weight[i] > 0) {
			lowx = fmin(lowx, x[i]);
			highx = fmax(highx, x[i]);
			lowy = fmin(lowy, y[i]);
			highy = fmax(highy, y[i]);
		}
	}
	if (!(lowx < highx && lowy < highy))
		return (double)NAN;
	for (size_t i = 0; i < n; i++) {
		double dx = x[i] - mx, dy = y[i] - my;

		xx += weight[i] * dx * dx;
		yy += weight[i] * dy * dy;
		xy += weight[i] * dx * dy;
	}
	return xy / (sqrt(xx) * sqrt(yy));
}

struct weighted {
	struct rows rows;
	size_t *order[2];		 /* scores: rows by truth, by score */
	struct probability *probability; /* NULL: not known */
};

struct weighted *
weighted_open(const struct rows *r)
{
	struct weighted *w = mem_zero(1, sizeof(*w));
	const double *x[2] = { r->truth, r->score };

	w->rows = *r;
	for (size_t k = 0; r->classes == 0 && k < 2; k++) {
		w->order[k] = mem_alloc(r->n, sizeof(*w->order[k]));
		metric_order(w->order[k], x[k], r->n);
	}
	if (r->probability != NULL)
		w->probability = probability_open(r);
	return w;
}

void
weighted_close(struct weighted *w)
{
	for (size_t k = 0; k < 2; k++)
		free(w->order[k]);
	if (w->probability != NULL)
		probability_close(w->probability);
	free(w);
}

static double
weighted_spearman(const struct weighted *w, const double *weight)
{
	const struct rows *r = &w->rows;
	double *rank = mem_alloc(r->n, 2 * sizeof(*rank)), value;

	weighted_ranks(rank, r->truth, w->order[0], weight, r->n);
	weighted_ranks(rank + r->n, r->score, w->order[1], weight, r->n);
	value = weighted_pearson(rank, rank + r->n, weight, r->n);
	free(rank);
	return value;
}

double
weighted_metric(const struct weighted *w, enum metric m, const double *weight,
    const double *counts)
{
	const struct rows *r = &w->rows;

	if (m == METRIC_SPEARMAN)
		return weighted_spearman(w, weight);
	if (m == METRIC_PEARSON)
		return weighted_pearson(r->truth, r->score, weight, r->n);
	if (metric_of_probabilities(m))
		return probability_metric(w->probability, m, weight);
	if (r->applies != NULL)
		return sets_metric(r, m, weight);
	return metric_counted(m, counts, r->classes);
}

const struct probability *
weighted_probability(const struct weighted *w)
{
	return w->probability;
}
