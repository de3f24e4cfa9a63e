#include "score/confusion.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"

static void
write_head(FILE *out, const struct task *t, const char *split)
{
	fprintf(out, "#mtkd confusion 1 task=%s", t->name);
	if (split != NULL)
		fprintf(out, " split=%s", split);
	fputs("\ngold", out);
	for (size_t c = 0; c < t->labels.classes; c++)
		fprintf(out, "\t%s", t->labels.name[c]);
	putc('\n', out);
}

static void
write_row(FILE *out, const struct task *t, size_t class, const double *count)
{
	fputs(t->labels.name[class], out);
	for (size_t c = 0; c < t->labels.classes; c++)
		fprintf(out, "\t%.0f", count[c]);
	putc('\n', out);
}

void
confusion_write(const char *path, const struct gold *g, const char *pred)
{
	const struct task *t = g->task;
	size_t classes = t->labels.classes;
	char *split = g->split != NULL ? mem_string(g->split) : NULL;
	struct file_out *out;
	struct sample s;
	double *table;

	if (t->labels.type != TASK_CLASSIFICATION)
		die("%s: %s has no classes to confuse", t->path,
		    labels_type_name(t->labels.type));
	s = sample_read(g, pred, false);
	sample_split(&split, &s, pred);
	table = metric_count(s.gold, s.guess, s.n, classes);
	out = file_write(path);
	write_head(out->stream, t, split);
	for (size_t c = 0; c < classes; c++)
		write_row(out->stream, t, c, table + c * classes);
	file_commit(out);
	free(table);
	free(split);
	sample_free(&s);
}
