#include "score/submit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/task.h"
#include "data/pred.h"
#include "metric/metric.h"

static const struct file {
	const char *name, *task, *split;
	size_t rows; /* of the benchmark's test set */
} files[SUBMIT_FILES] = {
	{ "CoLA.tsv", "cola", "test", 1063 },
	{ "SST-2.tsv", "sst2", "test", 1821 },
	{ "MRPC.tsv", "mrpc", "test", 1725 },
	{ "STS-B.tsv", "stsb", "test", 1379 },
	{ "MNLI-m.tsv", "mnli", "test_matched", 9796 },
	{ "MNLI-mm.tsv", "mnli", "test_mismatched", 9847 },
	{ "QNLI.tsv", "qnli", "test", 5463 },
	{ "QQP.tsv", "qqp", "test", 390965 },
	{ "RTE.tsv", "rte", "test", 3000 },
	{ "WNLI.tsv", "wnli", "test", 146 },
	{ "AX.tsv", "ax", "test", 1104 },
};

struct entry {
	struct pred *pred; /* NULL: missing */
	size_t *row;	   /* [pred rows] in the order of test.tsv */
};

static size_t
file_of(const struct pred *p)
{
	if (p->task == NULL || p->split == NULL)
		die("%s: its first line does not name task and split, "
		    "which choose the file",
		    p->path);
	for (size_t f = 0; f < SUBMIT_FILES; f++)
		if (strcmp(files[f].task, p->task) == 0 &&
		    strcmp(files[f].split, p->split) == 0)
			return f;
	die("%s: GLUE's server takes no file for task '%s', split '%s'",
	    p->path, p->task, p->split);
}

static void
check_labels(const struct file *f, const struct pred *p)
{
	struct task *t = task_find(f->task, NULL);

	if (p->labels.type != t->labels.type)
		die("%s: predictions of type %s, expected %s", p->path,
		    labels_type_name(p->labels.type),
		    labels_type_name(t->labels.type));
	for (size_t c = 0; c < p->labels.classes; c++) {
		const char *name = p->labels.name[c];

		if (labels_find(&t->labels, name, strlen(name)) < 0)
			die("%s: label '%s', which %s does not have", p->path,
			    name, f->name);
	}
	task_free(t);
}

/* The order of test.tsv: every number from 0 on once. */
static size_t *
order_of(const struct pred *p)
{
	size_t *order = mem_alloc(p->rows, sizeof(*order));

	/* Ids are unique, but "1" and "01" are one number. */
	for (size_t i = 0; i < p->rows; i++)
		order[i] = (size_t)-1;
	for (size_t i = 0; i < p->rows; i++) {
		long long index;

		if (!num_int(pred_id(p, i), 0, (long long)p->rows - 1, &index))
			die_at(p->path, p->line[i],
			    "id '%s', expected a row of test.tsv from 0 to "
			    "%zu",
			    pred_id(p, i), p->rows - 1);
		if (order[index] != (size_t)-1)
			die_at(p->path, p->line[i], "id '%s' stands twice",
			    pred_id(p, i));
		order[index] = i;
	}
	return order;
}

static void
read_entries(struct entry *entry, const char *const *pred, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct pred *p = pred_read(pred[i]);
		size_t f = file_of(p);

		if (entry[f].pred != NULL)
			die("%s: %s is there already, from %s", p->path,
			    files[f].name, entry[f].pred->path);
		check_labels(&files[f], p);
		entry[f].pred = p;
		entry[f].row = order_of(p);
		if (p->rows != files[f].rows)
			warn("%s: %zu row%s, but GLUE's test set has %zu",
			    p->path, p->rows, num_s(p->rows), files[f].rows);
	}
}

static void
check_missing(const struct entry *entry, bool partial)
{
	struct buf missing = { 0 };

	for (size_t f = 0; f < SUBMIT_FILES; f++)
		if (entry[f].pred == NULL)
			buf_print(&missing, " %s", files[f].name);
	if (missing.size > 0 && !partial)
		die("no predictions for%s (or --partial)",
		    buf_string(&missing));
	if (missing.size > 0)
		warn("no submission without%s", buf_string(&missing));
	buf_free(&missing);
}

static void
write_file(const char *folder, const struct file *f, const struct entry *e)
{
	const struct pred *p = e->pred;
	char *path = file_join(folder, f->name);
	struct file_out *out = file_write(path);

	fprintf(out->stream, "index\tprediction\n");
	for (size_t i = 0; i < p->rows; i++) {
		const float *row = p->value + e->row[i] * p->width;

		if (p->labels.type == TASK_REGRESSION)
			fprintf(out->stream, "%zu\t%.3f\n", i,
			    row[0] > 0 ? fmin((double)row[0], 5) : 0);
		else
			fprintf(out->stream, "%zu\t%s\n", i,
			    p->labels.name[metric_argmax(row, p->width)]);
	}
	file_commit(out);
	free(path);
}

static void
check_apart(const char *folder, const struct entry *entry,
    const char *const *pred, size_t n)
{
	for (size_t f = 0; f < SUBMIT_FILES; f++) {
		char *path = file_join(folder, files[f].name);

		for (size_t i = 0; entry[f].pred != NULL && i < n; i++)
			apart_check(path, pred[i]);
		free(path);
	}
}

void
submit_write(
    const char *folder, const char *const *pred, size_t n, bool partial)
{
	struct entry entry[SUBMIT_FILES] = { { 0 } };

	read_entries(entry, pred, n);
	check_missing(entry, partial);
	check_apart(folder, entry, pred, n);
	file_make_directory(folder);
	for (size_t f = 0; f < SUBMIT_FILES; f++) {
		if (entry[f].pred == NULL)
			continue;
		write_file(folder, &files[f], &entry[f]);
		pred_free(entry[f].pred);
		free(entry[f].row);
	}
}
