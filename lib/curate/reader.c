#include "curate/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "base/tsv.h"
#include "corpus/layout.h"
#include "curate/rowlabel.h"
#include "curate/table.h"

enum { NUMBER = 24 }; /* room for a row's number */

struct reader {
	const struct task *task; /* NULL: plain lines */
	const struct task_split *split;
	struct table *table; /* or */
	struct tsv *lines;
	struct rowlabel *labels;
	struct reader_count count;
	bool first_has_id; /* JSON lines */
	size_t numbers[2]; /* without a header: rows whose text is a number */
	bool unsafe;	   /* the row had tabs or line ends in a field */
	char number[NUMBER];
	struct buf gold; /* the first label that says that there is none */
	struct buf joined;
	struct buf safe[TASK_FIELDS];
	bool unlabelled; /* rows without a label are kept */
	bool only;	 /* and no others */
};

static const char *
path_of(const struct reader *r)
{
	return r->lines != NULL ? tsv_path(r->lines) : r->table->wanted.path;
}

struct reader *
reader_open(const struct task *task, const struct task_split *split,
    const char *path, const struct reader_options *options)
{
	static const struct reader_options plain;
	const struct reader_options *o = options != NULL ? options : &plain;
	struct reader *r = mem_zero(1, sizeof(*r));

	r->task = task;
	r->split = split;
	r->labels = rowlabel_new(task, o->number.count > 0 ? &o->number : NULL,
	    o->found, file_name(path));
	r->unlabelled = o->unlabelled || o->only;
	r->only = o->only;
	r->table = table_open(task, split, &o->file, path);
	if (r->only && r->table->form != RAW_JSONL &&
	    r->table->columns.at[TASK_LABEL] == 0)
		die("%s: no column of labels, which tells the rows that have "
		    "none",
		    path_of(r));
	return r;
}

const struct columns *
reader_columns(const struct reader *r)
{
	return &r->table->columns;
}

struct reader *
reader_open_lines(const char *path)
{
	struct reader *r = mem_zero(1, sizeof(*r));

	r->lines = tsv_open_plain(path);
	return r;
}

/* Tabs and line ends become spaces: an example has no room for them. */
static struct example_text
make_safe(struct reader *r, struct example_text t, struct buf *safe)
{
	size_t k = 0;

	while (k < t.size &&
	       strchr("\t\r\n", t.at[k] != '\0' ? t.at[k] : ' ') == NULL)
		k++;
	if (k == t.size)
		return t;
	r->unsafe = true;
	buf_clear(safe);
	for (k = 0; k < t.size; k++) {
		char c = t.at[k];

		if (c == '\r' && k + 1 < t.size && t.at[k + 1] == '\n')
			continue;
		if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		buf_byte(safe, c);
	}
	return (struct example_text){ buf_string(safe), safe->size };
}

/* What a JSON value is, for messages. */
static const char *
kind_name(enum raw_kind kind)
{
	static const char *const names[] = { "a string", "a number",
		"true or false", "null", "a list or object", "a list or object",
		"a list or object" };

	return names[kind];
}

/* In JSON lines: is the value what the column takes? */
static void
check_kind(const struct reader *r, const struct raw_row *row, size_t i,
    enum task_field f)
{
	enum raw_kind kind = row->kind[i];
	bool text = f == TASK_TEXT_A || f == TASK_TEXT_B;

	if (kind == RAW_TEXT || (kind == RAW_NUMBER && !text) ||
	    (kind == RAW_NULL && f != TASK_ID) ||
	    (kind == RAW_WORD && f == TASK_LABEL) ||
	    ((kind == RAW_LIST || kind == RAW_COMMAS) && f == TASK_LABEL &&
		r->task->labels.type == TASK_MULTILABEL))
		return;
	die_at(path_of(r), row->line, "'%s' is %s, expected %s for %s",
	    row->name[i], kind_name(kind),
	    text ? "a string" : "a string or number", layout_field_name(f));
}

/* The field of a column; NULL if there is no such column. */
static struct example_text
field(struct reader *r, const struct raw_row *row, enum task_field f)
{
	size_t i = table_index(r->table, row, f);
	struct example_text t = { NULL, 0 };

	if (i == (size_t)-1)
		return t;
	if (row->kind != NULL)
		check_kind(r, row, i, f);
	t = (struct example_text){ row->field[i], row->length[i] };
	return r->table->quoted ? make_safe(r, t, &r->safe[f]) : t;
}

static struct example_text
number_text(struct reader *r, size_t number)
{
	int n = snprintf(r->number, sizeof(r->number), "%zu", number);

	return (struct example_text){ r->number, (size_t)n };
}

static void
tally(size_t *count, size_t *first, size_t line)
{
	if ((*count)++ == 0)
		*first = line;
}

static _Noreturn void
refuse_width(const struct reader *r, const struct raw_row *row)
{
	const struct table *t = r->table;
	const char *hint = NULL;

	if (t->header == 0 && row->line == 1)
		hint = table_guess(t, row);
	if (hint == NULL && !t->whole)
		hint = "an empty one at either end of a line is lost with its "
		       "white space";
	die_at(path_of(r), row->line, "%zu field%s, expected %zu%s%s%s",
	    row->count, num_s(row->count), t->min_fields,
	    hint != NULL ? " (" : "", hint != NULL ? hint : "",
	    hint != NULL ? ")" : "");
}

/* False if the row is to be skipped. */
static bool
check_width(struct reader *r, struct raw_row *row)
{
	const struct table *t = r->table;

	if (row->count < t->min_fields && !table_widen(r->table, row)) {
		if (!r->split->skip_short)
			refuse_width(r, row);
		tally(&r->count.short_rows, &r->count.first_short, row->line);
		return false;
	}
	if (t->max_fields == 0 || row->count <= t->max_fields)
		return true;
	if (t->wide_fields > 0 && row->count != t->wide_fields)
		die_at(path_of(r), row->line,
		    "%zu field%s, expected %zu (a %s inside a text?)",
		    row->count, num_s(row->count), t->max_fields,
		    t->form == RAW_CSV ? "comma" : "tab");
	tally(&r->count.wide, &r->count.first_wide, row->line);
	return true;
}

/* A row whose label says that there is none: true if it is kept. */
static bool
take_unlabelled(struct reader *r, const struct raw_row *row, struct example *e)
{
	if (e->label.at == NULL || !r->split->labelled || r->unlabelled) {
		r->count.bare += r->unlabelled;
		e->label = (struct example_text){ "-", 1 };
		return true;
	}
	if (r->count.gold == 0)
		buf_add(&r->gold, e->label.at, e->label.size);
	else if (strcmp(buf_string(&r->gold), e->label.at) != 0)
		buf_clear(&r->gold);
	tally(&r->count.gold, &r->count.first_gold, row->line);
	return false;
}

static struct example_text
take_id(struct reader *r, const struct raw_row *row)
{
	struct example_text id = field(r, row, TASK_ID);
	bool has = id.at != NULL;

	if (r->table->form == RAW_JSONL) {
		if (r->count.rows == 0)
			r->first_has_id = has;
		else if (has != r->first_has_id)
			die_at(path_of(r), row->line,
			    has ? "an id, which earlier rows lack"
				: "no id, which earlier rows have");
	}
	if (!has)
		return number_text(r, r->count.rows);
	if (id.size == 0 || strlen(id.at) != id.size)
		die_at(path_of(r), row->line, "the id is empty or holds a NUL");
	return id;
}

/* Without names the wrong column may be taken; its numbers are no texts. */
static void
count_numbers(struct reader *r, const struct example *e)
{
	double value;

	if (r->table->header > 0 || r->table->form == RAW_JSONL)
		return;
	r->numbers[0] += num_real(e->text_a.at, -1e300, 1e300, &value);
	if (e->text_b.at != NULL)
		r->numbers[1] += num_real(e->text_b.at, -1e300, 1e300, &value);
}

/* False if the row is to be skipped. */
static bool
take_row(struct reader *r, struct raw_row *row, struct example *e)
{
	bool told, null, there;
	size_t i;

	if (r->table->form != RAW_JSONL && !check_width(r, row))
		return false;
	r->unsafe = false;
	told = r->table->columns.told;
	i = table_index(r->table, row, TASK_LABEL);
	null =
	    i == (size_t)-1 || (row->kind != NULL && row->kind[i] == RAW_NULL);
	*e = (struct example){ .line = row->line };
	e->label = field(r, row, TASK_LABEL);
	there = !(r->unlabelled && e->label.at != NULL &&
		    strcmp(e->label.at, "-") == 0) &&
		rowlabel_is_there(r->labels, e->label, null, told,
		    r->unlabelled || !r->split->labelled);
	if (!there && !take_unlabelled(r, row, e))
		return false;
	if (there && r->only) {
		tally(&r->count.labelled, &r->count.first_labelled, row->line);
		return false;
	}
	e->id = take_id(r, row);
	if (there && row->kind != NULL && row->kind[i] == RAW_COMMAS)
		rowlabel_commas(r->labels, row->line);
	if (there)
		rowlabel_take(r->labels, e, told);
	e->text_a = field(r, row, TASK_TEXT_A);
	e->text_b = field(r, row, TASK_TEXT_B);
	e->group = field(r, row, TASK_GROUP);
	count_numbers(r, e);
	if (r->unsafe)
		tally(&r->count.unsafe, &r->count.first_unsafe, row->line);
	return true;
}

/* A plain line, whatever tabs it holds. */
static bool
take_line(struct reader *r, const struct tsv_row *row, struct example *e)
{
	buf_clear(&r->joined);
	for (size_t i = 0; i < row->count; i++) {
		if (i > 0)
			buf_byte(&r->joined, ' ');
		buf_add(&r->joined, row->field[i], row->length[i]);
	}
	if (r->joined.size == 0) {
		tally(&r->count.short_rows, &r->count.first_short, row->line);
		return false;
	}
	*e = (struct example){ .line = row->line };
	e->id = number_text(r, row->line - 1);
	e->label = (struct example_text){ "-", 1 };
	e->text_a =
	    (struct example_text){ buf_string(&r->joined), r->joined.size };
	return true;
}

/* The next row or line; false at the end. */
static bool
next(struct reader *r, struct example *e, bool *taken)
{
	struct raw_row row;
	struct tsv_row line;

	if (r->lines != NULL) {
		if (!tsv_next(r->lines, &line))
			return false;
		*taken = take_line(r, &line, e);
	} else {
		if (!table_next(r->table, &row))
			return false;
		*taken = take_row(r, &row, e);
	}
	return true;
}

/* Nothing was read: a file that is cut short, or of another kind. */
static _Noreturn void
refuse_none(const struct reader *r)
{
	const char *what = r->lines != NULL ? "line" : "row";

	if (r->count.skipped == 0)
		die("%s: no %s%s", path_of(r), what,
		    r->table != NULL && r->table->header > 0
			? " below the header"
			: "");
	reader_report(r);
	die("%s: every %s was skipped%s", path_of(r), what,
	    r->count.gold > 0 ? " (a split without labels, as test is, keeps "
				"rows that have none)"
			      : "");
}

bool
reader_next(struct reader *r, struct example *e)
{
	struct reader_count *c = &r->count;
	bool taken;

	while (next(r, e, &taken)) {
		if (!taken) {
			c->skipped++;
			continue;
		}
		c->rows++;
		if (e->text_a.size == 0 ||
		    (e->text_b.at != NULL && e->text_b.size == 0))
			tally(&c->empty, &c->first_empty, e->line);
		return true;
	}
	for (int i = 0; i < 2; i++)
		if (c->rows > 0 && r->numbers[i] == c->rows)
			die("%s: no header, and text_%c of every row is a "
			    "number: it is another column",
			    path_of(r), "ab"[i]);
	if (c->rows == 0)
		refuse_none(r);
	return false;
}

const struct reader_count *
reader_counted(const struct reader *r)
{
	return &r->count;
}

static void
report_gold(const struct reader *r, const char *path)
{
	const struct reader_count *c = &r->count;

	if (c->gold > 0 && r->gold.size > 0)
		note("%s: rows skipped: %zu with the gold label '%.*s', first "
		     "at line %zu",
		    path, c->gold, (int)r->gold.size, r->gold.data,
		    c->first_gold);
	else if (c->gold > 0)
		note("%s: rows skipped: %zu without a label, first at line "
		     "%zu",
		    path, c->gold, c->first_gold);
	if (c->labelled > 0)
		note("%s: rows skipped: %zu with a label, first at line %zu",
		    path, c->labelled, c->first_labelled);
	if (c->bare > 0)
		note("%s: rows kept: %zu without a label", path, c->bare);
}

void
reader_report(const struct reader *r)
{
	const struct reader_count *c = &r->count;
	const char *path = path_of(r);
	size_t blank, first_blank;

	if (r->lines != NULL) {
		if (c->short_rows > 0)
			note("%s: lines skipped: %zu empty, first at line %zu",
			    path, c->short_rows, c->first_short);
		return;
	}
	if (c->short_rows > 0)
		note("%s: rows skipped: %zu of fewer than %zu field%s, first "
		     "at line %zu",
		    path, c->short_rows, r->table->min_fields,
		    num_s(r->table->min_fields), c->first_short);
	report_gold(r, path);
	rowlabel_report(r->labels);
	if (c->empty > 0)
		note("%s: rows kept: %zu with an empty text, first at line "
		     "%zu",
		    path, c->empty, c->first_empty);
	if (c->wide > 0)
		note("%s: rows kept: %zu of more than %zu field%s, first at "
		     "line %zu",
		    path, c->wide, r->table->max_fields,
		    num_s(r->table->max_fields), c->first_wide);
	if (c->unsafe > 0)
		note("%s: rows kept: %zu with tabs or line ends in fields, "
		     "now spaces, first at line %zu",
		    path, c->unsafe, c->first_unsafe);
	blank = raw_blank(r->table->file, &first_blank);
	if (blank > 0)
		note("%s: %zu blank line%s passed over, first at line %zu",
		    path, blank, num_s(blank), first_blank);
}

void
reader_close(struct reader *r)
{
	if (r->lines != NULL)
		tsv_close(r->lines);
	if (r->table != NULL)
		table_close(r->table);
	if (r->labels != NULL)
		rowlabel_free(r->labels);
	for (int f = 0; f < TASK_FIELDS; f++)
		buf_free(&r->safe[f]);
	buf_free(&r->gold);
	buf_free(&r->joined);
	free(r);
}

/* "RTE/train.tsv" as the form has it: RTE/train.csv, owned by the caller. */
static char *
with_ending(const char *file, enum raw_form form)
{
	static const char *const endings[] = { ".tsv", ".csv", ".jsonl" };
	size_t n = strlen(file);

	if (form != RAW_TSV && text_ends(file, endings[RAW_TSV]))
		n -= strlen(endings[RAW_TSV]);
	else
		return mem_string(file);
	return mem_printf("%.*s%s", (int)n, file, endings[form]);
}

char *
reader_file(const struct task *task, const struct task_split *split,
    const char *folder, enum raw_form form)
{
	struct buf tried = { 0 };

	for (size_t i = 0; i < split->files; i++) {
		char *name = with_ending(split->file[i], form);
		char *path = file_join(folder, name);

		if (file_exists(path)) {
			free(name);
			buf_free(&tried);
			return path;
		}
		buf_print(&tried, "%s%s", i > 0 ? ", " : "", name);
		free(name);
		free(path);
	}
	kind_refuse_model(folder, kind_raw);
	if (split->files == 0)
		die("%s: is a directory, and task %s names no file of this "
		    "split",
		    folder, task->name);
	die("%s: holds no %s for task %s", folder, buf_string(&tried),
	    task->name);
}
