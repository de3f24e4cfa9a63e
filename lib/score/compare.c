#include "score/compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "metric/paired.h"
#include "metric/ranksum.h"
#include "metric/summary.h"
#include "score/measure.h"

static void
add_test(struct comparisons *out, struct comparison row, char *test, double p)
{
	row.test = test;
	row.p = p;
	comparisons_add(out, &row);
}

static void
compare_metric(struct comparisons *out, struct comparison row,
    const struct paired *p, enum metric m, const struct resampling *set)
{
	struct paired_interval v =
	    paired_bootstrap(p, m, set->resamples, set->level, set->seed);
	struct comparison wide = row;
	size_t a, b;

	if (m == METRIC_ACCURACY) {
		paired_discordant(p, &a, &b);
		add_test(out, row, "mcnemar", paired_mcnemar(a, b));
	}
	wide.low = v.low;
	wide.high = v.high;
	if (v.undefined > 0)
		warn("%s: undefined in %zu of %zu resamples, left out",
		    row.metric, v.undefined, set->resamples);
	add_test(out, wide, "bootstrap", v.p);
	add_test(out, row, "randomisation",
	    paired_randomise(p, m, set->resamples, set->seed));
}

void
compare_runs(struct comparisons *out, const struct gold *g,
    const struct figures *f, const char *a, const char *b,
    const struct resampling *set)
{
	struct sample sa = sample_read(g, a, f->probabilities);
	struct sample sb = sample_read(g, b, f->probabilities);
	char *split = g->split != NULL ? mem_string(g->split) : NULL;
	struct paired pair = { sample_rows(&sa), sample_rows(&sb) };

	out->meta = mem_printf(
	    "resamples=%zu seed=%" PRIu64, set->resamples, set->seed);
	sample_split(&split, &sa, a);
	sample_split(&split, &sb, b);
	for (size_t i = 0; i < f->metrics; i++) {
		enum metric m = f->metric[i];
		struct comparison row = { .task = g->task->name,
			.split = split != NULL ? split : "-",
			.metric = f->name[i],
			.n = sa.n,
			.a = rows_metric(&pair.a, m),
			.b = rows_metric(&pair.b, m),
			.low = (double)NAN,
			.high = (double)NAN };

		row.difference = row.b - row.a;
		if (isnan(row.difference))
			warn("%s is undefined: nothing to compare", row.metric);
		compare_metric(out, row, &pair, m, set);
	}
	free(split);
	sample_free(&sa);
	sample_free(&sb);
}

static void
compare_medians(struct comparisons *out, struct comparison row, const double *a,
    size_t na, const double *b, size_t nb, double level)
{
	struct ranksum t = ranksum_test(a, na, b, nb);

	row.n = na + nb;
	row.a = summary_median(a, na);
	row.b = summary_median(b, nb);
	row.difference = t.shift;
	row.low = row.high = (double)NAN;
	row.too_few = t.least > 1 - level + 1e-12;
	if (row.too_few)
		warn("%s: %zu against %zu run%s cannot give p below %.3g: "
		     "train more seeds",
		    row.metric, na, nb, num_s(nb), t.least);
	add_test(out, row, "mann-whitney", t.p);
}

void
compare_seeds(struct comparisons *out, const struct gold *g,
    const struct figures *f, const char *const *a, size_t na,
    const char *const *b, size_t nb, const struct resampling *set)
{
	const struct task *task = g->task;
	double *va = mem_alloc(f->count * na, sizeof(*va));
	double *vb = mem_alloc(f->count * nb, sizeof(*vb));
	char *split = NULL;

	measure_values(va, g, f, a, na, &split);
	measure_values(vb, g, f, b, nb, &split);
	for (size_t m = 0; m < f->count; m++) {
		struct comparison row = { .task = task->name,
			.split = split != NULL ? split : "-",
			.metric = f->name[m] };

		compare_medians(
		    out, row, va + m * na, na, vb + m * nb, nb, set->level);
	}
	free(split);
	free(va);
	free(vb);
}
