#include "predict/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tsv.h"
#include "corpus/labelset.h"

struct input {
	struct example_table *table; /* NULL: plain lines */
	struct tsv *lines;
	const struct tsv *tsv; /* the one that is read */
	struct example row;
	struct buf text; /* of a plain line */
	char id[24];	 /* its number */
	const char **name;
	size_t *column; /* in the table; of plain lines the text */
	size_t carried, name_room, column_room;
};

static void
carry(struct input *in, const char *name, size_t column)
{
	in->name = mem_grow(
	    in->name, &in->name_room, in->carried + 1, sizeof(*in->name));
	in->column = mem_grow(
	    in->column, &in->column_room, in->carried + 1, sizeof(*in->column));
	in->name[in->carried] = name;
	in->column[in->carried++] = column;
}

/* --- tables --- */

static void
keep_column(struct input *in, const char *name)
{
	size_t column = tsv_find(in->tsv, name);
	struct buf b = { 0 };

	if (column != (size_t)-1) {
		carry(in, tsv_column(in->tsv, column), column);
		return;
	}
	for (size_t i = 0; i < tsv_columns(in->tsv); i++)
		buf_print(
		    &b, "%s%s", i > 0 ? ", " : "", tsv_column(in->tsv, i));
	die_at(tsv_path(in->tsv), tsv_line(in->tsv),
	    "no column '%s' to keep; the columns: %s%s", name, buf_string(&b),
	    tsv_near(in->tsv, name));
}

static void
keep_columns(struct input *in, const char *keep)
{
	struct example_text rest = { keep, strlen(keep) }, word;
	struct buf name = { 0 };

	while (labelset_next(&rest, &word)) {
		buf_clear(&name);
		buf_add(&name, word.at, word.size);
		keep_column(in, buf_string(&name));
	}
	buf_free(&name);
}

static bool
is_carried(const struct input *in, size_t column)
{
	for (size_t i = 0; i < in->carried; i++)
		if (in->column[i] == column)
			return true;
	return false;
}

/* Say which columns are neither used nor carried. */
static void
tell_passed_over(const struct input *in)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < tsv_columns(in->tsv); i++) {
		const char *name = tsv_column(in->tsv, i);

		if (text_find(example_columns, name) < 0 && !is_carried(in, i))
			buf_print(&b, "%s%s", b.size > 0 ? ", " : "", name);
	}
	if (b.size > 0)
		note("%s: columns passed over: %s", tsv_path(in->tsv),
		    buf_string(&b));
	buf_free(&b);
}

static void
open_table(struct input *in, const char *path, const struct input_options *o)
{
	size_t b;

	in->table = example_open_unlabelled(path, o->keep != NULL);
	in->tsv = example_tsv(in->table);
	example_forgive(in->table, o->replace);
	b = example_column(in->table, EXAMPLE_TEXT_B);
	if (o->with_text)
		carry(in, example_columns[EXAMPLE_TEXT_A],
		    example_column(in->table, EXAMPLE_TEXT_A));
	if (o->with_text && b != (size_t)-1)
		carry(in, example_columns[EXAMPLE_TEXT_B], b);
	if (o->keep == NULL)
		return;
	keep_columns(in, o->keep);
	tell_passed_over(in);
}

/* --- plain lines --- */

static void
open_lines(struct input *in, const char *path, const struct input_options *o)
{
	in->lines = tsv_open_plain(path);
	in->tsv = in->lines;
	tsv_forgive(in->lines, o->replace);
	for (size_t i = EXAMPLE_TEXT_A; i <= EXAMPLE_TEXT_B && o->with_text;
	     i++)
		carry(in, example_columns[i], i);
}

/* The texts of a line of n bytes, each ended by '\0'. */
static void
split_line(struct input *in, size_t n)
{
	struct example *e = &in->row;
	char *text = in->text.data, *tab = memchr(text, '\t', n), *end;

	e->text_a = (struct example_text){ text, n };
	e->text_b = (struct example_text){ NULL, 0 };
	if (tab == NULL)
		return;
	*tab++ = '\0';
	e->text_a.size = (size_t)(tab - text) - 1;
	e->text_b = (struct example_text){ tab, n - e->text_a.size - 1 };
	end = memchr(tab, '\t', e->text_b.size);
	if (end != NULL && e->fault == NULL)
		e->fault = "more than one tab: a line has one text, or two "
			   "with a tab between";
}

static bool
next_line(struct input *in)
{
	size_t n;
	const char *line = tsv_next_line(in->lines, &n);
	struct example *e = &in->row;

	if (line == NULL)
		return false;
	buf_clear(&in->text);
	buf_add(&in->text, line, n);
	buf_byte(&in->text, '\0');
	e->line = tsv_line(in->lines);
	if (e->line == 1 && text_starts(in->text.data, "#mtkd "))
		die_at(tsv_path(in->tsv), 1,
		    "a table, not plain text: leave out --lines");
	snprintf(in->id, sizeof(in->id), "%zu", e->line);
	e->id = (struct example_text){ in->id, strlen(in->id) };
	e->fault = tsv_line_fault(in->lines);
	split_line(in, n);
	return true;
}

/* --- both --- */

struct input *
input_open(const char *path, const struct input_options *o)
{
	struct input *in = mem_zero(1, sizeof(*in));

	if (o->lines)
		open_lines(in, path, o);
	else
		open_table(in, path, o);
	return in;
}

bool
input_next(struct input *in, struct example *e)
{
	bool got = in->lines != NULL ? next_line(in)
				     : example_next(in->table, &in->row);

	*e = in->row;
	return got;
}

bool
input_ready(struct input *in)
{
	return in->lines != NULL ? tsv_ready(in->lines)
				 : example_ready(in->table);
}

bool
input_has_text_b(const struct input *in)
{
	return in->lines != NULL || example_has_text_b(in->table);
}

const char *const *
input_carried(const struct input *in, size_t *n)
{
	*n = in->carried;
	return in->name;
}

struct example_text
input_field(const struct input *in, size_t i)
{
	if (in->row.fault != NULL)
		return (struct example_text){ NULL, 0 };
	if (in->lines == NULL)
		return example_field(in->table, in->column[i]);
	return in->column[i] == EXAMPLE_TEXT_A ? in->row.text_a
					       : in->row.text_b;
}

const char *
input_path(const struct input *in)
{
	return tsv_path(in->tsv);
}

const char *
input_split(const struct input *in)
{
	return tsv_meta(in->tsv, "split");
}

const char *
input_task(const struct input *in)
{
	return tsv_meta(in->tsv, "task");
}

size_t
input_line(const struct input *in)
{
	return tsv_line(in->tsv);
}

size_t
input_replaced(const struct input *in)
{
	return tsv_replaced(in->tsv);
}

void
input_close(struct input *in)
{
	if (in->lines != NULL)
		tsv_close(in->lines);
	else
		example_close(in->table);
	buf_free(&in->text);
	free(in->name);
	free(in->column);
	free(in);
}
