/*
 * glue-read: the file of a task, as published, becomes a table of examples.
 *
 * Everything that differs from task to task is in its definition
 * (share/tasks); what comes after this tool knows tables alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "corpus/example.h"
#include "corpus/numbering.h"
#include "corpus/reader.h"
#include "corpus/spool.h"
#include "corpus/subset.h"
#include "corpus/task.h"

struct settings {
	const char *task, *split, *tasks, *out, *path;
	const char *sample_text, *fold_text, *not_fold_text;
	struct subset_sample sample;
	struct subset_fold fold;
	long long seed;
	bool split_given, lines;
};

/* The rows, set aside, and the unit (row or group) that each belongs to. */
struct rows {
	struct spool *spool;
	size_t *unit; /* NULL: every row is a unit */
	size_t room, units;
	struct reader_count count;
};

static void
parse(struct settings *s, int argc, char **argv)
{
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &s->task,
		    "the task, or lines: plain lines of text", false },
		{ "split", 's', OPT_STRING, "SPLIT", 0, 0, &s->split,
		    "which file layout of the task", false },
		{ "tasks", 0, OPT_STRING, "FILE", 0, 0, &s->tasks,
		    "definitions of your own tasks", false },
		{ "sample", 0, OPT_STRING, "N|P%", 0, 0, &s->sample_text,
		    "a random subset of N rows or P percent", false },
		{ "fold", 0, OPT_STRING, "I/K", 0, 0, &s->fold_text,
		    "only the Ith of K random parts", false },
		{ "not-fold", 0, OPT_STRING, "I/K", 0, 0, &s->not_fold_text,
		    "everything but the Ith of K random parts", false },
		{ "seed", 0, OPT_INT, "S", 0, 9e15, &s->seed,
		    "chooses the subset", false },
		{ "output", 'o', OPT_STRING, "FILE", 0, 0, &s->out,
		    "write there instead of to stdout", false },
	};
	struct opt_program program = { "a task's own file becomes examples",
		"-t TASK [-s SPLIT] [options] [FILE|FOLDER]", table,
		sizeof(table) / sizeof(table[0]), 0, 1 };

	s->path = opt_parse(&program, argc, argv) > 0 ? argv[1] : "-";
	s->split_given = opt_find(&program, "split")->given;
}

static void
check(struct settings *s)
{
	const char *fold =
	    s->fold_text != NULL ? s->fold_text : s->not_fold_text;

	if (s->task == NULL)
		die_usage("-t: which task is it?");
	if (s->fold_text != NULL && s->not_fold_text != NULL)
		die_usage("--fold and --not-fold exclude each other");
	if (s->sample_text != NULL &&
	    !subset_parse_sample(&s->sample, s->sample_text))
		die_usage("--sample: '%s': expected a number of rows, or a "
			  "percentage as in 10%%",
		    s->sample_text);
	if (fold != NULL && !subset_parse_fold(&s->fold, fold))
		die_usage("--%s: '%s': expected I/K, 1 <= I <= K, K >= 2",
		    s->fold_text != NULL ? "fold" : "not-fold", fold);
	s->fold.outside = s->not_fold_text != NULL;
	s->lines = strcmp(s->task, "lines") == 0;
	if (!task_name_is_good(s->split))
		die_usage("-s: '%s' cannot name a split", s->split);
}

static void
read_rows(struct rows *rows, struct reader *r, bool ranking)
{
	struct numbering *groups = ranking ? numbering_new() : NULL;
	struct example e;
	char number[24];

	rows->spool = spool_create();
	while (reader_next(r, &e)) {
		size_t row = spool_rows(rows->spool);

		if (ranking) {
			rows->unit = mem_grow(rows->unit, &rows->room, row + 1,
			    sizeof(*rows->unit));
			rows->unit[row] =
			    numbering_of(groups, e.group.at, e.group.size);
			e.group.size = (size_t)snprintf(
			    number, sizeof(number), "%zu", rows->unit[row]);
			e.group.at = number;
		}
		example_put(spool_stream(rows->spool), &e);
		spool_end(rows->spool);
	}
	spool_close(rows->spool);
	rows->units =
	    ranking ? numbering_count(groups) : spool_rows(rows->spool);
	rows->count = *reader_counted(r);
	if (ranking)
		numbering_free(groups);
}

/* keep [units], owned by the caller. */
static bool *
choose(const struct rows *rows, const struct settings *s)
{
	bool *keep = mem_alloc(rows->units, sizeof(*keep));
	uint64_t seed = (uint64_t)s->seed;

	memset(keep, true, rows->units * sizeof(*keep));
	if (s->fold.parts > 0)
		subset_cut_fold(keep, rows->units, &s->fold, seed);
	if (s->sample_text != NULL &&
	    !subset_cut_sample(keep, rows->units, &s->sample, seed))
		die("%s: %zu %s, too few for a sample of %s",
		    file_name(s->path), rows->units,
		    rows->unit != NULL ? "groups" : "rows", s->sample_text);
	return keep;
}

static void
put_row(FILE *out, const struct rows *rows, size_t row)
{
	size_t size;
	const char *text = spool_row(rows->spool, row, &size);

	fwrite(text, 1, size, out);
}

/* Candidates of one group stand together, groups as they first appeared. */
static void
put_groups(FILE *out, const struct rows *rows, const bool *keep)
{
	size_t n = spool_rows(rows->spool);
	size_t *end = mem_zero(rows->units + 1, sizeof(*end));
	size_t *order = mem_alloc(n, sizeof(*order));

	for (size_t i = 0; i < n; i++)
		end[rows->unit[i] + 1]++;
	for (size_t u = 0; u < rows->units; u++)
		end[u + 1] += end[u];
	for (size_t i = 0; i < n; i++)
		order[end[rows->unit[i]]++] = i;
	for (size_t i = 0; i < n; i++)
		if (keep[rows->unit[order[i]]])
			put_row(out, rows, order[i]);
	free(order);
	free(end);
}

static void
put_provenance(FILE *out, const struct settings *s, const struct rows *rows)
{
	fprintf(out, "#mtkd examples 1");
	if (!s->lines)
		fprintf(out, " task=%s", s->task);
	if (!s->lines || s->split_given)
		fprintf(out, " split=%s", s->split);
	if (s->fold_text != NULL)
		fprintf(out, " fold=%s", s->fold_text);
	if (s->not_fold_text != NULL)
		fprintf(out, " not_fold=%s", s->not_fold_text);
	if (s->sample_text != NULL)
		fprintf(out, " sample=%s", s->sample_text);
	if (s->fold.parts > 0 || s->sample_text != NULL)
		fprintf(out, " seed=%lld", s->seed);
	if (rows->count.skipped > 0)
		fprintf(out, " skipped=%zu", rows->count.skipped);
	putc('\n', out);
}

static void
write_rows(const struct settings *s, const struct rows *rows, bool pair)
{
	struct file_out *out = file_write(s->out);
	bool *keep = choose(rows, s);

	put_provenance(out->stream, s, rows);
	example_put_header(out->stream, pair, rows->unit != NULL);
	if (rows->unit != NULL)
		put_groups(out->stream, rows, keep);
	else
		for (size_t i = 0; i < rows->units; i++)
			if (keep[i])
				put_row(out->stream, rows, i);
	file_commit(out);
	free(keep);
}

int
main(int argc, char **argv)
{
	struct settings s = { .split = "train", .seed = 1 };
	struct rows rows = { 0 };
	struct task *task = NULL;
	const struct task_split *split = NULL;
	char *found = NULL;
	struct reader *r;

	die_program(argv[0]);
	parse(&s, argc, argv);
	check(&s);
	if (!s.lines) {
		task = task_find(s.task, s.tasks);
		split = task_split_find(task, s.split);
		if (file_is_directory(s.path))
			s.path = found = reader_file(task, split, s.path);
	}
	r = s.lines ? reader_open_lines(s.path)
		    : reader_open(task, split, s.path);
	read_rows(&rows, r, task != NULL && task->labels.type == TASK_RANKING);
	reader_report(r);
	write_rows(&s, &rows, task != NULL && task->pair);
	reader_close(r);
	spool_free(rows.spool);
	free(rows.unit);
	free(found);
	task_free(task);
	file_finish();
	return 0;
}
