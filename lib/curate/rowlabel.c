#include "curate/rowlabel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/labelset.h"
#include "corpus/rawlabel.h"

struct rowlabel {
	const struct task *task;
	const char *path;
	struct rawlabel_table *table;
	struct numbering *found; /* or NULL */
	char whole[NUM_TEXT];
	struct labelset words; /* multilabel, where any label is taken */
	int *class;	       /* multilabel: [classes] of the row */
	size_t classes, class_room;
	struct buf set;
	size_t scores;
	double highest;		    /* of them */
	size_t commas, first_comma; /* rows with commas within a label */
};

/* So many of them that they should show the task's whole range. */
enum { MANY_SCORES = 20 };

struct rowlabel *
rowlabel_new(const struct task *task, const struct task_words *number,
    struct numbering *found, const char *path)
{
	struct rowlabel *r = mem_zero(1, sizeof(*r));

	r->task = task;
	r->path = path;
	r->found = found;
	r->table = rawlabel_open(task, number);
	return r;
}

void
rowlabel_free(struct rowlabel *r)
{
	rawlabel_close(r->table);
	labelset_free(&r->words);
	buf_free(&r->set);
	free(r->class);
	free(r);
}

bool
rowlabel_is_there(struct rowlabel *r, struct example_text field, bool null,
    bool told, bool may_lack)
{
	const struct task *t = r->task;
	bool many = t->labels.type == TASK_MULTILABEL;

	if (null)
		return false;
	if (field.size == 0)
		return many || (!may_lack && t->no_label.count == 0);
	return rawlabel_find(r->table, field.at, field.size, told) !=
	       RAWLABEL_NONE;
}

static _Noreturn void
untold(const struct rowlabel *r, const struct example *e)
{
	char *names = text_list((const char *const *)r->task->told_by.word,
	    r->task->told_by.count, " or ");

	die_at(r->path, e->line,
	    "id %s: label '%s' is the number of a class, and no column %s "
	    "tells whose numbers these are; --label-numbers names the labels "
	    "of 0, 1, ...",
	    e->id.at, e->label.at, names);
}

void
rowlabel_commas(struct rowlabel *r, size_t line)
{
	if (r->commas++ == 0)
		r->first_comma = line;
}

/* A label as one word of a list: with semicolons where it has commas. */
static void
make_one(struct rowlabel *r, struct example_text *label, size_t line)
{
	if (memchr(label->at, ',', label->size) == NULL)
		return;
	buf_clear(&r->set);
	buf_add(&r->set, label->at, label->size);
	labelset_one(&r->set, 0);
	*label = (struct example_text){ buf_string(&r->set), r->set.size };
	rowlabel_commas(r, line);
}

/* Any label, whole numbers in one spelling. */
static void
keep(struct rowlabel *r, struct example_text *label)
{
	long long value;

	if (rawlabel_whole(label->at, label->size, &value)) {
		label->size =
		    (size_t)snprintf(r->whole, sizeof(r->whole), "%lld", value);
		label->at = r->whole;
	}
	numbering_of(r->found, label->at, label->size);
}

static void
check_score(struct rowlabel *r, const struct example *e)
{
	const struct task *t = r->task;
	double score;

	if (strlen(e->label.at) != e->label.size ||
	    !num_real(e->label.at, t->low, t->high, &score))
		die_at(r->path, e->line,
		    "id %s: score '%s', expected a number from %g to %g",
		    e->id.at, e->label.at, t->low, t->high);
	r->highest =
	    r->scores++ == 0 || score > r->highest ? score : r->highest;
}

void
rowlabel_report(const struct rowlabel *r)
{
	const struct task *t = r->task;

	if (r->commas > 0)
		note("%s: rows kept: %zu with commas within a label, now "
		     "semicolons, first at line %zu",
		    r->path, r->commas, r->first_comma);
	if (r->scores >= MANY_SCORES && r->highest <= 1 && t->low <= 0 &&
	    t->high > 1)
		warn("%s: no score is above 1, but those of %s go from %g to "
		     "%g: is this another scale?",
		    r->path, t->name, t->low, t->high);
}

static int
class_of(struct rowlabel *r, const struct example *e, bool told)
{
	int class = rawlabel_find(r->table, e->label.at, e->label.size, told);
	struct example_text one = e->label;

	if (class == RAWLABEL_UNKNOWN) {
		make_one(r, &one, e->line);
		class = rawlabel_find(r->table, one.at, one.size, told);
	}
	if (class == RAWLABEL_UNTOLD)
		untold(r, e);
	if (class < 0)
		die_at(r->path, e->line,
		    "id %s: label '%s', expected one of %s%s", e->id.at,
		    e->label.at, labels_list(&r->task->labels),
		    labels_near(&r->task->labels, e->label.at));
	return class;
}

static void
take_word(struct rowlabel *r, const struct example *e, struct example_text word,
    bool told)
{
	char *text = mem_stringn(word.at, word.size);
	struct example one = *e;

	if (word.size == 0)
		die_at(r->path, e->line,
		    "id %s: labels '%s', expected a label on both sides of a "
		    "comma",
		    e->id.at, e->label.at);
	one.label = (struct example_text){ text, word.size };
	if (r->found != NULL) {
		keep(r, &one.label);
		labelset_add(&r->words, one.label.at, one.label.size);
	} else {
		r->class = mem_grow(r->class, &r->class_room, r->classes + 1,
		    sizeof(*r->class));
		r->class[r->classes++] = class_of(r, &one, told);
	}
	free(text);
}

static int
ascending(const void *left, const void *right)
{
	int a = *(const int *)left, b = *(const int *)right;

	return (a > b) - (a < b);
}

/* In class order; where classes are not known, in that of bytes. */
static void
take_set(struct rowlabel *r, struct example *e, bool told)
{
	struct example_text rest = e->label, word;

	buf_clear(&r->set);
	r->classes = 0;
	while (e->label.size > 0 && labelset_next(&rest, &word))
		take_word(r, e, word, told);
	labelset_put(&r->words, &r->set);
	if (r->classes > 0)
		qsort(r->class, r->classes, sizeof(*r->class), ascending);
	for (size_t i = 0; i < r->classes; i++)
		if (i == 0 || r->class[i - 1] != r->class[i])
			buf_print(&r->set, "%s%s", i > 0 ? "," : "",
			    r->task->labels.name[r->class[i]]);
	e->label = (struct example_text){ buf_string(&r->set), r->set.size };
}

void
rowlabel_take(struct rowlabel *r, struct example *e, bool told)
{
	const struct labels *l = &r->task->labels;
	const char *name;

	if (l->type == TASK_MULTILABEL) {
		take_set(r, e, told);
	} else if (r->found != NULL) {
		keep(r, &e->label);
	} else if (l->type == TASK_REGRESSION) {
		check_score(r, e);
	} else {
		name = l->name[class_of(r, e, told)];
		e->label = (struct example_text){ name, strlen(name) };
	}
}
