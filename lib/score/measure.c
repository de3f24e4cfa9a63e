#include "score/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"

size_t
measure_values(double *value, const struct gold *g, const char *const *pred,
    size_t runs, char **split)
{
	const struct task *t = g->task;
	size_t n = 0;

	if (*split == NULL && g->split != NULL)
		*split = mem_string(g->split);
	for (size_t r = 0; r < runs; r++) {
		struct sample s = sample_read(g, pred[r]);

		n = s.n;
		for (size_t m = 0; m < t->metrics; m++)
			value[m * runs + r] = sample_metric(
			    &s, sample_metric_find(t, t->metric[m]));
		sample_split(split, &s, pred[r]);
		sample_free(&s);
	}
	return n;
}

void
measure_scores(struct scores *out, const struct gold *g,
    const char *const *pred, size_t runs)
{
	const struct task *t = g->task;
	double *value = mem_alloc(t->metrics * runs, sizeof(*value));
	char *split = NULL;
	size_t n = measure_values(value, g, pred, runs, &split);

	if (split == NULL)
		split = mem_string("-");
	for (size_t m = 0; m < t->metrics; m++) {
		const double *v = value + m * runs;

		for (size_t r = 0; r < runs; r++)
			if (isnan(v[r]))
				warn("%s: %s is undefined", pred[r],
				    t->metric[m]);
		if (runs == 1)
			scores_add(out, t->name, split, t->metric[m], v[0], n);
		else
			scores_add_runs(
			    out, t->name, split, t->metric[m], v, runs, n);
	}
	free(split);
	free(value);
}
