#include "score/figures.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/text.h"
#include "metric/perclass.h"
#include "metric/probability.h"
#include "metric/weighted.h"

/* Whether each class has a figure of this metric, which it need not suit. */
static bool
is_of_each(const struct figures *f, enum metric m)
{
	return f->classes > 0 && metric_of_one_class(m);
}

static void
add_metric(struct figures *f, const struct labels *l, enum metric m)
{
	if (metric_suits(m, l))
		f->metric[f->metrics++] = m;
	if (is_of_each(f, m))
		f->curve[f->curves++] = m;
	f->probabilities |= metric_of_probabilities(m);
}

static bool
holds(const enum metric *list, size_t n, enum metric m)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == m)
			return true;
	return false;
}

/* A name that the task, or the command line, asks for. */
static void
take(struct figures *f, const struct task *t, const char *name)
{
	int found = metric_find(name);
	enum metric m = (enum metric)found;

	if (found < 0)
		die_usage("--metrics: '%s', expected all or among %s%s", name,
		    text_list(metric_names, SIZE_MAX, ", "),
		    near_text(name, metric_names, SIZE_MAX));
	if (!metric_suits(m, &t->labels) && !is_of_each(f, m))
		die("%s: metric '%s' does not suit %s with %zu label%s",
		    t->path, name, labels_type_name(t->labels.type),
		    t->labels.classes, num_s(t->labels.classes));
	if (holds(f->metric, f->metrics, m) || holds(f->curve, f->curves, m))
		die_usage("--metrics: '%s' stands twice", name);
	add_metric(f, &t->labels, m);
}

static void
take_list(struct figures *f, const struct task *t, const char *list)
{
	char *copy = mem_string(list), *name = copy, *end;

	for (; name != NULL; name = end) {
		end = strchr(name, ',');
		if (end != NULL)
			*end++ = '\0';
		take(f, t, name);
	}
	free(copy);
}

/* Figures of one class. */
static size_t
stride(const struct figures *f)
{
	return FIGURES + f->curves;
}

static void
name_figures(struct figures *f, const struct labels *l)
{
	static const char *const word[FIGURES] = { "precision", "recall", "f1",
		"support" };
	char **name;

	f->count = f->metrics + f->classes * stride(f);
	f->name = name = mem_alloc(f->count, sizeof(*f->name));
	for (size_t i = 0; i < f->metrics; i++)
		*name++ = mem_string(metric_name(f->metric[i]));
	for (size_t c = 0; c < f->classes; c++) {
		for (size_t k = 0; k < FIGURES; k++)
			*name++ = mem_printf("%s:%s", word[k], l->name[c]);
		for (size_t k = 0; k < f->curves; k++)
			*name++ = mem_printf(
			    "%s:%s", metric_name(f->curve[k]), l->name[c]);
	}
}

struct figures
figures_choose(const struct task *t, const char *list, bool classes)
{
	struct figures f = { 0 };

	if (classes && !labels_is_wide(&t->labels))
		die("%s: %s has no figures of each class", t->path,
		    labels_type_name(t->labels.type));
	f.classes = classes ? t->labels.classes : 0;
	if (list != NULL && strcmp(list, "all") == 0) {
		for (int m = 0; m < METRIC_COUNT; m++)
			if (metric_suits((enum metric)m, &t->labels) ||
			    is_of_each(&f, (enum metric)m))
				add_metric(&f, &t->labels, (enum metric)m);
	} else if (list != NULL) {
		take_list(&f, t, list);
	} else {
		for (size_t i = 0; i < t->metrics; i++)
			take(&f, t, t->metric[i]);
	}
	name_figures(&f, &t->labels);
	return f;
}

void
figures_free(struct figures *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->name[i]);
	free(f->name);
}

bool
figures_is_count(const struct figures *f, size_t i)
{
	return i >= f->metrics &&
	       (i - f->metrics) % stride(f) == FIGURE_SUPPORT;
}

/* The figures of each class, from the counts of gold by guess. */
static void
fill_classes(double *value, const struct figures *f, const double *counts)
{
	value += f->metrics;
	for (size_t c = 0; c < f->classes; c++, value += stride(f)) {
		struct perclass p = perclass_of(counts, f->classes, c);

		value[FIGURE_PRECISION] = p.precision;
		value[FIGURE_RECALL] = p.recall;
		value[FIGURE_F1] = p.f1;
		value[FIGURE_SUPPORT] = p.support;
	}
}

/* Those that the probabilities of each class give; weight as there. */
static void
fill_curves(double *value, const struct figures *f, const struct probability *p,
    const double *weight)
{
	value += f->metrics + FIGURES;
	for (size_t c = 0; c < f->classes; c++, value += stride(f))
		for (size_t k = 0; k < f->curves; k++)
			value[k] = probability_class(p, f->curve[k], c, weight);
}

void
figures_values(double *value, const struct figures *f, const struct rows *r)
{
	struct probability *p = f->probabilities ? probability_open(r) : NULL;
	double *counts;

	for (size_t i = 0; i < f->metrics; i++)
		value[i] = metric_of_probabilities(f->metric[i])
			       ? probability_metric(p, f->metric[i], NULL)
			       : rows_metric(r, f->metric[i]);
	if (f->classes > 0) {
		counts = rows_count(r, NULL);
		fill_classes(value, f, counts);
		free(counts);
		fill_curves(value, f, p, NULL);
	}
	if (p != NULL)
		probability_close(p);
}

/* The values of one resample: value [count] with a stride. */
static void
draw(double *value, size_t stride, const struct figures *f,
    const struct rows *r, const struct weighted *w, struct rng key)
{
	double *weight = mem_alloc(r->n, sizeof(*weight));
	double *counts = NULL;
	double *one = mem_alloc(f->count, sizeof(*one));

	resample_weights(weight, key, resample_rows(r->n));
	if (r->classes > 0)
		counts = rows_count(r, weight);
	for (size_t i = 0; i < f->metrics; i++)
		one[i] = weighted_metric(w, f->metric[i], weight, counts);
	fill_classes(one, f, counts);
	fill_curves(one, f, weighted_probability(w), weight);
	for (size_t i = 0; i < f->count; i++)
		value[i * stride] = one[i];
	free(weight);
	free(counts);
	free(one);
}

void
figures_intervals(struct interval *out, const struct figures *f,
    const struct rows *r, const struct resampling *set)
{
	size_t n = set->resamples;
	double *value = mem_alloc(f->count * n, sizeof(*value));
	struct weighted *w = weighted_open(r);
	uint64_t stream = rng_stream("bootstrap");

#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		draw(value + i, n, f, r, w, rng_key(set->seed, stream, i));
	for (size_t i = 0; i < f->count; i++)
		out[i] = resample_interval(value + i * n, n, set->level);
	weighted_close(w);
	free(value);
}
