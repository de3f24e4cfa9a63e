/*
 * glue-tasks: the definitions of tasks as a table, for scripts that name,
 * order and score what they know nothing else about.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "corpus/catalog.h"
#include "corpus/task.h"

/* Words with commas between them, or "-" where there are none. */
static void
put_list(FILE *out, char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", word[i]);
	fprintf(out, "%s\t", n > 0 ? "" : "-");
}

static void
put_split(FILE *out, const struct task *t, const struct task_split *s)
{
	fprintf(out, "%s\t%s\t", t->name, t->title);
	fprintf(out, t->place > 0 ? "%zu\t" : "-\t", t->place);
	fprintf(out, "%s\t%s\t%s\t", t->pair ? "pair" : "single",
	    labels_type_name(t->labels.type), t->head);
	put_list(out, t->labels.name, t->labels.classes);
	put_list(out, t->metric, t->metrics);
	fprintf(out, "%s\t%s\t", s->name != NULL ? s->name : "-",
	    s->labelled ? "yes" : "no");
	for (size_t i = 0; i < s->files; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", s->file[i]);
	fprintf(out, "%s\n", s->files > 0 ? "" : "-");
}

static void
put_task(FILE *out, const struct task *t)
{
	for (size_t i = 0; i < t->splits; i++)
		put_split(out, t, &t->split[i]);
}

int
main(int argc, char **argv)
{
	const char *tasks = NULL, *path = NULL;
	struct opt table[] = {
		{ "tasks", 0, OPT_READ, "FILE", 0, 0, &tasks,
		    "definitions of your own tasks", false },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &path,
		    "write there instead of to stdout", false },
	};
	const struct opt_program program = { "print the definitions of tasks "
					     "as a table",
		"[--tasks FILE] [TASK...]", table,
		sizeof(table) / sizeof(table[0]), 0, SIZE_MAX };
	struct task **task;
	struct file_out *out;
	size_t n;

	die_program(argv[0]);
	n = opt_parse(&program, argc, argv);
	if (n == 0) {
		task = catalog_read(tasks, &n);
	} else {
		task = mem_zero(n, sizeof(struct task *));
		for (size_t i = 0; i < n; i++)
			task[i] = task_find(argv[i + 1], tasks);
	}
	out = file_write(path);
	fprintf(out->stream, "#mtkd tasks 1\ntask\ttitle\tplace\tkind\ttype\t"
			     "head\tlabels\tmetrics\tsplit\tlabelled\tfile\n");
	for (size_t i = 0; i < n; i++) {
		put_task(out->stream, task[i]);
		task_free(task[i]);
	}
	free(task);
	file_commit(out);
	file_finish();
	return 0;
}
