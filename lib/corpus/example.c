#include "corpus/example.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"
#include "base/tsv.h"

const char *const example_columns[EXAMPLE_COLUMNS + 1] = { "id", "label",
	"text_a", "text_b", "group", NULL };
const char example_expected[] = "id, label, text_a and perhaps text_b, group";

struct example_table {
	struct tsv *tsv;
	size_t column[EXAMPLE_COLUMNS]; /* (size_t)-1: not there */
	struct tsv_row row;
};

static struct example_table *
open_table(const char *path, const char *kinds)
{
	struct example_table *t = mem_zero(1, sizeof(*t));

	t->tsv = tsv_open(path, kinds);
	for (size_t i = 0; i < EXAMPLE_COLUMNS; i++)
		t->column[i] = tsv_find(t->tsv, example_columns[i]);
	return t;
}

/* hint: how others are allowed. */
static void
refuse_others(const struct example_table *t, const char *hint)
{
	for (size_t i = 0; i < tsv_columns(t->tsv); i++) {
		const char *name = tsv_column(t->tsv, i);

		if (text_find(example_columns, name) < 0)
			die_at(tsv_path(t->tsv), tsv_line(t->tsv),
			    "column '%s', expected %s%s%s%s", name,
			    example_expected, hint,
			    near_text(name, example_columns, EXAMPLE_COLUMNS),
			    tsv_advice(t->tsv));
	}
}

struct example_table *
example_open(const char *path, const char *kinds)
{
	struct example_table *t = open_table(path, kinds);

	for (size_t i = 0; i < EXAMPLE_NEEDED; i++)
		tsv_need(t->tsv, example_columns[i]);
	refuse_others(t, "");
	return t;
}

struct example_table *
example_open_unlabelled(const char *path, bool others)
{
	struct example_table *t = open_table(path, "examples");

	for (size_t i = 0; i < EXAMPLE_NEEDED; i++)
		if (i != EXAMPLE_LABEL && t->column[i] == (size_t)-1) {
			if (tsv_columns(t->tsv) > 1)
				tsv_need(t->tsv, example_columns[i]);
			die_at(tsv_path(t->tsv), tsv_line(t->tsv),
			    "no column '%s' in the header; plain text is read "
			    "with --lines",
			    example_columns[i]);
		}
	if (!others)
		refuse_others(t, " (--keep carries others along)");
	return t;
}

size_t
example_column(const struct example_table *t, enum example_column c)
{
	return t->column[c];
}

static struct example_text
text_of(const struct tsv_row *row, size_t column)
{
	if (column >= row->count)
		return (struct example_text){ NULL, 0 };
	return (struct example_text){ row->field[column], row->length[column] };
}

void
example_forgive(struct example_table *t, bool replace)
{
	tsv_forgive(t->tsv, replace);
}

bool
example_ready(struct example_table *t)
{
	return tsv_ready(t->tsv);
}

bool
example_next(struct example_table *t, struct example *e)
{
	const struct tsv_row *row = &t->row;

	if (!tsv_next(t->tsv, &t->row))
		return false;
	e->line = row->line;
	e->fault = row->fault;
	e->id = text_of(row, t->column[EXAMPLE_ID]);
	e->label = text_of(row, t->column[EXAMPLE_LABEL]);
	e->text_a = text_of(row, t->column[EXAMPLE_TEXT_A]);
	e->text_b = text_of(row, t->column[EXAMPLE_TEXT_B]);
	e->group = text_of(row, t->column[EXAMPLE_GROUP]);
	return true;
}

struct example_text
example_field(const struct example_table *t, size_t column)
{
	return text_of(&t->row, column);
}

bool
example_has_text_b(const struct example_table *t)
{
	return t->column[EXAMPLE_TEXT_B] != (size_t)-1;
}

bool
example_has_group(const struct example_table *t)
{
	return t->column[EXAMPLE_GROUP] != (size_t)-1;
}

const struct tsv *
example_tsv(const struct example_table *t)
{
	return t->tsv;
}

void
example_close(struct example_table *t)
{
	tsv_close(t->tsv);
	free(t);
}

bool
example_is_unlabelled(const struct example *e)
{
	return e->label.size == 1 && e->label.at[0] == '-';
}

void
example_put_header(FILE *out, bool text_b, bool group)
{
	fprintf(out, "id\tlabel\ttext_a%s%s\n", text_b ? "\ttext_b" : "",
	    group ? "\tgroup" : "");
}

static void
put(FILE *out, const struct example_text *text, int before)
{
	if (text->at == NULL)
		return;
	if (before != 0)
		putc(before, out);
	fwrite(text->at, 1, text->size, out);
}

void
example_put(FILE *out, const struct example *e)
{
	put(out, &e->id, 0);
	put(out, &e->label, '\t');
	put(out, &e->text_a, '\t');
	put(out, &e->text_b, '\t');
	put(out, &e->group, '\t');
	putc('\n', out);
}
