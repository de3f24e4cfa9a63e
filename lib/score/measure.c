#include "score/measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/mem.h"

size_t
measure_values(double *value, const struct gold *g, const struct figures *f,
    const char *const *pred, size_t runs, char **split)
{
	double *one = mem_alloc(f->count, sizeof(*one));
	size_t n = 0;

	if (*split == NULL && g->split != NULL)
		*split = mem_string(g->split);
	for (size_t r = 0; r < runs; r++) {
		struct sample s = sample_read(g, pred[r], f->probabilities);
		struct rows rows = sample_rows(&s);

		n = s.n;
		figures_values(one, f, &rows);
		for (size_t i = 0; i < f->count; i++)
			value[i * runs + r] = one[i];
		sample_split(split, &s, pred[r]);
		sample_free(&s);
	}
	free(one);
	return n;
}

void
measure_scores(struct scores *out, const struct gold *g,
    const struct figures *f, const char *const *pred, size_t runs)
{
	const char *task = g->task->name;
	double *value = mem_alloc(f->count * runs, sizeof(*value));
	char *split = NULL;
	size_t n = measure_values(value, g, f, pred, runs, &split);

	if (split == NULL)
		split = mem_string("-");
	for (size_t i = 0; i < f->count; i++) {
		const double *v = value + i * runs;

		for (size_t r = 0; r < runs; r++)
			if (isnan(v[r]))
				warn(
				    "%s: %s is undefined", pred[r], f->name[i]);
		if (runs == 1)
			scores_add(out, task, split, f->name[i], v[0], n);
		else
			scores_add_runs(
			    out, task, split, f->name[i], v, runs, n);
	}
	free(split);
	free(value);
}

static void
add_interval(struct scores *out, const char *task, const char *split,
    const char *name, struct interval v, size_t n)
{
	char *low = mem_printf("%s.low", name);
	char *high = mem_printf("%s.high", name);

	scores_add(out, task, split, low, v.low, n);
	scores_add(out, task, split, high, v.high, n);
	free(low);
	free(high);
}

void
measure_intervals(struct scores *out, const struct gold *g,
    const struct figures *f, const char *pred, const struct resampling *set)
{
	struct sample s = sample_read(g, pred, f->probabilities);
	struct rows rows = sample_rows(&s);
	double *value = mem_alloc(f->count, sizeof(*value));
	struct interval *v = mem_alloc(f->count, sizeof(*v));
	char *split = mem_string(g->split != NULL  ? g->split
				 : s.split != NULL ? s.split
						   : "-");

	figures_values(value, f, &rows);
	figures_intervals(v, f, &rows, set);
	out->meta = mem_printf("resamples=%zu seed=%" PRIu64 " level=%.9g",
	    set->resamples, set->seed, set->level);
	for (size_t i = 0; i < f->count; i++) {
		if (isnan(value[i]))
			warn("%s: %s is undefined", pred, f->name[i]);
		else if (v[i].undefined > 0)
			warn("%s: undefined in %zu of %zu resamples, left out",
			    f->name[i], v[i].undefined, set->resamples);
		scores_add(
		    out, g->task->name, split, f->name[i], value[i], s.n);
		if (!figures_is_count(f, i))
			add_interval(
			    out, g->task->name, split, f->name[i], v[i], s.n);
	}
	free(split);
	free(value);
	free(v);
	sample_free(&s);
}
