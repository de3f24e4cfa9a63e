#include "predict/reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "data/pred.h"
#include "metric/metric.h"

struct reply {
	FILE *out;
	const struct head *head;
	const char *vectors; /* their kind; NULL: a head's answers */
	size_t width;	     /* numbers of a row */
	struct reply_form form;
	size_t own, columns; /* of columns the first own are the answer's */
	char **column;	     /* [columns], owned */
	size_t column_room;
	double *unlikely; /* [outputs] minus the probabilities */
	size_t *order;	  /* [outputs] */
	struct buf text;  /* of a row in JSON */
};

/* --- columns --- */

static void
add_column(struct reply *r, const char *name)
{
	r->column = mem_grow(
	    r->column, &r->column_room, r->columns + 1, sizeof(*r->column));
	r->column[r->columns++] = mem_string(name);
}

/* Whether a row is given all labels that apply, in one field. */
static bool
shows_set(const struct reply *r)
{
	return r->form.label && r->form.top == 0 &&
	       r->head->labels.type == TASK_MULTILABEL;
}

/* How many labels a row has, and whether each has its probability. */
static size_t
labels_shown(const struct reply *r)
{
	return r->form.top > 0 ? (size_t)r->form.top : 1;
}

static bool
shows_probability(const struct reply *r)
{
	return r->form.probability || r->form.top > 0;
}

static void
add_numbered(struct reply *r, const char *name, size_t i)
{
	char text[64];

	snprintf(text, sizeof(text), i > 0 ? "%s_%zu" : "%s", name, i + 1);
	add_column(r, text);
}

/* v1, v2, ..., or what JSON has instead. */
static void
add_vector_columns(struct reply *r)
{
	char text[32];

	add_column(r, "id");
	if (r->form.json) {
		add_column(r, "vector");
		add_column(r, "error");
		return;
	}
	for (size_t i = 0; i < r->width; i++) {
		snprintf(text, sizeof(text), "v%zu", i + 1);
		add_column(r, text);
	}
}

static void
add_own_columns(struct reply *r)
{
	static const char *const keys[] = { "id", "label", "labels",
		"probability", "top", "probabilities", "score", "group",
		"error" };
	const struct labels *l = &r->head->labels;

	if (r->form.json) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			add_column(r, keys[i]);
		return;
	}
	add_column(r, "id");
	for (size_t i = 0; i < labels_width(l) && !r->form.label; i++)
		add_column(r, labels_column(l, i));
	for (size_t i = 0; i < labels_shown(r) && r->form.label; i++) {
		add_numbered(r, "label", i);
		if (shows_probability(r))
			add_numbered(r, "probability", i);
	}
}

static void
add_carried(struct reply *r, const char *name)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < r->own && b.size == 0; i++)
		if (strcmp(r->column[i], name) == 0)
			buf_text(&b, "input_");
	buf_text(&b, name);
	add_column(r, buf_string(&b));
	buf_free(&b);
}

static void
check_columns(const struct reply *r)
{
	size_t twice =
	    text_find_twice((const char *const *)r->column, r->columns);

	if (twice < r->columns)
		die("column '%s' would stand twice", r->column[twice]);
}

static void
check_form(const struct reply *r)
{
	const struct head *h = r->head;

	if (!r->form.label)
		return;
	if (!labels_is_wide(&h->labels))
		die("head '%s' gives scores: it has no labels", h->name);
	if (labels_shown(r) > h->labels.classes)
		die("--top %lld: head '%s' has %zu label%s", r->form.top,
		    h->name, h->labels.classes, num_s(h->labels.classes));
}

static void
add_carried_columns(struct reply *r, const char *const *column, size_t carried)
{
	r->own = r->columns;
	for (size_t i = 0; i < carried; i++)
		add_carried(r, column[i]);
	check_columns(r);
}

struct reply *
reply_vectors(size_t width, const char *kind, bool json,
    const char *const *column, size_t carried)
{
	struct reply *r = mem_zero(1, sizeof(*r));

	r->vectors = kind;
	r->width = width;
	r->form = (struct reply_form){ .json = json, .threshold = -1 };
	add_vector_columns(r);
	add_carried_columns(r, column, carried);
	return r;
}

struct reply *
reply_new(const struct head *head, const struct reply_form *form,
    const char *const *column, size_t carried)
{
	struct reply *r = mem_zero(1, sizeof(*r));

	r->head = head;
	r->width = head->outputs;
	r->form = *form;
	check_form(r);
	if (form->threshold < 0)
		r->form.threshold = shows_set(r) ? 0.5 : 0;
	add_own_columns(r);
	add_carried_columns(r, column, carried);
	r->unlikely = mem_alloc(head->outputs, sizeof(*r->unlikely));
	r->order = mem_alloc(head->outputs, sizeof(*r->order));
	return r;
}

void
reply_free(struct reply *r)
{
	for (size_t i = 0; i < r->columns; i++)
		free(r->column[i]);
	free(r->column);
	free(r->unlikely);
	free(r->order);
	buf_free(&r->text);
	free(r);
}

void
reply_head(struct reply *r, FILE *out, const char *task, const char *split)
{
	const struct labels *l = r->head != NULL ? &r->head->labels : NULL;

	r->out = out;
	if (r->form.json)
		return;
	if (!r->form.label && r->own == r->columns && l != NULL) {
		pred_write_head(r->out, task, split, l, 1);
		return;
	}
	if (l == NULL)
		fprintf(r->out, "#mtkd vectors 1 kind=%s\n", r->vectors);
	else if (!r->form.label)
		fprintf(r->out, "#mtkd answers 1 task=%s split=%s type=%s\n",
		    task, split, labels_type_name(l->type));
	for (size_t i = 0; i < r->columns; i++)
		fprintf(r->out, "%s%s", i > 0 ? "\t" : "", r->column[i]);
	putc('\n', r->out);
}

void
reply_carry(
    const struct reply *r, struct buf *to, size_t i, const char *at, size_t n)
{
	if (!r->form.json) {
		buf_byte(to, '\t');
		if (at != NULL)
			buf_add(to, at, n);
	} else if (at != NULL) {
		buf_byte(to, ',');
		conf_put_json(to, r->column[r->own + i]);
		buf_byte(to, ':');
		conf_put_json_bytes(to, at, n);
	}
}

/* --- rows --- */

/* The label at a place among the likeliest; NULL under the threshold. */
static const char *
label_at(const struct reply *r, size_t place, const float *value)
{
	size_t c = r->order[place];

	return (double)value[c] >= r->form.threshold ? r->head->labels.name[c]
						     : NULL;
}

static void
sort_labels(struct reply *r, const float *value)
{
	for (size_t c = 0; c < r->head->outputs; c++)
		r->unlikely[c] = -(double)value[c];
	metric_order(r->order, r->unlikely, r->head->outputs);
}

static bool
applies(const struct reply *r, const float *value, size_t c)
{
	return (double)value[c] >= r->form.threshold;
}

/* The labels that apply, in class order; value NULL: no answer. */
static void
put_set(const struct reply *r, const float *value)
{
	struct buf names = { 0 }, numbers = { 0 };
	size_t C = value != NULL ? r->head->outputs : 0;

	for (size_t c = 0; c < C; c++) {
		const char *comma = names.size > 0 ? "," : "";
		char text[NUM_TEXT];

		if (!applies(r, value, c))
			continue;
		num_put(text, (double)value[c]);
		buf_print(&names, "%s%s", comma, r->head->labels.name[c]);
		buf_print(&numbers, "%s%s", comma, text);
	}
	fprintf(r->out, "\t%s", names.size > 0 ? buf_string(&names) : "-");
	if (shows_probability(r))
		fprintf(r->out, "\t%s",
		    names.size > 0  ? buf_string(&numbers)
		    : value != NULL ? "-"
				    : "nan");
	buf_free(&names);
	buf_free(&numbers);
}

static void
put_labels(const struct reply *r, const float *value)
{
	if (shows_set(r)) {
		put_set(r, value);
		return;
	}
	for (size_t i = 0; i < labels_shown(r); i++) {
		const char *label =
		    value != NULL ? label_at(r, i, value) : NULL;

		fprintf(r->out, "\t%s", label != NULL ? label : "-");
		if (!shows_probability(r))
			continue;
		if (value != NULL)
			pred_write_values(r->out, value + r->order[i], 1);
		else
			fputs("\tnan", r->out);
	}
}

static void
put_numbers(const struct reply *r, const float *value, const int32_t *group)
{
	if (value != NULL)
		pred_write_values(r->out, value, r->width);
	for (size_t c = 0; c < r->width && value == NULL; c++)
		fputs("\tnan", r->out);
	if (group != NULL)
		fprintf(r->out, "\t%d", (int)*group);
}

/* A row of a table; value NULL: it has no answer. */
static void
put_table_row(const struct reply *r, const struct reply_key *key,
    const float *value, const int32_t *group)
{
	fwrite(key->id, 1, key->id_size, r->out);
	if (r->form.label)
		put_labels(r, value);
	else
		put_numbers(r, value, group);
	if (key->carried_size > 0)
		fwrite(key->carried, 1, key->carried_size, r->out);
	putc('\n', r->out);
}

/* --- JSON --- */

static void
json_number(struct buf *b, const char *key, float value)
{
	char text[NUM_TEXT];

	conf_put_json(b, key);
	num_put(text, (double)value);
	buf_print(b, ":%s", text);
}

/* The label at a place, and its probability. */
static void
json_label(struct reply *r, size_t place, const float *value)
{
	const char *label = label_at(r, place, value);

	buf_text(&r->text, "\"label\":");
	if (label != NULL)
		conf_put_json(&r->text, label);
	else
		buf_text(&r->text, "null");
	if (!shows_probability(r))
		return;
	buf_byte(&r->text, ',');
	json_number(&r->text, "probability", value[r->order[place]]);
}

/* The labels that apply, or each with its probability. */
static void
json_set(struct reply *r, const float *value, bool numbers)
{
	struct buf *b = &r->text;
	bool first = true;

	buf_text(b, numbers ? ",\"probabilities\":{" : "\"labels\":[");
	for (size_t c = 0; c < r->head->outputs; c++) {
		if (!applies(r, value, c))
			continue;
		buf_text(b, first ? "" : ",");
		first = false;
		if (numbers)
			json_number(b, r->head->labels.name[c], value[c]);
		else
			conf_put_json(b, r->head->labels.name[c]);
	}
	buf_byte(b, numbers ? '}' : ']');
}

static void
json_labels(struct reply *r, const float *value)
{
	if (shows_set(r)) {
		json_set(r, value, false);
		if (shows_probability(r))
			json_set(r, value, true);
		return;
	}
	json_label(r, 0, value);
	if (r->form.top == 0)
		return;
	buf_text(&r->text, ",\"top\":[");
	for (size_t i = 0; i < labels_shown(r); i++) {
		buf_text(&r->text, i > 0 ? ",{" : "{");
		json_label(r, i, value);
		buf_byte(&r->text, '}');
	}
	buf_byte(&r->text, ']');
}

static void
json_numbers(struct reply *r, const float *value, const int32_t *group)
{
	const struct labels *l = &r->head->labels;
	struct buf *b = &r->text;

	if (labels_is_wide(l))
		buf_text(b, "\"probabilities\":{");
	for (size_t c = 0; c < r->head->outputs; c++) {
		if (c > 0)
			buf_byte(b, ',');
		json_number(b, labels_column(l, c), value[c]);
	}
	if (labels_is_wide(l))
		buf_byte(b, '}');
	if (group != NULL)
		buf_print(b, ",\"group\":%d", (int)*group);
}

static void
json_vector(struct reply *r, const float *value)
{
	struct buf *b = &r->text;
	char text[NUM_TEXT];

	buf_text(b, "\"vector\":[");
	for (size_t i = 0; i < r->width; i++) {
		num_put(text, (double)value[i]);
		buf_print(b, "%s%s", i > 0 ? "," : "", text);
	}
	buf_byte(b, ']');
}

/* The key of what a row answers. */
static const char *
json_key(const struct reply *r)
{
	if (r->head == NULL)
		return "vector";
	if (r->form.label)
		return shows_set(r) ? "labels" : "label";
	return labels_is_wide(&r->head->labels) ? "probabilities" : "score";
}

static void
json_none(struct reply *r, const char *why)
{
	buf_print(&r->text, "\"%s\":null,\"error\":", json_key(r));
	conf_put_json(&r->text, why);
}

static void
put_json_row(struct reply *r, const struct reply_key *key, const float *value,
    const int32_t *group, const char *why)
{
	struct buf *b = &r->text;

	buf_clear(b);
	buf_text(b, "{\"id\":");
	conf_put_json_bytes(b, key->id, key->id_size);
	buf_byte(b, ',');
	if (value == NULL)
		json_none(r, why);
	else if (r->head == NULL)
		json_vector(r, value);
	else if (r->form.label)
		json_labels(r, value);
	else
		json_numbers(r, value, group);
	if (key->carried_size > 0)
		buf_add(b, key->carried, key->carried_size);
	buf_text(b, "}\n");
	fwrite(b->data, 1, b->size, r->out);
}

void
reply_row(struct reply *r, const struct reply_key *key, const float *value,
    const int32_t *group)
{
	if (r->form.label)
		sort_labels(r, value);
	if (r->form.json)
		put_json_row(r, key, value, group, NULL);
	else
		put_table_row(r, key, value, group);
}

void
reply_none(struct reply *r, const struct reply_key *key, const char *why)
{
	if (r->form.json)
		put_json_row(r, key, NULL, NULL, why);
	else
		put_table_row(r, key, NULL, NULL);
}
