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
#include "corpus/define.h"
#include "corpus/gather.h"
#include "corpus/rawlabel.h"
#include "corpus/reader.h"
#include "corpus/subset.h"
#include "corpus/task.h"

struct settings {
	const char *task, *split, *tasks, *out, *path;
	const char *sample_text, *fold_text, *not_fold_text;
	struct subset_sample sample;
	struct subset_fold fold;
	long long seed;
	bool split_given, lines, csv, jsonl;
	const char *column[TASK_FIELDS]; /* as given, or NULL */
	const char *numbers;
	struct reader_options reader;
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
		{ "csv", 0, OPT_FLAG, NULL, 0, 0, &s->csv,
		    "commas between fields, which may stand in quotes", false },
		{ "jsonl", 0, OPT_FLAG, NULL, 0, 0, &s->jsonl,
		    "a JSON object on each line", false },
		{ "text-a-column", 0, OPT_STRING, "C", 0, 0,
		    &s->column[TASK_TEXT_A], "the column of the first text",
		    false },
		{ "text-b-column", 0, OPT_STRING, "C", 0, 0,
		    &s->column[TASK_TEXT_B], "the column of the second text",
		    false },
		{ "label-column", 0, OPT_STRING, "C", 0, 0,
		    &s->column[TASK_LABEL], "the column of labels", false },
		{ "id-column", 0, OPT_STRING, "C", 0, 0, &s->column[TASK_ID],
		    "the column of ids", false },
		{ "group-column", 0, OPT_STRING, "C", 0, 0,
		    &s->column[TASK_GROUP], "the column of questions (ranking)",
		    false },
		{ "label-numbers", 0, OPT_STRING, "LABEL,...", 0, 0,
		    &s->numbers, "labels are numbers, of these from 0", false },
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
	if (s->csv && s->jsonl)
		die_usage("--csv and --jsonl exclude each other");
	s->reader.form = s->csv ? RAW_CSV : s->jsonl ? RAW_JSONL : RAW_TSV;
	for (int f = 0; f < TASK_FIELDS; f++)
		if (s->column[f] != NULL &&
		    !column_choose(&s->reader.choice[f], s->column[f]))
			die_usage("'%s' names no column", s->column[f]);
	if (s->numbers != NULL)
		s->reader.number = rawlabel_numbers(s->numbers);
	s->fold.outside = s->not_fold_text != NULL;
	s->lines = strcmp(s->task, "lines") == 0;
	if (!define_name_is_good(s->split))
		die_usage("-s: '%s' cannot name a split", s->split);
}

/* keep [units], owned by the caller. */
static bool *
choose(const struct gather *rows, const struct settings *s)
{
	size_t units = gather_units(rows);
	bool *keep = mem_alloc(units, sizeof(*keep));
	uint64_t seed = (uint64_t)s->seed;

	memset(keep, true, units * sizeof(*keep));
	if (s->fold.parts > 0)
		subset_cut_fold(keep, units, &s->fold, seed);
	if (s->sample_text != NULL &&
	    !subset_cut_sample(keep, units, &s->sample, seed))
		die("%s: %zu %s, too few for a sample of %s",
		    file_name(s->path), units,
		    gather_has_groups(rows) ? "groups" : "rows",
		    s->sample_text);
	return keep;
}

static void
put_provenance(
    FILE *out, const struct settings *s, const struct reader_count *count)
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
	if (count->skipped > 0)
		fprintf(out, " skipped=%zu", count->skipped);
	putc('\n', out);
}

static void
write_rows(const struct settings *s, const struct gather *rows,
    const struct reader_count *count, bool pair)
{
	struct file_out *out = file_write(s->out);
	bool *keep = choose(rows, s);

	put_provenance(out->stream, s, count);
	gather_write(rows, out->stream, pair, keep);
	file_commit(out);
	free(keep);
}

int
main(int argc, char **argv)
{
	struct settings s = { .split = "train", .seed = 1 };
	struct gather *rows;
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
			s.path = found =
			    reader_file(task, split, s.path, s.reader.form);
	}
	r = s.lines ? reader_open_lines(s.path)
		    : reader_open(task, split, s.path, &s.reader);
	rows =
	    gather_rows(r, task != NULL && task->labels.type == TASK_RANKING);
	reader_report(r);
	write_rows(&s, rows, reader_counted(r), task != NULL && task->pair);
	reader_close(r);
	gather_free(rows);
	free(found);
	task_free(task);
	file_finish();
	return 0;
}
