#include "score/glue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "metric/metric.h"
#include "metric/summary.h"

enum { TASKS = 9, PARTS = 2, RUNS_MAX = 100000 };

/* A task and the figures whose mean is its value. */
static const struct {
	const char *name;
	struct {
		const char *suffix; /* of the split */
		enum metric metric;
	} part[PARTS];
	size_t parts;
} tasks[TASKS] = {
	{ "cola", { { "", METRIC_MATTHEWS } }, 1 },
	{ "sst2", { { "", METRIC_ACCURACY } }, 1 },
	{ "mrpc", { { "", METRIC_ACCURACY }, { "", METRIC_F1 } }, 2 },
	{ "stsb", { { "", METRIC_PEARSON }, { "", METRIC_SPEARMAN } }, 2 },
	{ "qqp", { { "", METRIC_ACCURACY }, { "", METRIC_F1 } }, 2 },
	{ "mnli",
	    { { "_matched", METRIC_ACCURACY },
		{ "_mismatched", METRIC_ACCURACY } },
	    2 },
	{ "qnli", { { "", METRIC_ACCURACY } }, 1 },
	{ "rte", { { "", METRIC_ACCURACY } }, 1 },
	{ "wnli", { { "", METRIC_ACCURACY } }, 1 },
};

struct run {
	const struct score *row; /* NULL: not there */
};

/* One figure of a task in all its runs. */
struct part {
	struct run *run; /* [runs] */
	size_t runs, room;
};

struct table {
	struct part part[TASKS][PARTS];
	char *split;		   /* of all rows, without suffix */
	const struct score *first; /* that named it */
};

/* The run of a row, from 0, if it is a value of the metric; else -1. */
static long long
run_of(const struct score *s, enum metric m)
{
	size_t n = strlen(metric_name(m));
	long long run;

	if (strncmp(s->metric, metric_name(m), n) != 0)
		return -1;
	if (s->metric[n] == '\0')
		return 0;
	if (strncmp(s->metric + n, ".run", 4) != 0 ||
	    !num_int(s->metric + n + 4, 1, RUNS_MAX, &run))
		return -1;
	return run - 1;
}

/* The split without the suffix, owned by the caller; NULL if it lacks that. */
static char *
base_of(const char *split, const char *suffix)
{
	if (!text_ends(split, suffix))
		return NULL;
	return mem_stringn(split, strlen(split) - strlen(suffix));
}

static void
put(struct part *p, const struct score *s, size_t run)
{
	size_t old = p->room;

	p->run = mem_grow(p->run, &p->room, run + 1, sizeof(*p->run));
	for (; old < p->room; old++)
		p->run[old].row = NULL;
	if (p->run[run].row != NULL)
		die_at(s->path, s->line,
		    "%s %s %s stands twice, also in %s:%zu", s->task, s->split,
		    s->metric, p->run[run].row->path, p->run[run].row->line);
	p->run[run].row = s;
	if (run + 1 > p->runs)
		p->runs = run + 1;
}

/* Put a row where it counts, if it does. */
static void
place(struct table *t, const struct score *s, const char *split, size_t task,
    size_t part)
{
	long long run = run_of(s, tasks[task].part[part].metric);
	char *base = base_of(s->split, tasks[task].part[part].suffix);

	if (run >= 0 && base != NULL && split != NULL &&
	    strcmp(base, split) != 0)
		run = -1;
	if (run < 0 || base == NULL) {
		free(base);
		return;
	}
	if (t->split != NULL && strcmp(t->split, base) != 0)
		die_at(s->path, s->line,
		    "split '%s', but '%s' in %s:%zu: choose one (--split)",
		    base, t->split, t->first->path, t->first->line);
	if (t->split == NULL) {
		t->split = mem_string(base);
		t->first = s;
	}
	put(&t->part[task][part], s, (size_t)run);
	free(base);
}

static void
collect(struct table *t, const struct scores *in, const char *split)
{
	for (size_t i = 0; i < in->count; i++)
		for (size_t k = 0; k < TASKS; k++)
			for (size_t p = 0; p < tasks[k].parts; p++)
				if (strcmp(in->row[i].task, tasks[k].name) == 0)
					place(t, &in->row[i], split, k, p);
}

/* Name what is missing of a task: "rte", or "mrpc:f1", "mnli:matched". */
static bool
is_missing(const struct table *t, size_t task, struct buf *missing)
{
	size_t there = 0;

	for (size_t p = 0; p < tasks[task].parts; p++)
		there += t->part[task][p].runs > 0;
	if (there == tasks[task].parts)
		return false;
	for (size_t p = 0; p < tasks[task].parts; p++) {
		const char *suffix = tasks[task].part[p].suffix;

		if (t->part[task][p].runs > 0 || (there == 0 && p > 0))
			continue;
		buf_print(missing, "%s%s", missing->size > 0 ? "," : "",
		    tasks[task].name);
		if (there > 0)
			buf_print(missing, ":%s",
			    suffix[0] == '_'
				? suffix + 1
				: metric_name(tasks[task].part[p].metric));
	}
	return true;
}

static void
check_runs(const struct table *t, size_t task)
{
	const struct part *first = &t->part[task][0];

	for (size_t p = 0; p < tasks[task].parts; p++) {
		const struct part *q = &t->part[task][p];

		for (size_t r = 0; r < q->runs; r++)
			if (q->run[r].row == NULL)
				die("%s: %s has run %zu but no run %zu",
				    q->run[q->runs - 1].row->path,
				    tasks[task].name, q->runs, r + 1);
		if (q->runs != first->runs)
			die("%s: %s %s has %zu run%s, but %s %zu",
			    q->run[0].row->path, tasks[task].name,
			    q->run[0].row->metric, q->runs, num_s(q->runs),
			    first->run[0].row->metric, first->runs);
	}
}

/* The task's GLUE value of each run, owned by the caller. */
static double *
values(const struct table *t, size_t task)
{
	size_t parts = tasks[task].parts, runs = t->part[task][0].runs;
	double *v = mem_zero(runs, sizeof(*v));

	for (size_t r = 0; r < runs; r++) {
		for (size_t p = 0; p < parts; p++)
			v[r] += t->part[task][p].run[r].row->value;
		v[r] /= (double)parts;
		if (isnan(v[r]))
			warn("the value of %s is undefined", tasks[task].name);
	}
	return v;
}

static void
add(struct scores *out, const char *task, const char *split, const double *v,
    size_t runs, size_t n)
{
	if (runs == 1)
		scores_add(out, task, split, "glue", v[0], n);
	else
		scores_add_runs(out, task, split, "glue", v, runs, n);
}

struct macro {
	double *sum; /* [runs] of the tasks' values */
	double medians;
	size_t runs, count;
	bool even; /* all tasks have these runs */
};

static void
add_task(
    struct scores *out, struct macro *m, const struct table *t, size_t task)
{
	size_t runs = t->part[task][0].runs;
	double *v;

	check_runs(t, task);
	v = values(t, task);
	add(out, tasks[task].name, t->split, v, runs, tasks[task].parts);
	if (m->count++ == 0) {
		m->sum = mem_zero(runs, sizeof(*m->sum));
		m->runs = runs;
		m->even = true;
	}
	m->even &= runs == m->runs;
	m->medians += summary_median(v, runs);
	for (size_t r = 0; m->even && r < runs; r++)
		m->sum[r] += v[r];
	free(v);
}

static void
add_macro(
    struct scores *out, struct macro *m, const char *name, const char *split)
{
	for (size_t r = 0; m->even && r < m->runs; r++)
		m->sum[r] /= (double)m->count;
	if (m->even)
		add(out, name, split, m->sum, m->runs, m->count);
	else
		warn("tasks differ in their runs: no median of macros");
	if (!m->even || m->runs > 1)
		scores_add(out, name, split, "glue.macro_of_medians",
		    m->medians / (double)m->count, m->count);
}

char *
glue_score(struct scores *out, const struct scores *in, const char *split,
    bool partial)
{
	struct table t = { 0 };
	struct macro m = { 0 };
	struct buf missing = { 0 };

	collect(&t, in, split);
	for (size_t k = 0; k < TASKS; k++)
		if (!is_missing(&t, k, &missing))
			add_task(out, &m, &t, k);
	if (m.count == 0)
		die("no scores of GLUE tasks%s%s",
		    split != NULL ? " of split " : "",
		    split != NULL ? split : "");
	if (missing.size > 0 && !partial)
		die("no GLUE score without %s (or --partial)",
		    buf_string(&missing));
	if (missing.size > 0)
		warn("the mean of %zu of 9 tasks, without %s", m.count,
		    buf_string(&missing));
	add_macro(out, &m, missing.size > 0 ? "glue-partial" : "glue", t.split);
	for (size_t k = 0; k < TASKS; k++)
		for (size_t p = 0; p < PARTS; p++)
			free(t.part[k][p].run);
	free(t.split);
	free(m.sum);
	if (missing.size > 0)
		buf_string(&missing);
	return missing.data;
}
