#include "curate/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/least.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/layout.h"

static size_t
at_least(size_t need, long long column)
{
	return most((size_t)(column < 0 ? -column : column), need);
}

/* How wide rows must be: as the layout says, else as the header is. */
static void
find_widths(struct table *t)
{
	const struct task_split *s = t->wanted.split;
	bool own = t->columns.own;
	size_t need = 1;

	for (int f = 0; f < TASK_FIELDS; f++)
		need = at_least(need, t->columns.at[f]);
	t->min_fields = own ? s->min_fields : 0;
	t->max_fields = own ? s->max_fields : 0;
	if (t->min_fields == 0)
		t->min_fields = t->header > 0 ? t->header : need;
	if (t->max_fields == 0)
		t->max_fields = t->header;
	t->wide_fields = t->max_fields;
	if (own && s->any_width)
		t->wide_fields = 0;
	if (own && s->wide_fields > 0)
		t->wide_fields = s->wide_fields;
	if (t->min_fields < need)
		die_at(t->wanted.path, t->header > 0,
		    "%zu column%s, but task %s uses %zu", t->min_fields,
		    num_s(t->min_fields), t->wanted.task->name, need);
}

const char *
table_guess(const struct table *t, const struct raw_row *row)
{
	enum raw_form form = t->form;
	const char *text = row->count > 0 ? row->field[0] : "";
	bool json = *text == '{' || *text == '[';

	if (json && form != RAW_JSONL)
		return "this looks like JSON; use --jsonl";
	if (row->count > 1)
		return NULL;
	if (form == RAW_TSV && strchr(text, ',') != NULL)
		return "this looks like CSV; use --csv";
	if (form == RAW_CSV && strchr(text, '\t') != NULL)
		return "this looks like TSV; leave --csv out";
	if (strchr(text, ';') != NULL)
		return form == RAW_CSV ? "this looks like fields between ';', "
					 "expected ','"
				       : "this looks like fields between ';', "
					 "expected tabs";
	return NULL;
}

/* A row without the quotes around its fields; free with free_bare. */
static char **
bare_fields(const struct raw_row *row)
{
	char **field = mem_alloc(row->count, sizeof(*field));

	for (size_t i = 0; i < row->count; i++) {
		size_t n = row->length[i];

		field[i] = n < 2 ? mem_string("")
				 : mem_stringn(row->field[i] + 1, n - 2);
	}
	return field;
}

static void
free_fields(char **field, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(field[i]);
	free(field);
}

static bool
is_header(const struct table *t, const struct raw_row *row)
{
	char **field;
	bool found;

	if (t->wanted.split->header ||
	    columns_are_named(&t->wanted, row->field, row->count))
		return true;
	if (t->form != RAW_TSV || !raw_is_quoted(row))
		return false;
	/* In quotes, above rows whose layout has no header. */
	field = bare_fields(row);
	found = columns_are_named(&t->wanted, field, row->count);
	free_fields(field, row->count);
	return found;
}

/* The header row, in quotes or not, with the ends of its line or not. */
static void
read_header(struct table *t, struct raw_row *row)
{
	size_t count = row->count;

	if (t->form == RAW_TSV && raw_is_quoted(row)) {
		raw_unquote(t->file, row);
		t->quoted = t->whole = true;
	} else if (t->form == RAW_TSV) {
		raw_whole_row(t->file, row);
		t->whole = row->count != count;
	}
	t->header = row->count;
	columns_by_name(&t->columns, &t->wanted, row->field, row->count,
	    row->line, table_guess(t, row));
	t->whole = t->whole || !t->columns.own;
	if (t->whole && !t->quoted)
		raw_keep_ends(t->file, row);
}

/* An object has names, and no first or last. */
static void
check_names(const struct table *t)
{
	const struct columns_wanted *w = &t->wanted;

	for (int f = 0; f < TASK_FIELDS; f++) {
		const struct task_column *c = w->choice[f].given
						  ? &w->choice[f].column
						  : &w->split->column[f];

		if (c->number != 0 &&
		    (w->choice[f].given || w->task->names[f].count == 0))
			die("%s: JSON lines have no column %lld, expected a "
			    "name for %s",
			    w->path, c->number,
			    layout_field_name((enum task_field)f));
	}
}

/* Objects may differ in their keys, and in the order of these. */
static void
find_keys(struct table *t, const struct raw_row *row)
{
	size_t i = 0;

	if (t->keys == row->count && t->keys > 0)
		while (i < t->keys && strcmp(t->key[i], row->name[i]) == 0)
			i++;
	if (i == row->count && i > 0)
		return;
	for (i = 0; i < t->keys; i++)
		free(t->key[i]);
	t->key = mem_grow(t->key, &t->room, row->count, sizeof(*t->key));
	for (i = 0; i < row->count; i++)
		t->key[i] = mem_string(row->name[i]);
	t->keys = row->count;
	columns_by_name(
	    &t->columns, &t->wanted, row->name, row->count, row->line, NULL);
}

struct table *
table_open(const struct task *task, const struct task_split *split,
    const struct table_form *form, const char *path)
{
	struct table *t = mem_zero(1, sizeof(*t));

	t->form = form->form;
	t->file = raw_open(path, t->form);
	t->wanted = (struct columns_wanted){ task, split, form->choice,
		raw_path(t->file) };
	t->quoted = t->whole = t->form != RAW_TSV;
	if (t->form == RAW_JSONL) {
		check_names(t);
		t->pending = raw_next(t->file, &t->first);
		if (!t->pending)
			die_at(t->wanted.path, 0,
			    "empty, expected a JSON object on each line");
		find_keys(t, &t->first);
		return t;
	}
	t->pending = raw_next(t->file, &t->first);
	if (!t->pending && split->header && !form->no_header)
		die_at(t->wanted.path, 0, "empty, expected a header row");
	if (t->pending && !form->no_header && is_header(t, &t->first)) {
		read_header(t, &t->first);
		t->pending = false;
	} else {
		columns_by_place(&t->columns, &t->wanted);
	}
	find_widths(t);
	return t;
}

bool
table_next(struct table *t, struct raw_row *row)
{
	if (t->pending)
		*row = t->first;
	else if (!raw_next(t->file, row))
		return false;
	t->pending = false;
	if (t->form == RAW_JSONL)
		find_keys(t, row);
	return true;
}

size_t
table_index(
    const struct table *t, const struct raw_row *row, enum task_field field)
{
	long long column = t->columns.at[field];

	if (column == 0)
		return (size_t)-1;
	return column > 0 ? (size_t)column - 1 : row->count - (size_t)-column;
}

bool
table_widen(struct table *t, struct raw_row *row)
{
	struct raw_row whole;

	if (t->whole || t->header == 0)
		return false;
	raw_whole_row(t->file, &whole);
	if (whole.count != t->header || whole.count < t->min_fields)
		return false;
	for (int f = TASK_TEXT_A; f <= TASK_TEXT_B; f++) {
		size_t i = table_index(t, &whole, (enum task_field)f);
		const char *text = i != (size_t)-1 ? whole.field[i] : "x";

		if (i != (size_t)-1 && utf8_strip(&text, whole.length[i]) == 0)
			return false;
	}
	*row = whole;
	return true;
}

void
table_close(struct table *t)
{
	raw_close(t->file);
	columns_free(&t->columns);
	free_fields(t->key, t->keys);
	free(t);
}
