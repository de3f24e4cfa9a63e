#include "score/confusion.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tableout.h"

enum { MOST = 10000 }; /* labels: 10^8 numbers */

static void
write_head(FILE *out, const struct task *t, const char *split)
{
	fprintf(out, "#mtkd confusion 1 task=%s", t->name);
	if (split != NULL)
		fprintf(out, " split=%s", split);
	if (t->labels.type == TASK_MULTILABEL) {
		fputs(" type=multilabel\nlabel\ttn\tfp\tfn\ttp\n", out);
		return;
	}
	fputs("\ngold", out);
	for (size_t c = 0; c < t->labels.classes; c++)
		fprintf(out, "\t%s", t->labels.name[c]);
	putc('\n', out);
}

static void
write_row(FILE *out, const struct task *t, size_t class, const size_t *count)
{
	fputs(t->labels.name[class], out);
	for (size_t c = 0; c < t->labels.classes; c++)
		fprintf(out, "\t%zu", count[c]);
	putc('\n', out);
}

/* Gold class by gold class: the whole table may be large. */
static void
write_rows(FILE *out, const struct task *t, const struct sample *s)
{
	size_t classes = t->labels.classes;
	size_t *first = mem_zero(classes + 1, sizeof(*first));
	size_t *count = mem_alloc(classes, sizeof(*count));
	int *guess = mem_alloc(s->n, sizeof(*guess));

	for (size_t i = 0; i < s->n; i++)
		first[s->gold[i]]++;
	for (size_t c = 1; c <= classes; c++)
		first[c] += first[c - 1];
	for (size_t i = s->n; i-- > 0;)
		guess[--first[s->gold[i]]] = s->guess[i];
	for (size_t c = 0; c < classes; c++) {
		memset(count, 0, classes * sizeof(*count));
		for (size_t i = first[c]; i < first[c + 1]; i++)
			count[guess[i]]++;
		write_row(out, t, c, count);
	}
	free(first);
	free(count);
	free(guess);
}

/* Of multilabel a row for each label: its absence and presence. */
static void
write_sets(FILE *out, const struct task *t, const struct sample *s)
{
	const struct rows r = sample_rows(s);
	double *counts = rows_count(&r, NULL);
	size_t C = s->classes;

	for (size_t c = 0; c < C; c++) {
		double gold = counts[c], guess = counts[C + c];
		double both = counts[2 * C + c];

		fprintf(out, "%s\t%.0f\t%.0f\t%.0f\t%.0f\n", t->labels.name[c],
		    (double)s->n - gold - guess + both, guess - both,
		    gold - both, both);
	}
	free(counts);
}

void
confusion_write(
    const char *path, const struct gold *g, const char *pred, bool json)
{
	const struct task *t = g->task;
	char *split = g->split != NULL ? mem_string(g->split) : NULL;
	struct tableout *out;
	struct sample s;

	if (!labels_is_wide(&t->labels))
		die("%s: %s has no classes to confuse", t->path,
		    labels_type_name(t->labels.type));
	if (t->labels.type != TASK_MULTILABEL && t->labels.classes > MOST)
		die("%s: a table of %zu label%s by as many, expected %d at "
		    "most",
		    t->path, t->labels.classes, num_s(t->labels.classes), MOST);
	s = sample_read(g, pred, false);
	sample_split(&split, &s, pred);
	out = tableout_begin(path, json);
	write_head(out->stream, t, split);
	if (t->labels.type == TASK_MULTILABEL)
		write_sets(out->stream, t, &s);
	else
		write_rows(out->stream, t, &s);
	tableout_end(out, "gold|label");
	free(split);
	sample_free(&s);
}
