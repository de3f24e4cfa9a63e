#include "base/tsv.h"

#include <assert.h>
#include <csv.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/lines.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/provenance.h"
#include "base/text.h"
#include "base/utf8.h"

struct tsv {
	struct lines lines;
	bool raw, replacing;
	size_t replaced;
	struct buf fault; /* of the row, in words; empty: none */
	struct buf mended;
	const char *text; /* the line, in the bytes read */
	size_t size;	  /* raw: its bytes */
	struct csv_parser csv;
	bool quoted;	/* raw: fields may stand in quotes */
	bool keep_ends; /* raw: lines keep the white space at their ends */
	enum { AT_START, UNQUOTED, IN_QUOTES, AFTER_QUOTE } state;
	char delimiter;
	struct buf bytes; /* the fields of the row, each ended by '\0' */
	size_t *length, length_room;
	char **field;
	size_t field_room;
	size_t count;
	char **column;
	size_t columns;
	struct provenance provenance;
	struct kind_found found; /* by the first bytes */
	unsigned wanted;	 /* kinds, joined by | */
};

static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static int
line_end(unsigned char c)
{
	return c == '\n';
}

static void
add_field(void *text, size_t n, void *state)
{
	struct tsv *t = state;

	t->length = mem_grow(
	    t->length, &t->length_room, t->count + 1, sizeof(*t->length));
	t->length[t->count++] = n;
	buf_add(&t->bytes, text, n);
	buf_byte(&t->bytes, '\0');
}

static void
parse(struct tsv *t, const char *text, size_t n)
{
	if (csv_parse(&t->csv, text, n, add_field, NULL, t) != n)
		die_at(t->lines.path, t->lines.number, "%s",
		    csv_strerror(csv_error(&t->csv)));
}

bool
tsv_ready(struct tsv *t)
{
	return lines_ready(&t->lines);
}

/* The line is not as it should be: the end, or the first fault of its row. */
static void DIE_FORMAT(2) blame(struct tsv *t, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (t->columns == 0 && !t->raw)
		tsv_refuse(t);
	if (!t->lines.forgiving)
		die_at(t->lines.path, t->lines.number, "%s", text);
	if (t->fault.size == 0)
		buf_text(&t->fault, text);
}

/* The line's n bytes as UTF-8; returns how many there are then. */
static size_t
check_bytes(struct tsv *t, size_t n)
{
	size_t valid = utf8_check(t->text, n);

	if (valid == n)
		return n;
	if (t->replacing) {
		buf_clear(&t->mended);
		t->replaced += utf8_replace(&t->mended, t->text, n);
		t->text = t->mended.data;
		return t->mended.size;
	}
	blame(t, "invalid UTF-8 at byte %zu of the line", valid + 1);
	return n;
}

/* The next line, without its end; -1 at the end of the file. */
static ssize_t
next_line(struct tsv *t)
{
	size_t n;

	if ((t->text = lines_next(&t->lines, &n)) == NULL)
		return -1;
	if (t->lines.too_long)
		blame(t, "a line of more than %d bytes", LINES_MOST);
	if (!t->lines.complete && !t->raw)
		blame(t,
		    "the last line does not end in a newline: the table is "
		    "cut");
	return (ssize_t)check_bytes(t, text_line(t->text, n));
}

/* Tell where the fields stand in the bytes of the row. */
static void
set_row(struct tsv *t, struct tsv_row *row)
{
	char *p = t->bytes.data;

	t->field =
	    mem_grow(t->field, &t->field_room, t->count, sizeof(*t->field));
	for (size_t i = 0; i < t->count; i++) {
		t->field[i] = p;
		p += t->length[i] + 1;
	}
	*row = (struct tsv_row){ t->lines.number, t->count, t->field, t->length,
		NULL };
}

/* Split a line that others wrote into the row's fields. */
static void
split_raw(struct tsv *t, const char *text, size_t n, struct tsv_row *row)
{
	t->count = 0;
	buf_clear(&t->bytes);
	if (n > 0) {
		parse(t, text, n);
		parse(t, "\n", 1);
	} else {
		add_field("", 0, t); /* libcsv passes over empty lines */
	}
	set_row(t, row);
}

/*
 * Where the next byte stands, before libcsv sees it: that goes on reading
 * where a closing quote is followed by text, to the next quote of another row.
 */
static void
follow_quotes(struct tsv *t, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (t->state == IN_QUOTES) {
			if (c == '"')
				t->state = AFTER_QUOTE;
		} else if (c == t->delimiter || c == '\n') {
			t->state = AT_START;
		} else if (t->state == UNQUOTED) {
			continue;
		} else if (c == '"') {
			t->state = IN_QUOTES;
		} else if (t->state == AFTER_QUOTE) {
			die_at(t->lines.path, t->lines.number,
			    "byte 0x%02x after the closing quote of a field "
			    "(quotes inside are doubled)",
			    (unsigned char)c);
		} else {
			t->state = UNQUOTED;
		}
	}
}

/* A row of the line at hand and, while a field in quotes is open, the next. */
static void
split_quoted(struct tsv *t, const char *text, size_t n, struct tsv_row *row)
{
	size_t first = t->lines.number, size = 0;

	t->count = 0;
	t->state = AT_START;
	buf_clear(&t->bytes);
	for (;;) {
		ssize_t got;

		follow_quotes(t, text, n);
		parse(t, text, n);
		follow_quotes(t, "\n", 1);
		parse(t, "\n", 1);
		if (t->state != IN_QUOTES)
			break;
		if ((got = next_line(t)) < 0)
			die_at(t->lines.path, first,
			    "a field in quotes that opens here never closes");
		if ((size += n) > LINES_MOST)
			die_at(t->lines.path, first,
			    "a field in quotes that opens here is open after "
			    "%d bytes",
			    LINES_MOST);
		text = t->text;
		n = (size_t)got;
	}
	set_row(t, row);
	row->line = first;
}

/*
 * The same for our own tables, three times faster: tabs are all there is to
 * see in them, and libcsv calls a function for every byte.
 */
static void
split_own(struct tsv *t, const char *text, size_t n, struct tsv_row *row)
{
	char *start, *end, *tab;

	buf_clear(&t->bytes);
	buf_add(&t->bytes, text, n);
	buf_byte(&t->bytes, '\t');
	start = t->bytes.data;
	end = start + t->bytes.size;
	for (t->count = 0; start < end; start = tab + 1) {
		tab = memchr(start, '\t', (size_t)(end - start));
		assert(tab != NULL);
		*tab = '\0';
		t->length = mem_grow(t->length, &t->length_room, t->count + 1,
		    sizeof(*t->length));
		t->length[t->count++] = (size_t)(tab - start);
	}
	set_row(t, row);
}

static struct tsv *
open_stream(const char *path, unsigned wanted)
{
	struct tsv *t = mem_zero(1, sizeof(*t));

	kind_refuse_folder(path, wanted);
	t->wanted = wanted;
	lines_open(&t->lines, path);
	t->raw = wanted == kind_raw || wanted == kind_plain;
	t->delimiter = '\t';
	if (csv_init(&t->csv, CSV_REPALL_NL) != 0)
		die("libcsv: cannot start");
	csv_set_delim(&t->csv, '\t');
	csv_set_quote(&t->csv, 0xff);
	csv_set_space_func(&t->csv, no_space);
	csv_set_term_func(&t->csv, line_end);
	return t;
}

/* At the first bytes. */
static void
look(struct tsv *t)
{
	size_t n;
	const char *start = lines_start(&t->lines, &n);

	t->found = kind_of_bytes(start, n);
}

struct tsv *
tsv_open(const char *path, const char *kinds)
{
	unsigned wanted = kind_of_words(kinds);
	size_t twice;
	struct tsv_row row;
	struct tsv *t;
	ssize_t n;

	t = open_stream(path, wanted);
	look(t);
	if (t->found.sure && t->found.kind != KIND_TABLE)
		tsv_refuse(t);
	while ((n = next_line(t)) > 0 && t->text[0] == '#')
		provenance_read(&t->provenance, t->lines.path, t->lines.number,
		    t->text, (size_t)n, kinds);
	if (n < 0 && t->found.kind == KIND_EMPTY)
		tsv_refuse(t);
	if (n < 0)
		die_at(t->lines.path, t->lines.number,
		    "the file ends before a header row of %s", kinds);
	split_own(t, t->text, (size_t)n, &row);
	t->columns = row.count;
	t->column = mem_zero(row.count, sizeof(*t->column));
	for (size_t i = 0; i < row.count; i++)
		t->column[i] = mem_string(row.field[i]);
	twice = text_find_twice((const char *const *)t->column, row.count);
	if (twice < row.count)
		die_at(t->lines.path, t->lines.number,
		    "column '%s' stands twice", t->column[twice]);
	return t;
}

struct tsv *
tsv_open_raw(const char *path)
{
	return open_stream(path, kind_raw);
}

struct tsv *
tsv_open_plain(const char *path)
{
	return open_stream(path, kind_plain);
}

static void
start_quotes(struct tsv *t)
{
	t->quoted = true;
	csv_set_quote(&t->csv, '"');
}

struct tsv *
tsv_open_csv(const char *path)
{
	struct tsv *t = open_stream(path, kind_raw);

	t->delimiter = ',';
	csv_set_delim(&t->csv, ',');
	start_quotes(t);
	return t;
}

/* The next line of a raw table, without a byte order mark. */
static bool
raw_line(struct tsv *t)
{
	ssize_t got;

	if (t->lines.number == 0)
		look(t);
	if (t->lines.number == 0 &&
	    (t->found.sure ||
		(t->wanted == kind_raw && t->found.kind == KIND_FOREIGN)))
		kind_refuse(&t->found, t->lines.path, t->wanted);
	buf_clear(&t->fault);
	got = next_line(t);
	if (got < 0)
		return false;
	t->size = (size_t)got;
	if (t->lines.number == 1 && t->size >= 3 &&
	    memcmp(t->text, "\xef\xbb\xbf", 3) == 0) {
		t->text += 3;
		t->size -= 3;
	}
	return true;
}

/* Its fields, as they are read at present. */
static void
split_line(struct tsv *t, struct tsv_row *row)
{
	const char *text = t->text;
	size_t n = t->size;

	if (t->quoted) {
		split_quoted(t, text, n, row);
		return;
	}
	if (!t->keep_ends)
		n = utf8_strip(&text, n);
	split_raw(t, text, n, row);
}

const char *
tsv_next_line(struct tsv *t, size_t *n)
{
	if (!raw_line(t))
		return NULL;
	*n = t->size;
	return t->text;
}

const char *
tsv_line_fault(struct tsv *t)
{
	return t->fault.size > 0 ? buf_string(&t->fault) : NULL;
}

void
tsv_unquote(struct tsv *t, struct tsv_row *row)
{
	start_quotes(t);
	split_line(t, row);
}

void
tsv_keep_ends(struct tsv *t, struct tsv_row *row)
{
	t->keep_ends = true;
	split_line(t, row);
}

void
tsv_whole_row(struct tsv *t, struct tsv_row *row)
{
	split_raw(t, t->text, t->size, row);
}

bool
tsv_next(struct tsv *t, struct tsv_row *row)
{
	ssize_t got;

	if (t->raw) {
		if (!raw_line(t))
			return false;
		split_line(t, row);
		return true;
	}
	buf_clear(&t->fault);
	if ((got = next_line(t)) < 0)
		return false;
	split_own(t, t->text, (size_t)got, row);
	if (row->count != t->columns)
		blame(t, "%zu column%s, expected %zu", row->count,
		    num_s(row->count), t->columns);
	row->fault = tsv_line_fault(t);
	return true;
}

void
tsv_forgive(struct tsv *t, bool replace)
{
	t->lines.forgiving = true;
	t->replacing = replace;
}

size_t
tsv_replaced(const struct tsv *t)
{
	return t->replaced;
}

size_t
tsv_columns(const struct tsv *t)
{
	return t->columns;
}

const char *
tsv_column(const struct tsv *t, size_t i)
{
	return t->column[i];
}

size_t
tsv_find(const struct tsv *t, const char *name)
{
	for (size_t i = 0; i < t->columns && t->column[i] != NULL; i++)
		if (strcmp(t->column[i], name) == 0)
			return i;
	return (size_t)-1;
}

size_t
tsv_need(const struct tsv *t, const char *name)
{
	size_t i = tsv_find(t, name);

	if (i == (size_t)-1) {
		tsv_refuse(t);
		die_at(t->lines.path, t->lines.number,
		    "no column '%s' in the header%s%s", name, tsv_near(t, name),
		    tsv_advice(t));
	}
	return i;
}

void
tsv_refuse(const struct tsv *t)
{
	if (t->found.kind != KIND_TSV)
		kind_refuse(&t->found, t->lines.path, t->wanted);
}

char *
tsv_advice(const struct tsv *t)
{
	return t->found.kind == KIND_TSV
		   ? kind_advice(&t->found, t->lines.path, t->wanted)
		   : mem_string("");
}

char *
tsv_near(const struct tsv *t, const char *name)
{
	return near_text(name, (const char *const *)t->column, t->columns);
}

const char *
tsv_kind(const struct tsv *t)
{
	return t->provenance.kind;
}

const char *
tsv_meta(const struct tsv *t, const char *key)
{
	return provenance_value(&t->provenance, key);
}

const char *
tsv_provenance(const struct tsv *t)
{
	return t->provenance.text;
}

const char *
tsv_path(const struct tsv *t)
{
	return t->lines.path;
}

size_t
tsv_line(const struct tsv *t)
{
	return t->lines.number;
}

void
tsv_close(struct tsv *t)
{
	lines_close(&t->lines);
	for (size_t i = 0; i < t->columns; i++)
		free(t->column[i]);
	csv_free(&t->csv);
	buf_free(&t->bytes);
	buf_free(&t->fault);
	buf_free(&t->mended);
	free(t->column);
	provenance_free(&t->provenance);
	free(t->field);
	free(t->length);
	free(t);
}
