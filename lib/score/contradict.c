#include "score/contradict.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/example.h"
#include "score/gold.h"

/* Texts of the rows that are wanted, read from an examples table. */
struct texts {
	const struct pred *first;
	bool *wanted;  /* [rows] of the first table */
	char **a, **b; /* [rows], owned; b NULL: no column */
};

static char *
copy(const struct example_text *text)
{
	return mem_stringn(text->at, text->size);
}

static void
read_texts(struct texts *x, const char *path)
{
	struct example_table *t = example_open(path, "examples|tokens");
	struct example e;

	x->a = mem_zero(x->first->rows, sizeof(*x->a));
	if (example_has_text_b(t))
		x->b = mem_zero(x->first->rows, sizeof(*x->b));
	while (example_next(t, &e)) {
		size_t r = pred_find(x->first, e.id.at, e.id.size);

		if (r == (size_t)-1)
			die_at(path, e.line, "id '%s' was not there before",
			    e.id.at);
		if (!x->wanted[r])
			continue;
		x->a[r] = copy(&e.text_a);
		if (x->b != NULL)
			x->b[r] = copy(&e.text_b);
	}
	example_close(t);
	for (size_t r = 0; r < x->first->rows; r++)
		if (x->wanted[r] && x->a[r] == NULL)
			die_at(path, 0, "id '%s' is there no more",
			    pred_id(x->first, r));
}

static void
free_texts(struct texts *x)
{
	for (size_t r = 0; r < x->first->rows; r++) {
		if (x->a != NULL)
			free(x->a[r]);
		if (x->b != NULL)
			free(x->b[r]);
	}
	free(x->a);
	free(x->b);
	free(x->wanted);
}

/* The row that stands for an item in the output. */
static size_t
row_of(const struct pred *p, const struct softitem *item)
{
	return item->first +
	       (p->labels.type == TASK_RANKING ? item->answer : 0);
}

static bool
contradicts(const struct softitem *item)
{
	return item->label != (size_t)-1 && item->label != item->answer;
}

/* A class by its label, "-" for its absence; a candidate by its id. */
static const char *
name_of(const struct pred *p, const struct softitem *item, size_t answer)
{
	if (p->labels.type == TASK_MULTILABEL)
		return answer == 0 ? labels_column(&p->labels, item->class)
				   : "-";
	return p->labels.type == TASK_RANKING
		   ? pred_id(p, item->first + answer)
		   : labels_column(&p->labels, answer);
}

static void
put(FILE *out, const struct texts *x, const struct softitem *item)
{
	const struct pred *p = x->first;
	char label_q[NUM_TEXT], answer_q[NUM_TEXT], entropy[NUM_TEXT];
	size_t r = row_of(p, item);

	num_put(label_q, item->mean[item->label]);
	num_put(answer_q, item->mean[item->answer]);
	num_put(entropy, item->entropy);
	fprintf(out, "%s\t%s\t%s\t%s\t%s\t%zu\t%s", pred_id(p, r),
	    name_of(p, item, item->label), name_of(p, item, item->answer),
	    label_q, answer_q, item->votes, entropy);
	if (x->a != NULL)
		fprintf(out, "\t%s", x->a[r]);
	if (x->b != NULL)
		fprintf(out, "\t%s", x->b[r]);
	putc('\n', out);
}

void
contradict_print(
    FILE *out, struct softitems *t, const struct softitem_gold *gold)
{
	struct texts x = { .first = softitem_table(t) };
	struct softitem item;

	x.wanted = mem_zero(x.first->rows, sizeof(*x.wanted));
	if (x.first->labels.type == TASK_REGRESSION)
		die_at(x.first->path, 0,
		    "scores do not contradict a label; expected a table of "
		    "type classification, ranking or multilabel");
	while (softitem_next(t, &item))
		if (contradicts(&item))
			x.wanted[row_of(x.first, &item)] = true;
	if (!gold_is_pack(gold->path))
		read_texts(&x, gold->path);
	fprintf(out,
	    "id\tlabel\tanswer\tlabel_q\tanswer_q\tvotes\tentropy%s%s\n",
	    x.a != NULL ? "\ttext_a" : "", x.b != NULL ? "\ttext_b" : "");
	softitem_rewind(t);
	while (softitem_next(t, &item))
		if (contradicts(&item))
			put(out, &x, &item);
	free_texts(&x);
}
