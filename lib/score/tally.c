#include "score/tally.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "corpus/labelset.h"
#include "data/pred.h"
#include "score/affix.h"
#include "score/average.h"
#include "score/tallied.h"
#include "score/voters.h"

/* --- rows of numbers --- */

/* The row of an id, which stands once in a file. */
static struct tallied_row *
row_once(struct tallied *t, const char *path, size_t nth, size_t line,
    const char *id, size_t n)
{
	struct tallied_row *row = tallied_row(t, path, line, id, n);

	if (row->last_file == nth + 1)
		die_at(path, line, "id '%s' stood in a line before", id);
	tallied_in_file(row, nth);
	return row;
}

static void
add_numbers(struct tallied *t, struct tallied_row *row, const double *value,
    size_t width, double weight)
{
	row->said++;
	row->weight += weight;
	for (size_t c = 0; c < width; c++)
		tallied_add(t, row, c, weight * value[c]);
}

/* --- a file of others' --- */

struct reading {
	struct tallied *t;
	struct raw_file *file;
	const char *path;
	size_t nth;
	double weight;
	size_t id, label, score, voter; /* columns; (size_t)-1: not there */
	struct affix affix;		/* of those of numbers */
	size_t *class; /* [columns] of numbers; or (size_t)-1 */
	size_t columns;
	bool pending; /* the first row is no header */
	struct raw_row row;
};

static size_t
find_column(const struct reading *r, char *const *name, const char *wanted)
{
	for (size_t i = 0; i < r->row.count; i++)
		if (strcmp(name[i], wanted) == 0)
			return i;
	return (size_t)-1;
}

static size_t
need_column(const struct reading *r, char *const *name, const char *wanted)
{
	size_t i = find_column(r, name, wanted);

	if (i == (size_t)-1)
		die_at(r->path, r->row.line, "no column '%s' in the header%s",
		    wanted,
		    near_text(wanted, (const char *const *)name, r->row.count));
	return i;
}

/* A column that may lack, unless it is named. */
static size_t
may_have(const struct reading *r, char *const *name, const char *asked,
    const char *usual)
{
	return asked != NULL ? need_column(r, name, asked)
			     : find_column(r, name, usual);
}

static const char *
or_usual(const char *asked, const char *usual)
{
	return asked != NULL ? asked : usual;
}

static void
find_votes(struct reading *r, char *const *name)
{
	const struct tally_columns *c = &r->t->o->column;
	const char *label = or_usual(c->label, "label");
	bool named = c->id != NULL || c->label != NULL || c->weight != NULL ||
		     c->voter != NULL;

	r->id = find_column(r, name, or_usual(c->id, "id"));
	r->voter = (size_t)-1;
	if (r->id == (size_t)-1 && !named && r->row.name == NULL &&
	    r->row.count >= 2 && r->row.count <= 3 &&
	    find_column(r, name, label) == (size_t)-1) {
		/* rows from the first line on: id, label, weight */
		r->pending = true;
		r->id = 0;
		r->label = 1;
		r->score = r->row.count == 3 ? 2 : (size_t)-1;
		return;
	}
	r->id = need_column(r, name, or_usual(c->id, "id"));
	r->label = need_column(r, name, label);
	r->score = may_have(r, name, c->weight, "weight");
	r->voter = may_have(r, name, c->voter, "voter");
}

/* The class of each column of numbers, of those that the task knows. */
static void
find_known(struct reading *r, char *const *name)
{
	const struct labels *l = &r->t->labels;
	size_t others = 0;

	for (size_t i = 0; i < r->columns; i++)
		r->class[i] = (size_t)-1;
	if (r->affix.before == NULL &&
	    affix_find(&r->affix, l, name, r->row.count, r->path) &&
	    r->nth == 0)
		note("%s: columns %sLABEL%s are the labels'", r->path,
		    r->affix.before, r->affix.behind);
	for (size_t c = 0; c < labels_width(l); c++) {
		char *wanted = affix_name(&r->affix, l, c);

		r->class[need_column(r, name, wanted)] = c;
		free(wanted);
	}
	for (size_t i = 0; i < r->columns; i++)
		others += r->class[i] == (size_t)-1 && i != r->id;
	if (others > 0 && r->nth == 0)
		note("%s: %zu column%s of no label passed over", r->path,
		    others, num_s(others));
}

/* All columns but the id are labels; of later files the same. */
static void
find_all(struct reading *r, char *const *name)
{
	struct labels *l = &r->t->labels;

	for (size_t i = 0; i < r->columns && r->nth == 0; i++) {
		if (i == r->id)
			continue;
		if (!labels_name_is_good(name[i]))
			die_at(r->path, r->row.line,
			    "column '%s' cannot name a label", name[i]);
		labels_add(l, name[i], strlen(name[i]));
	}
	if (r->nth == 0 && l->classes == 1 &&
	    strcmp(l->name[0], "score") == 0) {
		labels_free(l);
		*l = (struct labels){ .type = TASK_REGRESSION };
	} else if (l->classes == 1) {
		die_at(r->path, r->row.line,
		    "one column beside the id, '%s', expected one for each "
		    "label, or 'score'",
		    l->name[0]);
	}
	find_known(r, name);
}

static void
find_columns(struct reading *r)
{
	const struct tally_options *o = r->t->o;
	char *const *name = r->row.name != NULL ? r->row.name : r->row.field;

	r->pending = r->row.name != NULL;
	if (o->form == TALLY_VOTES) {
		find_votes(r, name);
		return;
	}
	r->id = need_column(r, name, or_usual(o->column.id, "id"));
	r->columns = r->row.count;
	r->class = mem_resize(r->class, r->columns + 1, sizeof(*r->class));
	if (o->task != NULL || r->t->labels.type != TASK_CLASSIFICATION)
		find_known(r, name);
	else
		find_all(r, name);
}

static double
weight_of(const struct reading *r)
{
	double w = 1;

	if (r->score == (size_t)-1 || r->score >= r->row.count)
		return r->weight;
	if (!num_real(r->row.field[r->score], 0, 1e9, &w))
		die_at(r->path, r->row.line,
		    "id '%s': weight '%s', expected a number from 0 to 1e9",
		    r->row.field[r->id], r->row.field[r->score]);
	return w * r->weight;
}

/* The class that a task has; a comma within its name is a semicolon there. */
static int
class_in_task(const struct task *t, const char *label, size_t n)
{
	struct buf one = { 0 };
	int class = task_class(t, label, n);

	if (class >= 0 || memchr(label, ',', n) == NULL)
		return class;
	buf_add(&one, label, n);
	labelset_one(&one, 0);
	class = task_class(t, buf_string(&one), n);
	buf_free(&one);
	return class;
}

/* The class of a label that stands in a vote. */
static size_t
class_of(struct reading *r, const char *label, size_t n)
{
	struct tallied *t = r->t;
	int class;

	if (t->names != NULL) {
		if (!labels_name_is_good(label))
			die_at(r->path, r->row.line,
			    "id '%s': '%s' cannot name a label",
			    r->row.field[r->id], label);
		return numbering_of(t->names, label, n);
	}
	if ((class = class_in_task(t->o->task, label, n)) < 0)
		die_at(r->path, r->row.line,
		    "id '%s': label '%s', expected one of %s, or -%s",
		    r->row.field[r->id], label, labels_list(&t->labels),
		    labels_near(&t->labels, label));
	return (size_t) class;
}

static void
vote_for_all(struct reading *r, const struct tallied_row *row, double weight)
{
	struct example_text rest = { r->row.field[r->label],
		r->row.length[r->label] },
			    word;

	while (r->row.length[r->label] > 0 && labelset_next(&rest, &word)) {
		char *label = mem_stringn(word.at, word.size);

		tallied_add(r->t, row, class_of(r, label, word.size), weight);
		free(label);
	}
}

/* Who votes: the row says it, else each file is one. */
static const char *
voter_of(const struct reading *r)
{
	if (r->voter == (size_t)-1)
		return r->path;
	if (r->voter >= r->row.count || r->row.length[r->voter] == 0 ||
	    strcmp(r->row.field[r->voter], "-") == 0)
		die_at(r->path, r->row.line, "id '%s': a vote of nobody",
		    r->row.field[r->id]);
	return r->row.field[r->voter];
}

static void
take_vote(struct reading *r)
{
	size_t first = r->t->parts;
	const char *label = r->row.field[r->label];
	size_t n = r->row.length[r->label];
	enum task_type type = r->t->labels.type;
	double weight = weight_of(r), score;
	struct tallied_row *row;

	row = tallied_row(r->t, r->path, r->row.line, r->row.field[r->id],
	    r->row.length[r->id]);
	tallied_in_file(row, r->nth);
	if (strcmp(label, "-") == 0 || weight == 0 ||
	    (n == 0 && type != TASK_MULTILABEL)) {
		r->t->abstained++;
		return;
	}
	row->said++;
	row->weight += weight;
	if (type == TASK_MULTILABEL) {
		vote_for_all(r, row, weight);
	} else if (type == TASK_REGRESSION) {
		const struct task *t = r->t->o->task;

		if (!num_real(label, t->low, t->high, &score))
			die_at(r->path, r->row.line,
			    "id '%s': score '%s', expected a number from %g "
			    "to %g",
			    r->row.field[r->id], label, t->low, t->high);
		tallied_add(r->t, row, 0, weight * score);
	} else {
		tallied_add(r->t, row, class_of(r, label, n), weight);
	}
	if (r->t->voters != NULL)
		tallied_vote(r->t, row, voter_of(r), weight, first);
}

/* The numbers of a row; false if one of them is empty: no opinion. */
static bool
read_numbers(const struct reading *r, double *value)
{
	enum task_type type = r->t->labels.type;
	bool logs = r->t->o->form == TALLY_LOGS;
	double most = type == TASK_MULTILABEL ? 1 : 1e30;

	for (size_t i = 0; i < r->columns && i < r->row.count; i++) {
		const char *text = r->row.field[i];
		double low = 0, high = most;

		if (r->class[i] == (size_t)-1)
			continue;
		if (text[0] == '\0' || strcmp(text, "-") == 0)
			return false;
		if (type == TASK_REGRESSION || logs) {
			low = -FLT_MAX;
			high = type == TASK_MULTILABEL ? 0 : (double)FLT_MAX;
		}
		if (logs && strcmp(text, "-inf") == 0)
			value[r->class[i]] = (double)-INFINITY;
		else if (!num_real(text, low, high, &value[r->class[i]]))
			die_at(r->path, r->row.line,
			    "id '%s', column %zu: '%s', expected %s",
			    r->row.field[r->id], i + 1, text,
			    type == TASK_REGRESSION ? "a number"
			    : logs ? "the logarithm of a probability"
				   : "a probability");
	}
	return true;
}

/* Make them probabilities; true if they summed to something else than 1. */
static bool
scale(const struct reading *r, double *value, size_t width)
{
	double max = (double)-INFINITY, sum = 0;
	bool logs = r->t->o->form == TALLY_LOGS;

	if (r->t->labels.type == TASK_REGRESSION)
		return false;
	for (size_t c = 0; c < width; c++)
		max = value[c] > max ? value[c] : max;
	if (logs && r->t->labels.type == TASK_MULTILABEL)
		max = 0;
	for (size_t c = 0; c < width; c++) {
		if (logs && isfinite(max))
			value[c] = exp(value[c] - max);
		else if (logs)
			value[c] = 0;
		sum += value[c];
	}
	if (r->t->labels.type == TASK_MULTILABEL)
		return false;
	if (!(sum > 0))
		die_at(r->path, r->row.line,
		    "id '%s': the probabilities sum to 0", r->row.field[r->id]);
	for (size_t c = 0; c < width; c++)
		value[c] /= sum;
	return fabs(sum * (logs ? exp(max) : 1) - 1) > 1e-3;
}

static void
take_numbers(struct reading *r, double *value)
{
	size_t width = labels_width(&r->t->labels);
	struct tallied_row *row;

	if (r->row.count < r->columns)
		die_at(r->path, r->row.line, "%zu column%s, expected %zu",
		    r->row.count, num_s(r->row.count), r->columns);
	row = row_once(r->t, r->path, r->nth, r->row.line, r->row.field[r->id],
	    r->row.length[r->id]);
	if (!read_numbers(r, value)) {
		r->t->abstained++;
		return;
	}
	r->t->scaled += scale(r, value, width);
	add_numbers(r->t, row, value, width, r->weight);
}

static enum raw_form
form_of(const char *path, int asked)
{
	enum file_kind kind;

	if (asked > 0)
		return (enum raw_form)(asked - 1);
	kind = kind_of_path(path).kind;
	return kind == KIND_CSV	    ? RAW_CSV
	       : kind == KIND_JSONL ? RAW_JSONL
				    : RAW_TSV;
}

static void
read_file(struct tallied *t, const char *path, size_t nth, double weight)
{
	struct reading r = { .t = t, .nth = nth, .weight = weight };
	enum raw_form form = form_of(path, t->o->file);
	double *value = NULL;

	r.file = raw_open(path, form);
	r.path = raw_path(r.file);
	if (!raw_next(r.file, &r.row))
		die_at(r.path, 0, "empty, expected a header row");
	if (form == RAW_TSV && raw_is_quoted(&r.row))
		raw_unquote(r.file, &r.row);
	else if (form == RAW_TSV)
		raw_keep_ends(r.file, &r.row);
	find_columns(&r);
	value = mem_zero(labels_width(&t->labels) + 1, sizeof(*value));
	while (r.pending || raw_next(r.file, &r.row)) {
		if (form == RAW_JSONL)
			find_columns(&r);
		r.pending = false;
		if (r.id >= r.row.count ||
		    (t->o->form == TALLY_VOTES && r.label >= r.row.count))
			die_at(r.path, r.row.line,
			    "%zu column%s, expected more", r.row.count,
			    num_s(r.row.count));
		if (t->o->form == TALLY_VOTES)
			take_vote(&r);
		else
			take_numbers(&r, value);
	}
	raw_close(r.file);
	affix_free(&r.affix);
	free(r.class);
	free(value);
}

/* --- what comes out --- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The labels of votes, sorted, and their parts' classes with them. */
static void
sort_labels(struct tallied *t)
{
	size_t n = numbering_count(t->names), *class;

	for (size_t i = 0; i < n; i++) {
		size_t length;
		const char *name = numbering_name(t->names, i, &length);

		labels_add(&t->labels, name, length);
	}
	if (n > 0)
		qsort(t->labels.name, n, sizeof(*t->labels.name), by_name);
	class = mem_alloc(n + 1, sizeof(*class));
	for (size_t c = 0; c < n; c++)
		class[numbering_find(t->names, t->labels.name[c],
		    strlen(t->labels.name[c]))] = c;
	for (size_t i = 0; i < t->parts; i++)
		t->part[i].class = class[t->part[i].class];
	free(class);
}

void
tally_write(FILE *out, const char *const *path, size_t count,
    const double *weight, const struct tally_options *o)
{
	bool votes = o->form == TALLY_VOTES;
	struct tallied t = { .o = o, .ids = numbering_new() };
	size_t missing = 0, which = 0, n, most = count;

	if (o->task != NULL)
		labels_copy(&t.labels, &o->task->labels);
	if (t.labels.type == TASK_RANKING)
		die("task %s is %s: groups of rows cannot be voted on",
		    o->task->name, labels_type_name(t.labels.type));
	if (o->task == NULL && votes)
		t.names = numbering_new();
	if (o->look != TALLY_MEAN)
		t.voters = numbering_new();
	for (size_t i = 0; i < count; i++)
		read_file(&t, path[i], i, weight != NULL ? weight[i] : 1);
	if (t.names != NULL)
		sort_labels(&t);
	if (t.labels.classes < 2 && t.labels.type == TASK_CLASSIFICATION)
		die("%s: votes for %zu label%s, expected two or more; -t "
		    "names the task",
		    file_name(path[0]), t.labels.classes,
		    num_s(t.labels.classes));
	if (!votes)
		missing = tallied_missing(&t, count, &which);
	if (missing > 0 && !o->missing) {
		const char *id = numbering_name(t.ids, which, &n);

		die("id '%.*s' is not in every file; --missing-ids allows it",
		    (int)n, id);
	}
	for (size_t r = 0; votes && r < numbering_count(t.ids); r++)
		most = t.row[r].said > most ? t.row[r].said : most;
	if (o->look == TALLY_VOTERS)
		voters_stats(out, &t);
	else if (o->look == TALLY_DISSENT)
		voters_dissent(out, &t);
	else
		tallied_write(out, &t, o->task != NULL ? o->task->name : NULL,
		    o->split, (long long)most, missing);
	tallied_free(&t);
}

/* --- tables of ours --- */

static void
read_table(struct tallied *t, struct pred_stream *s, size_t nth, double weight)
{
	const struct pred *p = pred_about(s);
	struct pred_row row;

	while (pred_next(s, &row))
		add_numbers(t,
		    row_once(t, p->path, nth, row.line, row.id, row.id_length),
		    row.value, p->width, weight);
}

void
tally_tables(
    FILE *out, const char *const *path, size_t count, const double *weight)
{
	struct pred_stream **s = mem_zero(count, sizeof(*s));
	struct tallied t = { .ids = numbering_new() };
	const char *task = NULL, *split = NULL;
	long long members = 0;
	size_t which = 0;

	for (size_t i = 0; i < count; i++) {
		const struct pred *p;

		s[i] = pred_open(path[i]);
		p = pred_about(s[i]);
		average_match(p, pred_about(s[0]));
		if (p->labels.type == TASK_RANKING)
			die("%s: --missing-ids: not for ranking, whose groups "
			    "are whole",
			    p->path);
		task = task != NULL ? task : p->task;
		split = split != NULL ? split : p->split;
		members += p->members;
		read_table(&t, s[i], i, weight != NULL ? weight[i] : 1);
	}
	labels_copy(&t.labels, &pred_about(s[0])->labels);
	tallied_write(
	    out, &t, task, split, members, tallied_missing(&t, count, &which));
	tallied_free(&t);
	for (size_t i = 0; i < count; i++)
		pred_close(s[i]);
	free(s);
}
