#include "data/pred.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tsv.h"
#include "data/id.h"

#define SUM_TOLERANCE 1e-3

struct pred_stream {
	struct pred about; /* no rows; path and columns belong to it */
	struct tsv *table;
	double *value; /* [width] of the present row */
	struct pred_row row;
	bool again;	   /* the present row is to come once more */
	char *group;	   /* ranking: that of the row before, owned */
	size_t group_line; /* where it starts */
	double group_sum;
	struct id_set groups;
};

/* --- the first lines --- */

static void
read_provenance(struct pred *p, const struct tsv *t)
{
	const char *task = tsv_meta(t, "task"), *split = tsv_meta(t, "split");
	const char *members = tsv_meta(t, "members");

	p->path = mem_string(tsv_path(t));
	p->task = task != NULL ? mem_string(task) : NULL;
	p->split = split != NULL ? mem_string(split) : NULL;
	p->members = 1;
	if (members != NULL && !num_int(members, 1, 1000000000, &p->members))
		die_at(
		    p->path, 1, "members is '%s', expected a count", members);
}

static bool
is_column(const struct tsv *t, size_t i, const char *name)
{
	return i < tsv_columns(t) && strcmp(tsv_column(t, i), name) == 0;
}

static enum task_type
type_of(const struct pred *p, const struct tsv *t)
{
	const char *name = tsv_meta(t, "type");
	bool score = is_column(t, 1, "score");
	enum task_type shape = TASK_CLASSIFICATION;
	int type;

	if (!is_column(t, 0, "id")) {
		tsv_refuse(t);
		die_at(p->path, tsv_line(t),
		    "the first column is '%s', expected 'id'%s",
		    tsv_column(t, 0), tsv_advice(t));
	}
	if (score && tsv_columns(t) == 2)
		shape = TASK_REGRESSION;
	else if (score && tsv_columns(t) == 3 && is_column(t, 2, "group"))
		shape = TASK_RANKING;
	else if (tsv_columns(t) < 3)
		die_at(p->path, tsv_line(t),
		    "expected the columns id and two or more labels, or id "
		    "and score, or id, score and group");
	if (name == NULL)
		return shape;
	type = labels_type_find(name);
	if (type < 0)
		die_at(p->path, 1, "type is '%s', expected %s", name,
		    labels_type_list());
	if (type == TASK_MULTILABEL && shape == TASK_CLASSIFICATION)
		return TASK_MULTILABEL;
	if (type != (int)shape)
		die_at(p->path, tsv_line(t),
		    "the columns are those of a %s table, expected %s",
		    labels_type_name(shape), name);
	return shape;
}

static void
read_labels(struct pred *p, const struct tsv *t)
{
	for (size_t i = 1; i < tsv_columns(t); i++) {
		const char *name = tsv_column(t, i);

		if (!labels_name_is_good(name))
			die_at(p->path, tsv_line(t),
			    "column %zu: '%s' cannot name a label", i + 1,
			    name);
		labels_add(&p->labels, name, strlen(name));
	}
}

struct pred_stream *
pred_open(const char *path)
{
	struct pred_stream *s = mem_zero(1, sizeof(*s));
	struct pred *p = &s->about;

	s->table = tsv_open(path, "pred|soft");
	read_provenance(p, s->table);
	p->labels.type = type_of(p, s->table);
	if (labels_is_wide(&p->labels))
		read_labels(p, s->table);
	p->width = labels_width(&p->labels);
	s->value = mem_zero(p->width, sizeof(*s->value));
	return s;
}

const struct pred *
pred_about(const struct pred_stream *s)
{
	return &s->about;
}

static void
free_head(struct pred *p)
{
	labels_free(&p->labels);
	free(p->path);
	free(p->task);
	free(p->split);
}

void
pred_close(struct pred_stream *s)
{
	if (s == NULL)
		return;
	tsv_close(s->table);
	free_head(&s->about);
	id_set_free(&s->groups);
	free(s->value);
	free(s->group);
	free(s);
}

/* --- rows --- */

static void
read_values(struct pred_stream *s, const struct tsv_row *row)
{
	const struct pred *p = &s->about;
	bool probability = p->labels.type != TASK_REGRESSION;
	double sum = 0;

	for (size_t i = 0; i < p->width; i++) {
		const char *text = row->field[i + 1];
		double v;

		if (strlen(text) != row->length[i + 1] ||
		    !num_real(text, probability ? 0 : -HUGE_VAL,
			probability ? 1 : HUGE_VAL, &v))
			die_at(p->path, row->line,
			    "id '%s', column '%s': '%s', expected %s",
			    row->field[0], labels_column(&p->labels, i), text,
			    probability ? "a probability from 0 to 1"
					: "a finite number");
		s->value[i] = v;
		sum += v;
	}
	if (p->labels.type == TASK_REGRESSION && fabs(sum) > (double)FLT_MAX)
		die_at(p->path, row->line, "id '%s': '%s' is too large",
		    row->field[0], row->field[1]);
	if (p->labels.type == TASK_CLASSIFICATION &&
	    fabs(sum - 1) > SUM_TOLERANCE)
		die_at(p->path, row->line,
		    "id '%s': the row sums to %.9g, expected 1 (or "
		    "type=multilabel in the first line)",
		    row->field[0], sum);
	s->group_sum += p->labels.type == TASK_RANKING ? sum : 0;
}

static void
end_group(const struct pred_stream *s)
{
	if (s->group != NULL && fabs(s->group_sum - 1) > SUM_TOLERANCE)
		die_at(s->about.path, s->group_line,
		    "group '%s' sums to %.9g, expected 1", s->group,
		    s->group_sum);
}

static void
next_group(struct pred_stream *s, const struct tsv_row *row)
{
	const char *group = row->field[2];
	size_t n = row->length[2];

	if (s->group != NULL && strcmp(s->group, group) == 0)
		return;
	end_group(s);
	if (id_problem(group, n) != NULL)
		die_at(s->about.path, row->line,
		    "id '%s': the group is empty or holds a NUL",
		    row->field[0]);
	if (!id_set_add(&s->groups, group, n))
		die_at(s->about.path, row->line,
		    "id '%s': group '%s' stood before: the rows of a group "
		    "must stand together",
		    row->field[0], group);
	free(s->group);
	s->group = mem_stringn(group, n);
	s->group_line = row->line;
	s->group_sum = 0;
}

bool
pred_next(struct pred_stream *s, struct pred_row *out)
{
	struct tsv_row row;
	bool ranking = s->about.labels.type == TASK_RANKING;

	if (s->again) {
		s->again = false;
		*out = s->row;
		return true;
	}
	if (!tsv_next(s->table, &row)) {
		if (s->row.line == 0)
			die("%s: no row below the header", s->about.path);
		end_group(s);
		return false;
	}
	if (row.length[0] == 0 || strlen(row.field[0]) != row.length[0])
		die_at(
		    s->about.path, row.line, "the id is empty or holds a NUL");
	if (ranking)
		next_group(s, &row);
	read_values(s, &row);
	s->row = (struct pred_row){ row.line, row.field[0], row.length[0],
		s->value, ranking ? row.field[2] : NULL };
	*out = s->row;
	return true;
}

void
pred_back(struct pred_stream *s)
{
	s->again = true;
}

/* --- whole tables --- */

/* How much memory there is for what. */
struct room {
	size_t value, group, line, id, ids, ids_used;
};

/*
 * A slot holds row + 1 below and 24 bits of the hash above, so that most
 * comparisons end before they touch the id.
 */
enum { ROW_BITS = 40 };

#define ROW_MASK (((size_t)1 << ROW_BITS) - 1)

static size_t
tag_of(uint64_t hash)
{
	return (size_t)hash & ~ROW_MASK;
}

/* The slot where the id is or would go. */
static size_t
slot_of(const struct pred *p, uint64_t hash, const char *id, size_t n)
{
	size_t i = (size_t)hash & (p->slots - 1);

	for (; p->slot[i] != 0; i = (i + 1) & (p->slots - 1)) {
		const char *there;

		if (tag_of(p->slot[i]) != tag_of(hash))
			continue;
		there = pred_id(p, (p->slot[i] & ROW_MASK) - 1);
		if (strncmp(there, id, n) == 0 && there[n] == '\0')
			break;
	}
	return i;
}

/* The table over the ids, made when their number is known. */
static void
hash_ids(struct pred *p)
{
	p->slots = 16;
	while (p->rows >= p->slots / 4 * 3)
		p->slots *= 2;
	p->slot = mem_zero(p->slots, sizeof(*p->slot));
	for (size_t r = 0; r < p->rows; r++) {
		const char *id = pred_id(p, r);
		size_t n = strlen(id), i;
		uint64_t hash = id_hash(id, n, 0);

		i = slot_of(p, hash, id, n);
		if (p->slot[i] != 0)
			die_at(p->path, p->line[r],
			    "id '%s' stood in line %zu already", id,
			    p->line[(p->slot[i] & ROW_MASK) - 1]);
		p->slot[i] = tag_of(hash) | (r + 1);
	}
}

static void
add_row(struct pred *p, const struct pred_row *row, struct room *room)
{
	float *value;

	p->id = mem_grow(p->id, &room->id, p->rows + 1, sizeof(*p->id));
	p->id[p->rows] = room->ids_used;
	p->ids = mem_grow(
	    p->ids, &room->ids, room->ids_used + row->id_length + 1, 1);
	memcpy(p->ids + room->ids_used, row->id, row->id_length + 1);
	room->ids_used += row->id_length + 1;
	p->line = mem_grow(p->line, &room->line, p->rows + 1, sizeof(*p->line));
	p->line[p->rows] = row->line;
	p->value = mem_grow(p->value, &room->value, (p->rows + 1) * p->width,
	    sizeof(*p->value));
	value = p->value + p->rows * p->width;
	for (size_t i = 0; i < p->width; i++)
		value[i] = (float)row->value[i];
	if (row->group != NULL) {
		p->group = mem_grow(
		    p->group, &room->group, p->rows + 1, sizeof(*p->group));
		p->group[p->rows] = mem_string(row->group);
	}
	p->rows++;
}

static char *
copy_or_null(const char *text)
{
	return text != NULL ? mem_string(text) : NULL;
}

static struct pred *
copy_head(const struct pred *from)
{
	struct pred *p = mem_copy(from, sizeof(*from));

	p->path = mem_string(from->path);
	p->task = copy_or_null(from->task);
	p->split = copy_or_null(from->split);
	labels_copy(&p->labels, &from->labels);
	return p;
}

struct pred *
pred_rest(struct pred_stream *s, double **exact)
{
	struct pred *p = copy_head(&s->about);
	struct room room = { 0 };
	size_t exact_room = 0;
	struct pred_row row;

	if (exact != NULL)
		*exact = NULL;
	while (pred_next(s, &row)) {
		add_row(p, &row, &room);
		if (exact == NULL)
			continue;
		*exact = mem_grow(
		    *exact, &exact_room, p->rows * p->width, sizeof(**exact));
		memcpy(*exact + (p->rows - 1) * p->width, row.value,
		    p->width * sizeof(**exact));
	}
	hash_ids(p);
	return p;
}

struct pred *
pred_read(const char *path)
{
	struct pred_stream *s = pred_open(path);
	struct pred *p = pred_rest(s, NULL);

	pred_close(s);
	return p;
}

void
pred_free(struct pred *p)
{
	if (p == NULL)
		return;
	free_head(p);
	for (size_t r = 0; p->group != NULL && r < p->rows; r++)
		free(p->group[r]);
	free(p->group);
	free(p->value);
	free(p->line);
	free(p->ids);
	free(p->id);
	free(p->slot);
	free(p);
}

const char *
pred_id(const struct pred *p, size_t row)
{
	return p->ids + p->id[row];
}

size_t
pred_find(const struct pred *p, const char *id, size_t n)
{
	size_t i = slot_of(p, id_hash(id, n, 0), id, n);

	return (p->slot[i] & ROW_MASK) - 1; /* an empty slot: (size_t)-1 */
}

/* --- writing --- */

void
pred_write_head(FILE *out, const char *task, const char *split,
    const struct labels *labels, long long members)
{
	fprintf(out, "#mtkd %s 1", members > 1 ? "soft" : "pred");
	if (task != NULL)
		fprintf(out, " task=%s", task);
	if (split != NULL)
		fprintf(out, " split=%s", split);
	fprintf(out, " type=%s members=%lld\nid",
	    labels_type_name(labels->type), members);
	for (size_t i = 0; i < labels_width(labels); i++)
		fprintf(out, "\t%s", labels_column(labels, i));
	fputs(labels->type == TASK_RANKING ? "\tgroup\n" : "\n", out);
}

static void
put_value(FILE *out, double value)
{
	char text[NUM_TEXT + 1] = "\t";
	size_t n = num_put(text + 1, value);

	fwrite(text, 1, n + 1, out);
}

void
pred_write_values(FILE *out, const float *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_value(out, (double)value[i]);
}

void
pred_write_exact(FILE *out, const char *id, size_t id_length,
    const double *value, size_t width, const char *group)
{
	fwrite(id, 1, id_length, out);
	for (size_t i = 0; i < width; i++)
		put_value(out, value[i]);
	if (group != NULL) {
		putc('\t', out);
		fputs(group, out);
	}
	putc('\n', out);
}
