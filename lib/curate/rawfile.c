#include "curate/rawfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "corpus/labelset.h"

struct raw_file {
	struct tsv *tsv;
	enum raw_form form;
	size_t line; /* JSON lines: the last one read */
	size_t blank, first_blank;
	struct conf *object; /* JSON lines: the row */
	char **field;
	size_t *length;
	enum raw_kind *kind;
	size_t field_room, length_room, kind_room;
	char nothing[1];
};

struct raw_file *
raw_open(const char *path, enum raw_form form)
{
	struct raw_file *f = mem_zero(1, sizeof(*f));

	f->form = form;
	f->tsv = form == RAW_CSV ? tsv_open_csv(path) : tsv_open_raw(path);
	return f;
}

void
raw_close(struct raw_file *f)
{
	tsv_close(f->tsv);
	conf_free(f->object);
	free(f->field);
	free(f->length);
	free(f->kind);
	free(f);
}

static void
count_blank(struct raw_file *f, size_t line)
{
	if (f->blank++ == 0)
		f->first_blank = line;
}

static void
from_tsv(struct raw_row *row, const struct tsv_row *t)
{
	*row = (struct raw_row){ .line = t->line,
		.count = t->count,
		.field = t->field,
		.length = t->length };
}

static enum raw_kind
kind_of(const struct conf *c)
{
	if (c->kind == CONF_LIST) {
		for (size_t i = 0; i < c->count; i++)
			if (c->item[i]->kind != CONF_SCALAR ||
			    conf_is_null(c->item[i]))
				return RAW_NESTED;
		return RAW_LIST;
	}
	if (c->kind != CONF_SCALAR)
		return RAW_NESTED;
	if (c->quoted)
		return RAW_TEXT;
	if (conf_is_null(c))
		return RAW_NULL;
	return c->text[0] == 't' || c->text[0] == 'f' ? RAW_WORD : RAW_NUMBER;
}

/* The words of a list, as its text; true if a word had a comma. */
static bool
join_list(struct conf *c)
{
	struct buf b = { 0 };
	bool commas = false;

	for (size_t i = 0; i < c->count; i++) {
		size_t from = b.size + (i > 0);

		buf_print(&b, "%s%s", i > 0 ? "," : "", c->item[i]->text);
		commas = labelset_one(&b, from) || commas;
	}
	c->text = mem_string(buf_string(&b));
	buf_free(&b);
	return commas;
}

static void
from_object(struct raw_file *f, struct raw_row *row)
{
	struct conf *c = f->object;

	f->field =
	    mem_grow(f->field, &f->field_room, c->count, sizeof(*f->field));
	f->length =
	    mem_grow(f->length, &f->length_room, c->count, sizeof(*f->length));
	f->kind = mem_grow(f->kind, &f->kind_room, c->count, sizeof(*f->kind));
	for (size_t i = 0; i < c->count; i++) {
		enum raw_kind k = kind_of(c->item[i]);
		bool empty = k == RAW_NULL || k == RAW_NESTED;

		f->kind[i] = k;
		if (k == RAW_LIST && join_list(c->item[i]))
			f->kind[i] = RAW_COMMAS;
		f->field[i] = empty ? f->nothing : c->item[i]->text;
		f->length[i] = strlen(f->field[i]);
	}
	*row = (struct raw_row){ f->line, c->count, f->field, f->length, c->key,
		f->kind };
}

static bool
next_object(struct raw_file *f, struct raw_row *row)
{
	const char *text, *path = tsv_path(f->tsv);
	size_t n;

	while ((text = tsv_next_line(f->tsv, &n)) != NULL) {
		const char *start = text;
		size_t left = utf8_strip(&start, n);

		f->line = tsv_line(f->tsv);
		if (left == 0) {
			count_blank(f, f->line);
			continue;
		}
		if (*start == '[')
			die_at(path, f->line,
			    "a JSON array, expected an object on each line");
		if (*start != '{')
			die_at(path, f->line,
			    "byte 0x%02x, expected a JSON object on each line",
			    (unsigned char)*start);
		conf_free(f->object);
		f->object = conf_json_at(path, f->line, text, n);
		from_object(f, row);
		return true;
	}
	return false;
}

bool
raw_next(struct raw_file *f, struct raw_row *row)
{
	struct tsv_row t;

	if (f->form == RAW_JSONL)
		return next_object(f, row);
	while (tsv_next(f->tsv, &t)) {
		if (t.count > 0) {
			from_tsv(row, &t);
			return true;
		}
		count_blank(f, t.line);
	}
	return false;
}

void
raw_unquote(struct raw_file *f, struct raw_row *row)
{
	struct tsv_row t;

	tsv_unquote(f->tsv, &t);
	from_tsv(row, &t);
}

void
raw_keep_ends(struct raw_file *f, struct raw_row *row)
{
	struct tsv_row t;

	tsv_keep_ends(f->tsv, &t);
	from_tsv(row, &t);
}

void
raw_whole_row(struct raw_file *f, struct raw_row *row)
{
	struct tsv_row t;

	tsv_whole_row(f->tsv, &t);
	from_tsv(row, &t);
}

/* "..." with nothing but doubled quotes inside. */
static bool
in_quotes(const char *text, size_t n)
{
	if (n < 2 || text[0] != '"' || text[n - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < n; i++)
		if (text[i] == '"' && (i + 2 == n || text[++i] != '"'))
			return false;
	return true;
}

bool
raw_is_quoted(const struct raw_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (in_quotes(row->field[i], row->length[i]))
			return true;
	return false;
}

size_t
raw_blank(const struct raw_file *f, size_t *first)
{
	*first = f->first_blank;
	return f->blank;
}

const char *
raw_path(const struct raw_file *f)
{
	return tsv_path(f->tsv);
}
