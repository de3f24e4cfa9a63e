#include "metric/curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "metric/metric.h"

struct curve
curve_make(const bool *positive, const double *score, size_t n)
{
	struct curve c = { .n = n,
		.row = mem_alloc(n, sizeof(*c.row)),
		.score = mem_alloc(n, sizeof(*c.score)),
		.positive = mem_alloc(n, sizeof(*c.positive)) };
	size_t *up = mem_alloc(n, sizeof(*up));

	metric_order(up, score, n);
	for (size_t i = 0; i < n; i++) {
		c.row[i] = up[n - 1 - i];
		c.score[i] = score[c.row[i]];
		c.positive[i] = positive[c.row[i]];
	}
	free(up);
	return c;
}

void
curve_free(struct curve *c)
{
	free(c->row);
	free(c->score);
	free(c->positive);
}

/* The rows above a threshold. */
struct counts {
	double yes, no;
};

/* Count the rows of the score at first, too; returns where they end. */
static size_t
step(
    struct counts *k, const struct curve *c, const double *weight, size_t first)
{
	size_t i = first;

	for (; i < c->n && c->score[i] == c->score[first]; i++) {
		double w = weight != NULL ? weight[c->row[i]] : 1;

		*(c->positive[i] ? &k->yes : &k->no) += w;
	}
	return i;
}

static struct counts
count_all(const struct curve *c, const double *weight)
{
	struct counts k = { 0 };

	for (size_t i = 0; i < c->n;)
		i = step(&k, c, weight, i);
	return k;
}

double
curve_auc(const struct curve *c, const double *weight)
{
	struct counts k = { 0 };
	double area = 0;

	for (size_t i = 0; i < c->n;) {
		struct counts last = k;

		i = step(&k, c, weight, i);
		area += (k.no - last.no) * (k.yes + last.yes) / 2;
	}
	return k.yes > 0 && k.no > 0 ? area / (k.yes * k.no) : (double)NAN;
}

double
curve_precision(const struct curve *c, const double *weight)
{
	struct counts k = { 0 };
	double sum = 0;

	for (size_t i = 0; i < c->n;) {
		double last = k.yes;

		i = step(&k, c, weight, i);
		if (k.yes > last)
			sum += (k.yes - last) * k.yes / (k.yes + k.no);
	}
	if (k.yes > 0)
		return sum / k.yes;
	return k.no > 0 ? 0 : (double)NAN;
}

double
curve_f1(double *threshold, const struct curve *c, const double *weight)
{
	struct counts all = count_all(c, weight), k = { 0 };
	double best = all.yes + all.no > 0 ? 0 : (double)NAN;

	*threshold = (double)NAN;
	for (size_t i = 0; i < c->n && all.yes > 0;) {
		size_t first = i;
		double f1, rows = k.yes + k.no;

		i = step(&k, c, weight, i);
		f1 = 2 * k.yes / (k.yes + k.no + all.yes);
		if (k.yes + k.no > rows && f1 >= best) {
			best = f1;
			*threshold = c->score[first];
		}
	}
	return best;
}
