#include "score/average.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "data/id.h"
#include "data/join.h"
#include "data/pred.h"

struct member {
	struct pred_stream *stream;
	const struct pred *about;
	double weight;
	struct pred *rest; /* the rows from where its order departed, or NULL */
	double *value;	   /* [rest rows, width] */
	struct join join;  /* with these */
};

struct average {
	struct member *member;
	size_t count;
	const char *task, *split; /* of the first table that says so */
	long long members;
	double total;	    /* of the weights */
	struct id_set seen; /* the ids of the first table */
	double *sum;	    /* [width] of the present row */
};

static void
match_word(const struct pred *p, const char *key, const char *found,
    const char **known)
{
	if (*known == NULL)
		*known = found;
	else if (found != NULL && strcmp(found, *known) != 0)
		die_at(p->path, 1, "%s is '%s', expected '%s' as before", key,
		    found, *known);
}

void
average_match(const struct pred *p, const struct pred *first)
{
	const char *task = first->task, *split = first->split;
	size_t which;

	match_word(p, "task", p->task, &task);
	match_word(p, "split", p->split, &split);
	switch (labels_compare_columns(&which, &p->labels, &first->labels)) {
	case LABELS_OTHER_TYPE:
		die_at(p->path, 0, "a %s table, expected %s as in %s",
		    labels_type_name(p->labels.type),
		    labels_type_name(first->labels.type), first->path);
	case LABELS_OTHER_COUNT:
		die_at(p->path, 0, "%zu label%s, expected %zu as in %s",
		    p->width, num_s(p->width), first->width, first->path);
	case LABELS_OTHER_NAME:
		die_at(p->path, 0, "label %zu is '%s', expected '%s' as in %s",
		    which + 1, p->labels.name[which], first->labels.name[which],
		    first->path);
	case LABELS_SAME:
		break;
	}
}

static void
open_members(struct average *a, const char *const *path, size_t count,
    const double *weight)
{
	a->member = mem_zero(count, sizeof(*a->member));
	a->count = count;
	for (size_t k = 0; k < count; k++) {
		struct member *m = &a->member[k];

		m->stream = pred_open(path[k]);
		m->about = pred_about(m->stream);
		m->weight = weight != NULL ? weight[k] : 1;
		a->total += m->weight;
		match_word(m->about, "task", m->about->task, &a->task);
		match_word(m->about, "split", m->about->split, &a->split);
		average_match(m->about, a->member[0].about);
		a->members += m->about->members;
	}
	a->sum = mem_zero(a->member[0].about->width, sizeof(*a->sum));
}

static void
add(struct average *a, const struct member *m, const double *value)
{
	for (size_t i = 0; i < m->about->width; i++)
		a->sum[i] += m->weight * value[i];
}

static void
match_group(const struct average *a, const struct member *m, size_t line,
    const char *group, const struct pred_row *first)
{
	if (group != NULL && strcmp(group, first->group) != 0)
		die_at(m->about->path, line,
		    "id '%s' is in group '%s', expected '%s' as in %s:%zu",
		    first->id, group, first->group, a->member[0].about->path,
		    first->line);
}

/* Add the member's numbers for the id of the first table's row. */
static void
add_member(struct average *a, struct member *m, const struct pred_row *first)
{
	struct pred_row row;
	size_t r = JOIN_NONE;

	if (m->rest == NULL && pred_next(m->stream, &row)) {
		if (row.id_length == first->id_length &&
		    memcmp(row.id, first->id, row.id_length) == 0) {
			match_group(a, m, row.line, row.group, first);
			add(a, m, row.value);
			return;
		}
		pred_back(m->stream);
		m->rest = pred_rest(m->stream, &m->value);
		join_start(&m->join, m->rest);
	}
	if (m->rest != NULL)
		r = join_take(&m->join, first->id, first->id_length);
	if (r == JOIN_NONE)
		die_at(m->about->path, 0, "no row for id '%s', line %zu of %s",
		    first->id, first->line, a->member[0].about->path);
	if (m->rest->group != NULL)
		match_group(a, m, m->rest->line[r], m->rest->group[r], first);
	add(a, m, m->value + r * m->rest->width);
}

static _Noreturn void
left_over(const struct average *a, const struct member *m, size_t line,
    const char *id)
{
	if (id_set_has(&a->seen, id, strlen(id)))
		die_at(
		    m->about->path, line, "id '%s' stood in a line before", id);
	die_at(m->about->path, line, "id '%s' is not in %s", id,
	    a->member[0].about->path);
}

/* No member may have rows that the first table lacks. */
static void
check_end(const struct average *a, struct member *m)
{
	struct pred_row row;
	size_t left;

	if (m->rest == NULL) {
		if (pred_next(m->stream, &row))
			left_over(a, m, row.line, row.id);
		return;
	}
	left = join_end(&m->join);
	if (left != JOIN_NONE)
		left_over(a, m, m->rest->line[left], pred_id(m->rest, left));
}

static void
average_free(struct average *a)
{
	for (size_t k = 0; k < a->count; k++) {
		pred_close(a->member[k].stream);
		pred_free(a->member[k].rest);
		free(a->member[k].value);
	}
	free(a->member);
	free(a->sum);
	id_set_free(&a->seen);
}

void
average_tables(
    FILE *out, const char *const *path, size_t count, const double *weight)
{
	struct average a = { 0 };
	const struct pred *first;
	struct pred_row row;

	open_members(&a, path, count, weight);
	first = a.member[0].about;
	pred_write_head(out, a.task, a.split, &first->labels, a.members);
	while (pred_next(a.member[0].stream, &row)) {
		if (!id_set_add(&a.seen, row.id, row.id_length))
			die_at(first->path, row.line,
			    "id '%s' stood in a line before", row.id);
		memset(a.sum, 0, first->width * sizeof(*a.sum));
		add(&a, &a.member[0], row.value);
		for (size_t k = 1; k < count; k++)
			add_member(&a, &a.member[k], &row);
		for (size_t i = 0; i < first->width; i++)
			a.sum[i] /= a.total;
		pred_write_exact(
		    out, row.id, row.id_length, a.sum, first->width, row.group);
	}
	for (size_t k = 1; k < count; k++)
		check_end(&a, &a.member[k]);
	average_free(&a);
}

double *
average_weights(const char *asked, size_t count)
{
	double *weight, total = 0;
	char *text, *word;
	size_t n = 0;

	if (asked == NULL)
		return NULL;
	weight = mem_zero(count, sizeof(*weight));
	word = text = mem_string(asked);
	while (word != NULL) {
		char *comma = strchr(word, ',');

		if (comma != NULL)
			*comma++ = '\0';
		if (n == count)
			die_usage("-w %s: more than %zu weight%s", asked, count,
			    num_s(count));
		if (!num_real(word, 0, 1e9, &weight[n]))
			die_usage("-w %s: '%s', expected a number from 0 to "
				  "1e9",
			    asked, word);
		total += weight[n++];
		word = comma;
	}
	if (n < count)
		die_usage("-w %s: %zu weight%s, expected %zu", asked, n,
		    num_s(n), count);
	if (!(total > 0))
		die_usage("-w %s: the weights sum to 0", asked);
	free(text);
	return weight;
}
