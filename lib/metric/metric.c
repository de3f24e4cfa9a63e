#include "metric/metric.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "metric/perclass.h"

static double
accuracy(const double *counts, size_t classes, double all)
{
	double right = 0;

	for (size_t c = 0; c < classes; c++)
		right += counts[2 * classes + c];
	return right / all;
}

static double
matthews(const double *counts, size_t classes, double all)
{
	double right = 0, both = 0, golds = 0, guesses = 0;

	for (size_t c = 0; c < classes; c++) {
		double gold = counts[c], guess = counts[classes + c];

		right += counts[2 * classes + c];
		both += gold * guess;
		golds += gold * gold;
		guesses += guess * guess;
	}
	golds = all * all - golds;
	guesses = all * all - guesses;
	if (golds == 0 || guesses == 0)
		return 0;
	return (right * all - both) / sqrt(golds * guesses);
}

double
metric_counted(enum metric m, const double *counts, size_t classes)
{
	double all = 0;

	assert(
	    classes > 1 && !metric_of_scores(m) && !metric_of_probabilities(m));
	for (size_t c = 0; c < classes; c++)
		all += counts[c];
	if (all == 0)
		return (double)NAN;
	if (m == METRIC_ACCURACY)
		return accuracy(counts, classes, all);
	if (m == METRIC_F1)
		return perclass_of(counts, classes, 1).f1;
	if (m == METRIC_MATTHEWS)
		return matthews(counts, classes, all);
	return perclass_mean(m, counts, classes);
}

void
metric_add(double *counts, size_t classes, int gold, int guess, double weight)
{
	assert(gold >= 0 && (size_t)gold < classes);
	assert(guess >= 0 && (size_t)guess < classes);
	counts[gold] += weight;
	counts[classes + (size_t)guess] += weight;
	if (gold == guess)
		counts[2 * classes + (size_t)gold] += weight;
}

double *
metric_count(const int *gold, const int *guess, const double *weight, size_t n,
    size_t classes)
{
	double *counts = mem_zero(3 * classes, sizeof(*counts));

	for (size_t i = 0; i < n; i++)
		metric_add(counts, classes, gold[i], guess[i],
		    weight != NULL ? weight[i] : 1);
	return counts;
}

double
metric_classes(
    enum metric m, const int *gold, const int *guess, size_t n, size_t classes)
{
	double *counts = metric_count(gold, guess, NULL, n, classes);
	double value = metric_counted(m, counts, classes);

	free(counts);
	return value;
}

struct keyed {
	double x;
	size_t row;
};

static int
by_value(const void *a, const void *b)
{
	const struct keyed *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->row > q->row) - (p->row < q->row);
}

void
metric_order(size_t *order, const double *x, size_t n)
{
	struct keyed *k = mem_alloc(n, sizeof(*k));

	for (size_t i = 0; i < n; i++)
		k[i] = (struct keyed){ x[i], i };
	qsort(k, n, sizeof(*k), by_value);
	for (size_t i = 0; i < n; i++)
		order[i] = k[i].row;
	free(k);
}

void
metric_ranks(double *rank, const double *x, size_t n)
{
	size_t *order = mem_alloc(n, sizeof(*order));

	metric_order(order, x, n);
	for (size_t first = 0, end; first < n; first = end) {
		for (end = first + 1; end < n; end++)
			if (x[order[end]] != x[order[first]])
				break;
		for (size_t i = first; i < end; i++)
			rank[order[i]] = (double)(first + 1 + end) / 2;
	}
	free(order);
}

static bool
constant(const double *x, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (x[i] != x[0])
			return false;
	return true;
}

/*
 * The mean of x and the length of x - mean, scaled by the largest part: the
 * squares of huge scores would overflow and those of tiny ones vanish.
 */
static void
centre(const double *x, size_t n, double *mean, double *length)
{
	double m = 0, rest = 0, top = 0, squares = 0;

	for (size_t i = 0; i < n; i++)
		m += x[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		rest += (x[i] - m) / (double)n;
	m += rest;
	for (size_t i = 0; i < n; i++)
		top = fmax(top, fabs(x[i] - m));
	for (size_t i = 0; i < n; i++)
		squares += (x[i] - m) / top * ((x[i] - m) / top);
	*mean = m;
	*length = top * sqrt(squares);
}

static double
pearson(const double *x, const double *y, size_t n)
{
	double mx, my, lx, ly, r = 0;

	if (n < 2 || constant(x, n) || constant(y, n))
		return (double)NAN;
	centre(x, n, &mx, &lx);
	centre(y, n, &my, &ly);
	for (size_t i = 0; i < n; i++)
		r += (x[i] - mx) / lx * ((y[i] - my) / ly);
	return fmax(-1, fmin(1, r));
}

double
metric_scores(enum metric m, const double *gold, const double *score, size_t n)
{
	double *ranks, value;

	assert(metric_of_scores(m));
	if (m == METRIC_PEARSON)
		return pearson(gold, score, n);
	ranks = mem_alloc(n, 2 * sizeof(*ranks));
	metric_ranks(ranks, gold, n);
	metric_ranks(ranks + n, score, n);
	value = pearson(ranks, ranks + n, n);
	free(ranks);
	return value;
}

int
metric_argmax(const float *row, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (row[i] > row[best])
			best = i;
	return (int)best;
}

size_t
metric_hits(
    int *hit, const float *gold, const float *score, const int *group, size_t n)
{
	size_t groups = 0;

	for (size_t first = 0, end; first < n; first = end) {
		for (end = first + 1; end < n; end++)
			if (group[end] != group[first])
				break;
		hit[groups++] =
		    gold[first +
			 (size_t)metric_argmax(score + first, end - first)] > 0;
	}
	return groups;
}
