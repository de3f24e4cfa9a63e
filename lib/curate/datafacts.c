#include "curate/datafacts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "corpus/example.h"
#include "corpus/labelset.h"
#include "corpus/tokenizer.h"

enum {
	FRAME_ONE = 2,
	FRAME_TWO = 3
}; /* [CLS] a [SEP], [CLS] a [SEP] b [SEP] */
enum { NONE = 0 };

const char *const datafacts_split[DATAFACTS_SPLITS] = { "train", "dev",
	"test" };

/* The first row of a split that has some texts. */
struct first {
	size_t row;	 /* + 1, of all rows of all splits; NONE */
	long long label; /* -1: it has none */
	double score;
};

struct datafacts_search {
	struct tokenizer *tokenizer; /* or NULL */
	struct tokenizer_ids pieces;
	struct buf ids; /* of all rows, each ended by '\0' */
	size_t *id_at;	/* [all rows] */
	size_t rows, id_room;
	struct numbering *whole;		 /* the texts of rows */
	struct first (*first)[DATAFACTS_SPLITS]; /* [whole] */
	size_t first_room;
	struct numbering *texts;	/* of pairs, one by one */
	size_t (*in)[DATAFACTS_SPLITS]; /* [texts] row + 1, or NONE */
	size_t in_room;
	struct numbering *sets;	 /* multilabel: rows' sets of labels */
	struct numbering *names; /* ids of the split at hand */
	struct buf key;
};

struct datafacts *
datafacts_new(
    const struct task *task, const struct vocab *vocab, size_t positions)
{
	struct datafacts *d = mem_zero(1, sizeof(*d));
	struct datafacts_search *s = mem_zero(1, sizeof(*s));

	d->task = task;
	d->positions = positions;
	d->words = vocab == NULL;
	d->labels = numbering_new();
	for (size_t i = 0; i < task->labels.classes; i++)
		numbering_of(d->labels, task->labels.name[i],
		    strlen(task->labels.name[i]));
	d->search = s;
	s->tokenizer = vocab != NULL ? tokenizer_new(vocab) : NULL;
	s->whole = numbering_new();
	s->texts = numbering_new();
	s->sets = numbering_new();
	return d;
}

void
datafacts_free(struct datafacts *d)
{
	struct datafacts_search *s = d->search;

	for (int i = 0; i < DATAFACTS_SPLITS; i++) {
		struct datafacts_rows *r = &d->split[i];

		for (int f = 0; f < DATAFACTS; f++) {
			free(r->fact[f].id);
			free(r->fact[f].other);
		}
		free(r->of_label);
		free(r->length);
		free(r->longest);
	}
	if (s->tokenizer != NULL)
		tokenizer_free(s->tokenizer);
	free(s->pieces.id);
	buf_free(&s->ids);
	buf_free(&s->key);
	free(s->id_at);
	numbering_free(s->whole);
	numbering_free(s->texts);
	numbering_free(s->sets);
	numbering_free(d->labels);
	free(s->first);
	free(s->in);
	free(s);
	free(d);
}

static void
add(struct datafacts_rows *r, enum datafact f, const char *id,
    const char *other)
{
	struct datafacts_count *c = &r->fact[f];

	if (c->count++ > 0)
		return;
	c->id = mem_string(id);
	c->other = other != NULL ? mem_string(other) : NULL;
}

static const char *
id_of(const struct datafacts_search *s, size_t row)
{
	return s->ids.data + s->id_at[row];
}

static void
take_id(struct datafacts_search *s, struct datafacts_rows *r,
    const struct example *e)
{
	size_t before = numbering_count(s->names);

	s->id_at =
	    mem_grow(s->id_at, &s->id_room, s->rows + 1, sizeof(*s->id_at));
	s->id_at[s->rows++] = s->ids.size;
	buf_add(&s->ids, e->id.at, e->id.size);
	buf_byte(&s->ids, '\0');
	if (numbering_of(s->names, e->id.at, e->id.size) < before)
		add(r, DATAFACT_SAME_ID, e->id.at, NULL);
}

/* One row more has the label; its number. */
static size_t
count_label(
    struct datafacts *d, struct datafacts_rows *r, struct example_text label)
{
	size_t i = numbering_of(d->labels, label.at, label.size);

	if (i >= r->labels) {
		size_t room = 2 * (i + 1);

		r->of_label =
		    mem_resize(r->of_label, room, sizeof(*r->of_label));
		memset(r->of_label + r->labels, 0,
		    (room - r->labels) * sizeof(*r->of_label));
		r->labels = room;
	}
	r->of_label[i]++;
	return i;
}

/* The number of a set of labels, each of which is counted. */
static size_t
count_set(
    struct datafacts *d, struct datafacts_rows *r, struct example_text set)
{
	struct example_text rest = set, word;

	r->none += set.size == 0;
	while (set.size > 0 && labelset_next(&rest, &word))
		count_label(d, r, word);
	return numbering_of(d->search->sets, set.at, set.size);
}

/* What the row's label is, -1 if it has none. */
static long long
take_label(struct datafacts *d, struct datafacts_rows *r,
    const struct example *e, double *score)
{
	const struct task *t = d->task;

	if (example_is_unlabelled(e)) {
		r->unlabelled++;
		return -1;
	}
	if (t->labels.type == TASK_MULTILABEL)
		return (long long)count_set(d, r, e->label);
	if (t->labels.type != TASK_REGRESSION)
		return (long long)count_label(d, r, e->label);
	if (!num_real(e->label.at, t->low, t->high, score)) {
		add(r, DATAFACT_NO_SCORE, e->id.at, NULL);
		return -1;
	}
	r->low = r->scores == 0 || *score < r->low ? *score : r->low;
	r->high = r->scores == 0 || *score > r->high ? *score : r->high;
	r->sum += *score;
	r->scores++;
	return 0;
}

static bool
clash(const struct datafacts *d, const struct first *a, const struct first *b)
{
	const struct task *t = d->task;

	if (a->label < 0 || b->label < 0)
		return false;
	if (t->labels.type == TASK_REGRESSION)
		return fabs(a->score - b->score) > (t->high - t->low) / 4;
	return a->label != b->label;
}

/* The numbers of texts stay; where they are new, nothing is known of them. */
static size_t
number_of(struct numbering *n, const char *text, size_t size, void **table,
    size_t *room, size_t unit)
{
	size_t before = numbering_count(n), i = numbering_of(n, text, size);

	if (i == before) {
		*table = mem_grow(*table, room, i + 1, unit);
		memset((char *)*table + i * unit, 0, unit);
	}
	return i;
}

/* Whole rows: in this split, and in earlier ones. */
static bool
take_whole(
    struct datafacts *d, const struct example *e, const struct first *row)
{
	struct datafacts_search *s = d->search;
	struct datafacts_rows *r = &d->split[d->splits];
	struct first *first;
	void *table = s->first;
	bool shared = false;
	size_t i;

	buf_clear(&s->key);
	buf_add(&s->key, e->text_a.at, e->text_a.size);
	if (e->text_b.at != NULL) {
		buf_byte(&s->key, '\t');
		buf_add(&s->key, e->text_b.at, e->text_b.size);
	}
	i = number_of(s->whole, buf_string(&s->key), s->key.size, &table,
	    &s->first_room, sizeof(*s->first));
	s->first = table;
	first = s->first[i];
	for (size_t k = 0; k < d->splits; k++)
		if (first[k].row != NONE) {
			add(r, (enum datafact)(DATAFACT_IN_TRAIN + (int)k),
			    e->id.at, id_of(s, first[k].row - 1));
			shared = true;
		}
	if (first[d->splits].row == NONE)
		first[d->splits] = *row;
	else
		add(r,
		    clash(d, &first[d->splits], row) ? DATAFACT_CONTRADICTS
						     : DATAFACT_TWICE,
		    e->id.at, id_of(s, first[d->splits].row - 1));
	return shared;
}

/* One text of a pair in earlier splits, where the row itself is in none. */
static void
take_text(struct datafacts *d, struct example_text text, size_t row,
    size_t found[DATAFACTS_SPLITS])
{
	struct datafacts_search *s = d->search;
	void *table = s->in;
	size_t i;

	if (text.size == 0)
		return;
	i = number_of(
	    s->texts, text.at, text.size, &table, &s->in_room, sizeof(*s->in));
	s->in = table;
	for (size_t k = 0; k < d->splits; k++)
		if (found[k] == NONE)
			found[k] = s->in[i][k];
	if (s->in[i][d->splits] == NONE)
		s->in[i][d->splits] = row;
}

static bool
is_blank(struct example_text text)
{
	return text.at != NULL && utf8_strip(&text.at, text.size) == 0;
}

static size_t
count_words(struct example_text text)
{
	size_t words = 0;
	bool in = false;

	for (size_t i = 0; i < text.size; i++) {
		bool space = text.at[i] == ' ' || text.at[i] == '\r';

		words += !space && !in;
		in = !space;
	}
	return words;
}

/* The tokens of a row with [CLS] and [SEP], or its words. */
static size_t
measure(struct datafacts_search *s, const struct example *e)
{
	bool pair = e->text_b.at != NULL;

	if (s->tokenizer == NULL)
		return count_words(e->text_a) +
		       (pair ? count_words(e->text_b) : 0);
	s->pieces.count = 0;
	tokenizer_encode(
	    s->tokenizer, e->text_a.at, e->text_a.size, &s->pieces);
	if (pair)
		tokenizer_encode(
		    s->tokenizer, e->text_b.at, e->text_b.size, &s->pieces);
	return s->pieces.count + (pair ? FRAME_TWO : FRAME_ONE);
}

static void
take_length(struct datafacts *d, const struct example *e, size_t *room,
    uint32_t *longest)
{
	struct datafacts_rows *r = &d->split[d->splits];
	size_t n = measure(d->search, e);

	r->length = mem_grow(r->length, room, r->rows + 1, sizeof(*r->length));
	r->length[r->rows++] = (uint32_t)n;
	if (r->longest == NULL || n > *longest) {
		free(r->longest);
		r->longest = mem_string(e->id.at);
		*longest = (uint32_t)n;
	}
	if (d->positions > 0 && n > d->positions)
		add(r, DATAFACT_LONG, e->id.at, NULL);
}

static void
take_row(struct datafacts *d, const struct example *e)
{
	struct datafacts_search *s = d->search;
	struct datafacts_rows *r = &d->split[d->splits];
	size_t found[DATAFACTS_SPLITS] = { NONE };
	struct first row = { 0 };
	bool shared;

	take_id(s, r, e);
	row.row = s->rows;
	row.label = take_label(d, r, e, &row.score);
	if (is_blank(e->text_a) || is_blank(e->text_b))
		add(r, DATAFACT_EMPTY, e->id.at, NULL);
	shared = take_whole(d, e, &row);
	if (e->text_b.at == NULL)
		return;
	take_text(d, e->text_a, row.row, found);
	take_text(d, e->text_b, row.row, found);
	for (size_t k = 0; k < d->splits && !shared; k++)
		if (found[k] != NONE)
			add(r, (enum datafact)(DATAFACT_HALF_IN_TRAIN + (int)k),
			    e->id.at, id_of(s, found[k] - 1));
}

static int
ascending(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

void
datafacts_read(struct datafacts *d, const char *path)
{
	struct datafacts_rows *r = &d->split[d->splits];
	struct example_table *table = example_open(path, "examples");
	struct example e;
	uint32_t longest = 0;
	size_t room = 0;

	if (d->task->pair != example_has_text_b(table))
		die("%s: %s, but task %s is of %s", path,
		    d->task->pair ? "no column text_b" : "a column text_b",
		    d->task->name, d->task->pair ? "pairs" : "single texts");
	d->search->names = numbering_new();
	while (example_next(table, &e)) {
		take_row(d, &e);
		take_length(d, &e, &room, &longest);
	}
	if (r->rows > 0)
		qsort(r->length, r->rows, sizeof(*r->length), ascending);
	numbering_free(d->search->names);
	example_close(table);
	d->splits++;
}
