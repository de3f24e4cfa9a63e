#include "score/scores.h"

#include <dirent.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tableout.h"
#include "base/text.h"
#include "base/tsv.h"
#include "metric/summary.h"

void
scores_add(struct scores *s, const char *task, const char *split,
    const char *metric, double value, size_t n)
{
	s->row = mem_grow(s->row, &s->room, s->count + 1, sizeof(*s->row));
	s->row[s->count++] = (struct score){ mem_string(task),
		mem_string(split), mem_string(metric), value, n, NULL, 0 };
}

static void
add_suffixed(struct scores *s, const char *task, const char *split,
    const char *name, const char *suffix, double value, size_t n)
{
	char *metric = mem_printf("%s.%s", name, suffix);

	scores_add(s, task, split, metric, value, n);
	free(metric);
}

void
scores_add_runs(struct scores *s, const char *task, const char *split,
    const char *name, const double *value, size_t runs, size_t n)
{
	struct summary m = summary_of(value, runs);

	for (size_t r = 0; r < runs; r++) {
		char *run = mem_printf("run%zu", r + 1);

		add_suffixed(s, task, split, name, run, value[r], n);
		free(run);
	}
	add_suffixed(s, task, split, name, "min", m.min, runs);
	add_suffixed(s, task, split, name, "median", m.median, runs);
	add_suffixed(s, task, split, name, "mean", m.mean, runs);
	add_suffixed(s, task, split, name, "sd", m.sd, runs);
	add_suffixed(s, task, split, name, "max", m.max, runs);
}

static double
read_value(const struct tsv *t, const struct tsv_row *row, const char *text)
{
	double value;

	if (strcmp(text, "nan") == 0)
		return (double)NAN;
	if (!num_real(text, -DBL_MAX, DBL_MAX, &value))
		die_at(tsv_path(t), row->line,
		    "value '%s', expected a number or nan", text);
	return value;
}

void
scores_read(struct scores *s, const char *path)
{
	struct tsv *t = tsv_open(path, "scores");
	size_t task = tsv_need(t, "task"), split = tsv_need(t, "split");
	size_t metric = tsv_need(t, "metric"), value = tsv_need(t, "value");
	size_t n = tsv_need(t, "n");
	struct tsv_row row;
	long long count;

	s->path =
	    mem_grow(s->path, &s->paths_room, s->paths + 1, sizeof(*s->path));
	s->path[s->paths++] = mem_string(tsv_path(t));
	while (tsv_next(t, &row)) {
		char **f = row.field;

		if (!num_int(f[n], 0, LLONG_MAX, &count))
			die_at(tsv_path(t), row.line,
			    "n '%s', expected a count", f[n]);
		scores_add(s, f[task], f[split], f[metric],
		    read_value(t, &row, f[value]), (size_t)count);
		s->row[s->count - 1].path = s->path[s->paths - 1];
		s->row[s->count - 1].line = row.line;
	}
	tsv_close(t);
}

/* Its first line says so, be it provenance or header. */
static bool
is_scores(const char *path)
{
	static const char *const starts[] = { "#mtkd scores ",
		"task\tsplit\tmetric\tvalue\tn\n" };
	char line[64];
	bool is = false;
	FILE *f = file_read(path);

	if (fgets(line, sizeof(line), f) != NULL)
		for (size_t i = 0; i < 2; i++)
			is |= text_starts(line, starts[i]);
	fclose(f);
	return is;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names that end in .tsv, sorted: the order of a folder is anyone's. */
static char **
list(const char *path, size_t *count)
{
	DIR *d = opendir(path);
	struct dirent *e;
	char **name = NULL;
	size_t room = 0;

	if (d == NULL)
		die("%s:", path);
	*count = 0;
	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		if (!text_ends(e->d_name, ".tsv"))
			continue;
		name = mem_grow(name, &room, *count + 1, sizeof(*name));
		name[(*count)++] = file_join(path, e->d_name);
	}
	if (errno != 0)
		die("%s:", path);
	closedir(d);
	if (*count > 0)
		qsort(name, *count, sizeof(*name), by_name);
	return name;
}

static void
read_directory(struct scores *s, const char *path)
{
	size_t count, passed = 0;
	char **name = list(path, &count);

	for (size_t i = 0; i < count; i++) {
		if (!file_is_directory(name[i]) && is_scores(name[i]))
			scores_read(s, name[i]);
		else
			passed++;
		free(name[i]);
	}
	free(name);
	if (passed == count) {
		kind_refuse_model(path, KIND_SCORES);
		die("%s: no score table *.tsv there", path);
	}
	if (passed > 0)
		note("%s: %zu of %zu *.tsv are no score tables, passed over",
		    path, passed, count);
}

void
scores_read_all(struct scores *s, const char *path)
{
	if (file_is_directory(path))
		read_directory(s, path);
	else
		scores_read(s, path);
}

void
scores_write(FILE *out, const struct scores *s)
{
	char text[NUM_TEXT];

	fprintf(out, "#mtkd scores 1%s%s\n", s->meta != NULL ? " " : "",
	    s->meta != NULL ? s->meta : "");
	fprintf(out, "task\tsplit\tmetric\tvalue\tn\n");
	for (size_t i = 0; i < s->count; i++) {
		const struct score *r = &s->row[i];

		num_put(text, r->value);
		fprintf(out, "%s\t%s\t%s\t%s\t%zu\n", r->task, r->split,
		    r->metric, text, r->n);
	}
}

void
scores_save(const char *path, const struct scores *s, bool json)
{
	struct tableout *out = tableout_begin(path, json);

	scores_write(out->stream, s);
	tableout_end(out, "task|split|metric");
}

void
scores_free(struct scores *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->row[i].task);
		free(s->row[i].split);
		free(s->row[i].metric);
	}
	for (size_t i = 0; i < s->paths; i++)
		free(s->path[i]);
	free(s->row);
	free(s->path);
	free(s->meta);
}
