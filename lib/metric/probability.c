#include "metric/probability.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "metric/calibration.h"
#include "metric/curve.h"

struct probability {
	struct rows rows;
	struct curve *curve; /* [classes] */
};

static struct curve
curve_of(const struct rows *r, size_t class)
{
	bool *positive = mem_alloc(r->n, sizeof(*positive));
	double *score = mem_alloc(r->n, sizeof(*score));
	struct curve c;

	for (size_t i = 0; i < r->n; i++) {
		positive[i] = (size_t)r->gold[i] == class;
		score[i] = r->probability[i * r->classes + class];
	}
	c = curve_make(positive, score, r->n);
	free(positive);
	free(score);
	return c;
}

struct probability *
probability_open(const struct rows *r)
{
	struct probability *p = mem_zero(1, sizeof(*p));

	assert(r->classes > 1 && r->probability != NULL);
	p->rows = *r;
	p->curve = mem_alloc(r->classes, sizeof(*p->curve));
	for (size_t c = 0; c < r->classes; c++)
		p->curve[c] = curve_of(r, c);
	return p;
}

void
probability_close(struct probability *p)
{
	for (size_t c = 0; c < p->rows.classes; c++)
		curve_free(&p->curve[c]);
	free(p->curve);
	free(p);
}

static double
calibration(const struct rows *r, const double *weight)
{
	struct calibration_bin bin[CALIBRATION_BINS] = { 0 };

	for (size_t i = 0; i < r->n; i++) {
		size_t guess = (size_t)r->guess[i];

		calibration_add(bin, CALIBRATION_BINS,
		    r->probability[i * r->classes + guess],
		    r->guess[i] == r->gold[i], weight != NULL ? weight[i] : 1);
	}
	return calibration_error(bin, CALIBRATION_BINS);
}

double
probability_class(const struct probability *p, enum metric m, size_t class,
    const double *weight)
{
	const struct curve *c = &p->curve[class];
	double best, threshold;

	assert(metric_of_one_class(m));
	if (m == METRIC_ROC_AUC)
		return curve_auc(c, weight);
	if (m == METRIC_AVERAGE_PRECISION)
		return curve_precision(c, weight);
	best = curve_f1(&threshold, c, weight);
	return m == METRIC_F1_BEST ? best : threshold;
}

double
probability_metric(
    const struct probability *p, enum metric m, const double *weight)
{
	size_t classes = p->rows.classes;
	double sum = 0;

	assert(metric_of_probabilities(m));
	if (m == METRIC_ECE)
		return calibration(&p->rows, weight);
	if (classes == 2)
		return probability_class(p, m, 1, weight);
	for (size_t c = 0; c < classes; c++)
		sum += probability_class(p, m, c, weight);
	return sum / (double)classes;
}
