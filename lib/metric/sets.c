#include "metric/sets.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "metric/perclass.h"

bool
sets_guesses(const struct rows *r, size_t i, size_t c)
{
	return r->probability[i * r->classes + c] >= r->threshold;
}

/* Labels of one row: gold's, those guessed, and those that are both. */
struct counts {
	size_t gold, guessed, right;
};

static struct counts
count_row(const struct rows *r, size_t i)
{
	const uint8_t *gold = r->applies + i * r->classes;
	struct counts k = { 0 };

	for (size_t c = 0; c < r->classes; c++) {
		bool guess = sets_guesses(r, i, c);

		k.gold += gold[c];
		k.guessed += guess;
		k.right += gold[c] && guess;
	}
	return k;
}

bool
sets_is_hit(const struct rows *r, size_t i)
{
	struct counts k = count_row(r, i);

	return k.gold == k.right && k.guessed == k.right;
}

void
sets_count(double *counts, const struct rows *r, const double *weight)
{
	size_t C = r->classes;

	memset(counts, 0, 3 * C * sizeof(*counts));
	for (size_t i = 0; i < r->n; i++) {
		const uint8_t *gold = r->applies + i * C;
		double w = weight != NULL ? weight[i] : 1;

		for (size_t c = 0; c < C; c++) {
			bool guess = sets_guesses(r, i, c);

			counts[c] += gold[c] ? w : 0;
			counts[C + c] += guess ? w : 0;
			counts[2 * C + c] += gold[c] && guess ? w : 0;
		}
	}
}

/* What a row adds to a mean over rows. */
static double
value_of(const struct rows *r, enum metric m, size_t i)
{
	struct counts k = count_row(r, i);
	double wrong = (double)(k.gold + k.guessed - 2 * k.right);

	if (m == METRIC_ACCURACY)
		return wrong == 0;
	if (m == METRIC_HAMMING_LOSS)
		return wrong / (double)r->classes;
	return k.right > 0 ? 2 * (double)k.right / (double)(k.gold + k.guessed)
			   : 0;
}

static double
mean_over_rows(const struct rows *r, enum metric m, const double *weight)
{
	double sum = 0, all = 0;

	for (size_t i = 0; i < r->n; i++) {
		double w = weight != NULL ? weight[i] : 1;

		sum += w > 0 ? w * value_of(r, m, i) : 0;
		all += w;
	}
	return all > 0 ? sum / all : (double)NAN;
}

static double
mean_over_labels(const struct rows *r, enum metric m, const double *weight)
{
	size_t C = r->classes;
	double *counts = mem_alloc(C, 3 * sizeof(*counts));
	double sum = 0, value;

	sets_count(counts, r, weight);
	for (size_t c = 0; c < C; c++)
		sum += perclass_of(counts, C, c).f1;
	/* Other than a class, a label counts where nobody gives it. */
	value = m == METRIC_F1_MACRO ? sum / (double)C
				     : perclass_mean(m, counts, C);
	free(counts);
	return value;
}

double
sets_metric(const struct rows *r, enum metric m, const double *weight)
{
	assert(r->applies != NULL && r->probability != NULL);
	assert(!metric_of_probabilities(m) && !metric_of_scores(m));
	if (m == METRIC_ACCURACY || m == METRIC_HAMMING_LOSS ||
	    m == METRIC_F1_SAMPLES)
		return mean_over_rows(r, m, weight);
	return r->n > 0 ? mean_over_labels(r, m, weight) : (double)NAN;
}
