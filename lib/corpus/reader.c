#include "corpus/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tsv.h"

enum { NUMBER = 24 }; /* room for a row's number */

struct reader {
	const struct task *task; /* NULL: plain lines */
	const struct task_split *split;
	struct tsv *tsv;
	/* Where the columns are, as task_column counts; 0: none. */
	long long id, label, text_a, text_b, group;
	size_t min_fields, max_fields; /* max 0: any */
	struct reader_count count;
	char number[NUMBER];
	struct buf joined;
};

static long long
find_column(const struct reader *r, const struct task_column *c,
    const struct tsv_row *header)
{
	if (c->name == NULL)
		return c->number;
	for (size_t i = 0; i < header->count; i++)
		if (strcmp(header->field[i], c->name) == 0)
			return (long long)i + 1;
	die_at(tsv_path(r->tsv), header->line,
	    "no column '%s' in the header, which %s split %s needs", c->name,
	    r->task->name, r->split->name != NULL ? r->split->name : "(any)");
}

static size_t
at_least(size_t need, long long column)
{
	size_t n = (size_t)(column < 0 ? -column : column);

	return n > need ? n : need;
}

/* How wide rows must be: as the layout says, else as the header is. */
static void
find_widths(struct reader *r, size_t header)
{
	size_t need = 1;

	need = at_least(need, r->id);
	need = at_least(need, r->label);
	need = at_least(need, r->text_a);
	need = at_least(need, r->text_b);
	need = at_least(need, r->group);
	r->min_fields = r->split->min_fields;
	r->max_fields = r->split->max_fields;
	if (r->min_fields == 0)
		r->min_fields = header > 0 ? header : need;
	if (r->max_fields == 0)
		r->max_fields = header;
	if (r->min_fields < need)
		die_at(tsv_path(r->tsv), header > 0,
		    "%zu columns, but task %s uses %zu", r->min_fields,
		    r->task->name, need);
}

struct reader *
reader_open(
    const struct task *task, const struct task_split *split, const char *path)
{
	struct reader *r = mem_zero(1, sizeof(*r));
	struct tsv_row header = { 0 };

	r->task = task;
	r->split = split;
	r->tsv = tsv_open_raw(path);
	if (split->header && !tsv_next(r->tsv, &header))
		die_at(tsv_path(r->tsv), 0, "empty, expected a header row");
	r->id = find_column(r, &split->id, &header);
	r->label = find_column(r, &split->label, &header);
	r->text_a = find_column(r, &split->text_a, &header);
	r->text_b = find_column(r, &split->text_b, &header);
	r->group = find_column(r, &split->group, &header);
	find_widths(r, header.count);
	return r;
}

struct reader *
reader_open_lines(const char *path)
{
	struct reader *r = mem_zero(1, sizeof(*r));

	r->tsv = tsv_open_raw(path);
	return r;
}

static struct example_text
field(const struct tsv_row *row, long long column)
{
	size_t i;

	if (column == 0)
		return (struct example_text){ NULL, 0 };
	i = column > 0 ? (size_t)column - 1 : row->count - (size_t)-column;
	return (struct example_text){ row->field[i], row->length[i] };
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

/* False if the row is to be skipped. */
static bool
check_width(struct reader *r, const struct tsv_row *row)
{
	if (row->count < r->min_fields && r->split->skip_short) {
		tally(&r->count.short_rows, &r->count.first_short, row->line);
		return false;
	}
	if (row->count < r->min_fields)
		die_at(tsv_path(r->tsv), row->line,
		    "%zu field%s, expected %zu (an empty one at either end of "
		    "a line is lost with its white space)",
		    row->count, row->count == 1 ? "" : "s", r->min_fields);
	if (r->max_fields == 0 || row->count <= r->max_fields)
		return true;
	if (!r->split->any_width)
		die_at(tsv_path(r->tsv), row->line,
		    "%zu fields, expected %zu (a tab inside a text?)",
		    row->count, r->max_fields);
	tally(&r->count.wide, &r->count.first_wide, row->line);
	return true;
}

static void
check_label(const struct reader *r, const struct example *e)
{
	const struct task *t = r->task;
	double score;

	if (t->labels.type == TASK_REGRESSION) {
		if (strlen(e->label.at) != e->label.size ||
		    !num_real(e->label.at, t->low, t->high, &score))
			die_at(tsv_path(r->tsv), e->line,
			    "id %s: score '%s', expected a number from %g to "
			    "%g",
			    e->id.at, e->label.at, t->low, t->high);
		return;
	}
	if (labels_find(&t->labels, e->label.at, e->label.size) < 0)
		die_at(tsv_path(r->tsv), e->line,
		    "id %s: label '%s', expected one of %s", e->id.at,
		    e->label.at, labels_list(&t->labels));
}

/* False if the row is to be skipped. */
static bool
take_row(struct reader *r, const struct tsv_row *row, struct example *e)
{
	const char *skip = r->task->skip_label;

	if (!check_width(r, row))
		return false;
	e->line = row->line;
	e->label = field(row, r->label);
	if (r->label == 0) {
		e->label = (struct example_text){ "-", 1 };
	} else if (skip != NULL && strcmp(e->label.at, skip) == 0) {
		tally(&r->count.gold, &r->count.first_gold, row->line);
		return false;
	}
	e->id = r->id != 0 ? field(row, r->id) : number_text(r, r->count.rows);
	e->text_a = field(row, r->text_a);
	e->text_b = field(row, r->text_b);
	e->group = field(row, r->group);
	if (e->id.size == 0 || strlen(e->id.at) != e->id.size)
		die_at(tsv_path(r->tsv), row->line,
		    "the id is empty or holds "
		    "a NUL");
	if (r->label != 0)
		check_label(r, e);
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

bool
reader_next(struct reader *r, struct example *e)
{
	struct tsv_row row;

	while (tsv_next(r->tsv, &row)) {
		if (!(r->task != NULL ? take_row(r, &row, e)
				      : take_line(r, &row, e))) {
			r->count.skipped++;
			continue;
		}
		r->count.rows++;
		if (e->text_a.size == 0 ||
		    (e->text_b.at != NULL && e->text_b.size == 0))
			tally(&r->count.empty, &r->count.first_empty, row.line);
		return true;
	}
	return false;
}

const struct reader_count *
reader_counted(const struct reader *r)
{
	return &r->count;
}

void
reader_report(const struct reader *r)
{
	const struct reader_count *c = &r->count;
	const char *path = tsv_path(r->tsv);

	if (r->task == NULL) {
		if (c->short_rows > 0)
			note("%s: lines skipped: %zu empty, first at line %zu",
			    path, c->short_rows, c->first_short);
		return;
	}
	if (c->short_rows > 0)
		note("%s: rows skipped: %zu of fewer than %zu fields, first "
		     "at line %zu",
		    path, c->short_rows, r->min_fields, c->first_short);
	if (c->gold > 0)
		note("%s: rows skipped: %zu with the gold label '%s', first "
		     "at line %zu",
		    path, c->gold, r->task->skip_label, c->first_gold);
	if (c->empty > 0)
		note("%s: rows kept: %zu with an empty text, first at line "
		     "%zu",
		    path, c->empty, c->first_empty);
	if (c->wide > 0)
		note("%s: rows kept: %zu of more than %zu fields, first at "
		     "line %zu",
		    path, c->wide, r->max_fields, c->first_wide);
}

void
reader_close(struct reader *r)
{
	tsv_close(r->tsv);
	buf_free(&r->joined);
	free(r);
}

char *
reader_file(
    const struct task *task, const struct task_split *split, const char *folder)
{
	struct buf tried = { 0 };

	for (size_t i = 0; i < split->files; i++) {
		char *path = file_join(folder, split->file[i]);

		if (file_exists(path)) {
			buf_free(&tried);
			return path;
		}
		buf_print(&tried, "%s%s", i > 0 ? ", " : "", split->file[i]);
		free(path);
	}
	if (split->files == 0)
		die("%s: is a directory, and task %s names no file of this "
		    "split",
		    folder, task->name);
	die("%s: holds no %s for task %s", folder, buf_string(&tried),
	    task->name);
}
