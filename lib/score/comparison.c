#include "score/comparison.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tableout.h"
#include "base/tsv.h"
#include "metric/holm.h"

/* The columns of numbers, in the order of the table. */
static const struct {
	const char *name;
	size_t offset;
	double min, max;
} numbers[] = {
	{ "a", offsetof(struct comparison, a), -1, 1 },
	{ "b", offsetof(struct comparison, b), -1, 1 },
	{ "difference", offsetof(struct comparison, difference), -2, 2 },
	{ "low", offsetof(struct comparison, low), -2, 2 },
	{ "high", offsetof(struct comparison, high), -2, 2 },
	{ "p", offsetof(struct comparison, p), 0, 1 },
};

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

static double *
number(struct comparison *row, size_t i)
{
	return (double *)(void *)((char *)row + numbers[i].offset);
}

void
comparisons_add(struct comparisons *c, const struct comparison *row)
{
	struct comparison *new;

	c->row = mem_grow(c->row, &c->room, c->count + 1, sizeof(*c->row));
	new = &c->row[c->count++];
	*new = *row;
	new->task = mem_string(row->task);
	new->split = mem_string(row->split);
	new->metric = mem_string(row->metric);
	new->test = mem_string(row->test);
	new->holm = (double)NAN;
}

static double
read_number(const struct tsv *t, const struct tsv_row *row, size_t i)
{
	const char *text = row->field[tsv_need(t, numbers[i].name)];
	double value;

	if (strcmp(text, "nan") == 0)
		return (double)NAN;
	if (!num_real(text, numbers[i].min, numbers[i].max, &value))
		die_at(tsv_path(t), row->line,
		    "%s '%s', expected a number from %g to %g or nan",
		    numbers[i].name, text, numbers[i].min, numbers[i].max);
	return value;
}

void
comparisons_read(struct comparisons *c, const char *path)
{
	struct tsv *t = tsv_open(path, "compare");
	size_t task = tsv_need(t, "task"), split = tsv_need(t, "split");
	size_t metric = tsv_need(t, "metric"), test = tsv_need(t, "test");
	size_t n = tsv_need(t, "n"), last = tsv_need(t, "significant");
	size_t header = tsv_line(t);
	struct tsv_row row;

	while (tsv_next(t, &row)) {
		struct comparison new = { .task = row.field[task],
			.split = row.field[split],
			.metric = row.field[metric],
			.test = row.field[test],
			.too_few = strcmp(row.field[last], "too-few") == 0 };
		long long count;

		if (!num_int(row.field[n], 0, LLONG_MAX, &count))
			die_at(tsv_path(t), row.line,
			    "n '%s', expected a count", row.field[n]);
		new.n = (size_t)count;
		for (size_t i = 0; i < NUMBERS; i++)
			*number(&new, i) = read_number(t, &row, i);
		comparisons_add(c, &new);
	}
	if (tsv_line(t) == header)
		die("%s: no row below the header", path);
	tsv_close(t);
}

static void
adjust_test(struct comparisons *c, const char *test)
{
	double *p = mem_alloc(c->count, sizeof(*p));
	size_t *row = mem_alloc(c->count, sizeof(*row)), n = 0;

	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->row[i].test, test) == 0) {
			p[n] = c->row[i].p;
			row[n++] = i;
		}
	holm_adjust(p, p, n);
	for (size_t i = 0; i < n; i++)
		c->row[row[i]].holm = p[i];
	free(row);
	free(p);
}

void
comparisons_adjust(struct comparisons *c)
{
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->row[i].task, c->row[k].task) == 0 &&
			    strcmp(c->row[i].split, c->row[k].split) == 0 &&
			    strcmp(c->row[i].metric, c->row[k].metric) == 0 &&
			    strcmp(c->row[i].test, c->row[k].test) == 0)
				die("%s of %s %s %s stands twice",
				    c->row[i].test, c->row[i].task,
				    c->row[i].split, c->row[i].metric);
	for (size_t i = 0; i < c->count; i++)
		adjust_test(c, c->row[i].test);
	c->adjusted = true;
}

static const char *
verdict(const struct comparison *row, double p, double level)
{
	if (row->too_few)
		return "too-few";
	if (isnan(p))
		return "undefined";
	/* 1 - level is rounded: 1 - 0.9 is less than 0.1. */
	return p <= 1 - level + 1e-12 ? "yes" : "no";
}

static void
put(FILE *out, double value)
{
	char text[NUM_TEXT];

	num_put(text, value);
	fprintf(out, "\t%s", text);
}

void
comparisons_write(FILE *out, const struct comparisons *c, double level)
{
	fprintf(out, "#mtkd compare 1%s%s level=%.9g\n",
	    c->meta != NULL ? " " : "", c->meta != NULL ? c->meta : "", level);
	fprintf(out, "task\tsplit\tmetric\ttest\tn");
	for (size_t i = 0; i < NUMBERS; i++)
		fprintf(out, "\t%s", numbers[i].name);
	fprintf(out, "%s\tsignificant\n", c->adjusted ? "\tholm" : "");
	for (size_t i = 0; i < c->count; i++) {
		struct comparison *r = &c->row[i];

		fprintf(out, "%s\t%s\t%s\t%s\t%zu", r->task, r->split,
		    r->metric, r->test, r->n);
		for (size_t k = 0; k < NUMBERS; k++)
			put(out, *number(r, k));
		if (c->adjusted)
			put(out, r->holm);
		fprintf(out, "\t%s\n",
		    verdict(r, c->adjusted ? r->holm : r->p, level));
	}
}

void
comparisons_save(
    const char *path, const struct comparisons *c, double level, bool json)
{
	struct tableout *out = tableout_begin(path, json);

	comparisons_write(out->stream, c, level);
	tableout_end(out, "task|split|metric|test|significant");
}

void
comparisons_free(struct comparisons *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->row[i].task);
		free(c->row[i].split);
		free(c->row[i].metric);
		free(c->row[i].test);
	}
	free(c->row);
	free(c->meta);
}
