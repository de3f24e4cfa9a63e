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
#include "base/num.h"
#include "base/opt.h"
#include "corpus/define.h"
#include "curate/gather.h"
#include "corpus/rawlabel.h"
#include "curate/reader.h"
#include "curate/selection.h"
#include "corpus/task.h"
#include "curate/taskdraft.h"

struct settings {
	const char *task, *split, *tasks, *out, *path;
	const char *draft; /* where a definition is to be written, or NULL */
	struct selection part;
	bool split_given, lines, csv, jsonl, multilabel;
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
		{ "tasks", 0, OPT_READ, "FILE", 0, 0, &s->tasks,
		    "definitions of your own tasks", false },
		{ "write-task", 0, OPT_STRING, "FILE", 0, 0, &s->draft,
		    "define the task by its columns and labels, there", false },
		{ "multilabel", 0, OPT_FLAG, NULL, 0, 0, &s->multilabel,
		    "with --write-task: any number of labels a row", false },
		{ "csv", 0, OPT_FLAG, NULL, 0, 0, &s->csv,
		    "commas between fields, which may stand in quotes", false },
		{ "jsonl", 0, OPT_FLAG, NULL, 0, 0, &s->jsonl,
		    "a JSON object on each line", false },
		{ "no-header", 0, OPT_FLAG, NULL, 0, 0,
		    &s->reader.file.no_header, "the first line is a row",
		    false },
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
		{ "keep-unlabelled", 0, OPT_FLAG, NULL, 0, 0,
		    &s->reader.unlabelled, "rows may have no label", false },
		{ "only-unlabelled", 0, OPT_FLAG, NULL, 0, 0, &s->reader.only,
		    "keep those alone", false },
		{ "sample", 0, OPT_STRING, "N|P%", 0, 0, &s->part.sample,
		    "a random subset of N rows or P percent", false },
		{ "fold", 0, OPT_STRING, "I/K", 0, 0, &s->part.fold,
		    "only the Ith of K random parts", false },
		{ "not-fold", 0, OPT_STRING, "I/K", 0, 0, &s->part.not_fold,
		    "everything but the Ith of K random parts", false },
		{ "stratify", 0, OPT_FLAG, NULL, 0, 0, &s->part.stratify,
		    "folds alike in labels, no text in two of them", false },
		{ "seed", 0, OPT_INT, "S", 0, 9e15, &s->part.seed,
		    "chooses the subset", false },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &s->out,
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
	if (s->task == NULL)
		die_usage("-t: which task is it?");
	selection_check(&s->part);
	if (s->csv && s->jsonl)
		die_usage("--csv and --jsonl exclude each other");
	s->reader.file.form = s->csv ? RAW_CSV : s->jsonl ? RAW_JSONL : RAW_TSV;
	for (int f = 0; f < TASK_FIELDS; f++)
		if (s->column[f] != NULL &&
		    !column_choose(&s->reader.file.choice[f], s->column[f]))
			die_usage("'%s' names no column", s->column[f]);
	if (s->numbers != NULL)
		s->reader.number = rawlabel_numbers(s->numbers);
	s->lines = strcmp(s->task, "lines") == 0;
	if (!define_name_is_good(s->split))
		die_usage("-s: '%s' cannot name a split", s->split);
	if (s->reader.only && (s->draft != NULL || s->lines))
		die_usage("--only-unlabelled goes with no --write-task or -t "
			  "lines");
	if (s->draft == NULL && s->multilabel)
		die_usage("--multilabel: only with --write-task");
	if (s->draft == NULL)
		return;
	if (s->out != NULL && strcmp(s->out, s->draft) == 0)
		die_usage("--write-task %s: -o writes that, too", s->draft);
	if (s->tasks != NULL || s->numbers != NULL || s->lines)
		die_usage("--write-task goes with no --tasks, --label-numbers "
			  "or -t lines");
}

/* The task by its definition, or a draft of one; NULL for plain lines. */
static struct task *
find_task(struct settings *s)
{
	if (s->lines)
		return NULL;
	if (s->draft != NULL && file_exists(s->draft)) {
		note("%s is there: it is read, not written", s->draft);
		s->tasks = s->draft;
		s->draft = NULL;
	}
	if (s->draft == NULL)
		return task_find(s->task, s->tasks);
	s->reader.found = numbering_new();
	return taskdraft_new(s->task, s->draft, s->reader.file.choice,
	    !s->reader.file.no_header, s->multilabel);
}

/* Labels are known when all rows are read. */
static void
finish_draft(const struct settings *s, struct task *task, size_t rows)
{
	char *labels;

	taskdraft_label(task, s->reader.found, rows);
	taskdraft_write(task);
	labels = labels_list(&task->labels);
	if (s->out != NULL && file_same(s->out, s->draft))
		die("%s: is %s, which was just written", s->out, s->draft);
	note("%s: written, with %zu label%s: %s", s->draft,
	    task->labels.classes, num_s(task->labels.classes), labels);
	free(labels);
	numbering_free(s->reader.found);
}

static void
write_rows(const struct settings *s, const struct gather *rows,
    const struct reader_count *count, bool pair)
{
	bool *keep = selection_make(&s->part, rows, file_name(s->path));
	struct file_out *out = file_write(s->out);

	fprintf(out->stream, "#mtkd examples 1");
	if (!s->lines)
		fprintf(out->stream, " task=%s", s->task);
	if (!s->lines || s->split_given)
		fprintf(out->stream, " split=%s", s->split);
	selection_put(out->stream, &s->part);
	if (count->skipped > 0)
		fprintf(out->stream, " skipped=%zu", count->skipped);
	putc('\n', out->stream);
	gather_write(rows, out->stream, pair, keep);
	file_commit(out);
	free(keep);
}

int
main(int argc, char **argv)
{
	struct settings s = { .split = "train", .part.seed = 1 };
	const struct task_split *split;
	char *found = NULL;
	struct gather *rows;
	struct reader *r;
	struct task *task;

	die_program(argv[0]);
	parse(&s, argc, argv);
	check(&s);
	task = find_task(&s);
	split = task != NULL ? task_split_find(task, s.split) : NULL;
	if (task != NULL && file_is_directory(s.path))
		s.path = found =
		    reader_file(task, split, s.path, s.reader.file.form);
	r = task == NULL ? reader_open_lines(s.path)
			 : reader_open(task, split, s.path, &s.reader);
	if (task != NULL && s.draft != NULL)
		taskdraft_settle(task, reader_columns(r));
	rows = gather_rows(r, task, s.part.stratify);
	reader_report(r);
	if (task != NULL && s.draft != NULL)
		finish_draft(&s, task, reader_counted(r)->rows);
	write_rows(&s, rows, reader_counted(r), task != NULL && task->pair);
	reader_close(r);
	gather_free(rows);
	free(found);
	task_free(task);
	file_finish();
	return 0;
}
