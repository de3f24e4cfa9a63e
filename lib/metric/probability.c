#include "metric/probability.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "metric/calibration.h"
#include "metric/curve.h"
#include "metric/sets.h"

struct probability {
	struct rows rows;
	struct curve *curve; /* [classes] */
	struct curve every;  /* multilabel: of all labels, row after row */
};

static bool
is_positive(const struct rows *r, size_t row, size_t class)
{
	return r->applies != NULL ? r->applies[row * r->classes + class] == 1
				  : (size_t)r->gold[row] == class;
}

static struct curve
curve_of(const struct rows *r, size_t class)
{
	bool *positive = mem_alloc(r->n, sizeof(*positive));
	double *score = mem_alloc(r->n, sizeof(*score));
	struct curve c;

	for (size_t i = 0; i < r->n; i++) {
		positive[i] = is_positive(r, i, class);
		score[i] = r->probability[i * r->classes + class];
	}
	c = curve_make(positive, score, r->n);
	free(positive);
	free(score);
	return c;
}

static struct curve
curve_of_all(const struct rows *r)
{
	size_t n = r->n * r->classes;
	bool *positive = mem_alloc(n, sizeof(*positive));
	struct curve c;

	for (size_t i = 0; i < n; i++)
		positive[i] = r->applies[i] == 1;
	c = curve_make(positive, r->probability, n);
	for (size_t i = 0; i < n; i++)
		c.row[i] /= r->classes;
	free(positive);
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
	if (r->applies != NULL)
		p->every = curve_of_all(r);
	return p;
}

void
probability_close(struct probability *p)
{
	for (size_t c = 0; c < p->rows.classes; c++)
		curve_free(&p->curve[c]);
	free(p->curve);
	curve_free(&p->every);
	free(p);
}

/* Of row i of multilabel, whose labels are answers each. */
static void
add_labels(
    struct calibration_bin *bin, const struct rows *r, size_t i, double weight)
{
	for (size_t c = 0; c < r->classes; c++) {
		double value = r->probability[i * r->classes + c];
		bool guess = sets_guesses(r, i, c);

		calibration_add(bin, CALIBRATION_BINS,
		    guess ? value : 1 - value, guess == is_positive(r, i, c),
		    weight);
	}
}

static double
calibration(const struct rows *r, const double *weight)
{
	struct calibration_bin bin[CALIBRATION_BINS] = { 0 };

	for (size_t i = 0; i < r->n; i++) {
		double once = weight != NULL ? weight[i] : 1;
		size_t guess;

		if (r->applies != NULL) {
			add_labels(bin, r, i, once);
			continue;
		}
		guess = (size_t)r->guess[i];
		calibration_add(bin, CALIBRATION_BINS,
		    r->probability[i * r->classes + guess],
		    r->guess[i] == r->gold[i], once);
	}
	return calibration_error(bin, CALIBRATION_BINS);
}

static double
curve_metric(const struct curve *c, enum metric m, const double *weight)
{
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
probability_class(const struct probability *p, enum metric m, size_t class,
    const double *weight)
{
	return curve_metric(&p->curve[class], m, weight);
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
	if (p->rows.applies != NULL &&
	    (m == METRIC_F1_BEST || m == METRIC_F1_THRESHOLD))
		return curve_metric(&p->every, m, weight);
	if (classes == 2 && p->rows.applies == NULL)
		return probability_class(p, m, 1, weight);
	for (size_t c = 0; c < classes; c++)
		sum += probability_class(p, m, c, weight);
	return sum / (double)classes;
}
