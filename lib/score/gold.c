#include "score/gold.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tsv.h"
#include "corpus/labelset.h"
#include "data/join.h"
#include "data/pack.h"
#include "metric/sets.h"

/*
 * A pack starts with the length of its header, of which the upper bytes are
 * 0: no text has them.  A pipe is left as it is, for its reader.
 */
bool
gold_is_pack(const char *path)
{
	char head[8];
	size_t n;

	if (strcmp(path, "-") == 0)
		return false;
	kind_refuse_folder(path, KIND_EXAMPLES | KIND_PACK);
	n = file_start(path, head, sizeof(head));
	return memchr(head, '\0', n) != NULL;
}

static void
need_task(const char *path, const char *found, const struct task *task)
{
	if (found != NULL && strcmp(found, task->name) != 0)
		die("%s: gold of task '%s', expected '%s'", path, found,
		    task->name);
}

/* The labels of a row, into applies [classes]. */
static void
read_set(uint8_t *applies, const char *path, const struct tsv_row *row,
    size_t label, size_t id, const struct task *t)
{
	struct example_text set = { row->field[label], row->length[label] };
	struct example_text unknown;

	if (!labelset_read(applies, t, set, &unknown))
		die_at(path, row->line,
		    "id '%s': label '%.*s', expected some of %s",
		    row->field[id], (int)unknown.size, unknown.at,
		    labels_list(&t->labels));
}

static float
read_label(uint8_t *applies, const char *path, const struct tsv_row *row,
    size_t label, size_t id, const struct task *t)
{
	const char *text = row->field[label];
	double score;
	int class;

	if (strcmp(text, "-") == 0)
		return (float)NAN;
	if (t->labels.type == TASK_MULTILABEL) {
		read_set(applies, path, row, label, id, t);
		return 0;
	}
	if (t->labels.type == TASK_REGRESSION) {
		if (!num_real(text, -FLT_MAX, FLT_MAX, &score))
			die_at(path, row->line,
			    "id '%s': label '%s', expected a number",
			    row->field[id], text);
		return (float)score;
	}
	class = task_class(t, text, row->length[label]);
	if (class < 0)
		die_at(path, row->line,
		    "id '%s': label '%s', expected one of %s%s", row->field[id],
		    text, labels_list(&t->labels),
		    labels_near(&t->labels, text));
	return (float)class;
}

struct filling {
	struct gold *gold;
	struct buf ids;
	size_t label_room, applies_room, group_room, line_room, id_room;
};

static void
add(struct filling *f, const char *id, size_t length, float label,
    const uint8_t *applies, int group, size_t line)
{
	struct gold *g = f->gold;
	size_t i = g->rows++;

	g->label = mem_grow(g->label, &f->label_room, g->rows, sizeof(float));
	g->group =
	    mem_grow(g->group, &f->group_room, g->rows, sizeof(*g->group));
	g->id = mem_grow(g->id, &f->id_room, g->rows, sizeof(size_t));
	g->line = mem_grow(g->line, &f->line_room, g->rows, sizeof(size_t));
	g->label[i] = label;
	if (g->task->labels.type == TASK_MULTILABEL && applies != NULL) {
		size_t C = g->task->labels.classes;

		g->applies =
		    mem_grow(g->applies, &f->applies_room, g->rows * C, 1);
		memcpy(g->applies + i * C, applies, C);
	}
	g->unlabelled += isnan(label) != 0;
	g->group[i] = group;
	g->line[i] = line;
	g->id[i] = f->ids.size;
	buf_add(&f->ids, id, length);
	buf_byte(&f->ids, '\0');
	if (!id_set_add(&g->seen, id, length))
		die_at(g->path, line, "id '%s' stands twice",
		    f->ids.data + g->id[i]);
}

static void
read_examples(struct filling *f, const char *path)
{
	struct tsv *t = tsv_open(path, "examples|tokens");
	const struct task *task = f->gold->task;
	size_t id = tsv_need(t, "id"), label = tsv_need(t, "label");
	size_t group = tsv_find(t, "group");
	uint8_t *applies = mem_zero(task->labels.classes, sizeof(*applies));
	char *last = NULL;
	struct tsv_row row;
	int groups = 0;

	need_task(tsv_path(t), tsv_meta(t, "task"), task);
	if (tsv_meta(t, "split") != NULL)
		f->gold->split = mem_string(tsv_meta(t, "split"));
	if (task->labels.type == TASK_RANKING && group == (size_t)-1)
		die_at(tsv_path(t), tsv_line(t),
		    "no column 'group', which ranking needs");
	while (tsv_next(t, &row)) {
		if (task->labels.type != TASK_RANKING) {
			groups++;
		} else if (last == NULL ||
			   strcmp(last, row.field[group]) != 0) {
			groups++;
			free(last);
			last = mem_string(row.field[group]);
		}
		add(f, row.field[id], row.length[id],
		    read_label(applies, tsv_path(t), &row, label, id, task),
		    applies, groups, row.line);
	}
	free(applies);
	free(last);
	tsv_close(t);
}

static void
need_labels(const struct pack *p, const struct task *t)
{
	size_t c;

	switch (labels_compare(&c, &p->labels, &t->labels)) {
	case LABELS_OTHER_TYPE:
		die("%s: a pack for %s, expected %s", p->path,
		    labels_type_name(p->labels.type),
		    labels_type_name(t->labels.type));
	case LABELS_OTHER_COUNT:
		die("%s: %zu label%s, expected %zu", p->path, p->labels.classes,
		    num_s(p->labels.classes), t->labels.classes);
	case LABELS_OTHER_NAME:
		die("%s: label '%s' of class %zu, expected '%s'", p->path,
		    p->labels.name[c], c, t->labels.name[c]);
	case LABELS_SAME:
		break;
	}
}

static void
read_pack(struct filling *f, const char *path)
{
	struct pack *p = pack_open(path);

	need_task(path, p->task, f->gold->task);
	need_labels(p, f->gold->task);
	f->gold->split = mem_string(p->split);
	for (size_t r = 0; r < p->rows; r++) {
		size_t length;
		const char *id = pack_id_bytes(p, r, &length);

		add(f, id, length, p->label[r],
		    p->applies != NULL ? p->applies + r * p->labels.classes
				       : NULL,
		    p->group[r], 0);
	}
	pack_close(p);
}

/* NULL where it is another's. */
static struct task *
task_of_pack(const char *path, const char *name)
{
	struct pack *p = pack_open(path);
	enum metric list[METRIC_COUNT];
	struct task *t;

	if (strcmp(p->task, name) != 0) {
		pack_close(p);
		return NULL;
	}
	t = mem_zero(1, sizeof(*t));
	t->name = mem_string(name);
	t->title = mem_string(name);
	t->path = mem_string(path);
	t->head = mem_string(p->head);
	labels_copy(&t->labels, &p->labels);
	t->metrics = pack_metrics(list, p);
	t->metric = mem_alloc(t->metrics + 1, sizeof(*t->metric));
	for (size_t i = 0; i < t->metrics; i++)
		t->metric[i] = mem_string(metric_name(list[i]));
	pack_close(p);
	return t;
}

struct task *
gold_task(const char *path, const char *name, const char *tasks)
{
	struct task *t = NULL;

	if (tasks == NULL && gold_is_pack(path) &&
	    (t = task_seek(name, NULL)) == NULL)
		t = task_of_pack(path, name);
	return t != NULL ? t : task_find(name, tasks);
}

struct gold *
gold_read(const char *path, const struct task *task, double threshold)
{
	struct gold *g = mem_zero(1, sizeof(*g));
	struct filling f = { .gold = g };

	g->path = file_name(path);
	g->task = task;
	g->threshold = threshold < 0 ? 0.5 : threshold;
	if (threshold >= 0 && task->labels.type != TASK_MULTILABEL)
		die("--threshold: task %s is of type %s, expected multilabel",
		    task->name, labels_type_name(task->labels.type));
	if (gold_is_pack(path))
		read_pack(&f, path);
	else
		read_examples(&f, path);
	g->ids = f.ids.data;
	if (g->unlabelled == g->rows)
		die("%s: no labelled row", g->path);
	if (g->unlabelled > 0 && task->labels.type == TASK_RANKING)
		die("%s: %zu candidate%s are unlabelled, ranking needs all",
		    g->path, g->unlabelled, num_s(g->unlabelled));
	if (g->unlabelled > 0)
		warn("%s: %zu of %zu row%s are unlabelled and not scored",
		    g->path, g->unlabelled, g->rows, num_s(g->rows));
	return g;
}

void
gold_free(struct gold *g)
{
	free(g->split);
	free(g->label);
	free(g->applies);
	free(g->group);
	free(g->line);
	free(g->ids);
	free(g->id);
	id_set_free(&g->seen);
	free(g);
}

static void
check_head(const struct gold *g, const struct pred *p)
{
	const struct task *t = g->task;
	size_t c;

	if (p->task != NULL && strcmp(p->task, t->name) != 0)
		die("%s: predictions for task '%s', expected '%s'", p->path,
		    p->task, t->name);
	if (p->split != NULL && g->split != NULL &&
	    strcmp(p->split, g->split) != 0)
		die("%s: predictions for split '%s', but %s is '%s'", p->path,
		    p->split, g->path, g->split);
	switch (labels_compare_columns(&c, &p->labels, &t->labels)) {
	case LABELS_OTHER_TYPE:
		die("%s: predictions of type %s, expected %s", p->path,
		    labels_type_name(p->labels.type),
		    labels_type_name(t->labels.type));
	case LABELS_OTHER_COUNT:
		die("%s: %zu column%s of numbers, expected %zu: %s", p->path,
		    p->width, num_s(p->width), t->labels.classes,
		    labels_list(&t->labels));
	case LABELS_OTHER_NAME:
		die("%s: column '%s', expected '%s'", p->path,
		    p->labels.name[c], t->labels.name[c]);
	case LABELS_SAME:
		break;
	}
}

/* What the rows of gold are answered. */
struct answers {
	size_t width;
	double *answer;	     /* [rows] the class of a row, or its score */
	double *probability; /* [rows,width], or NULL: not wanted */
};

/* The class with the highest probability, or the score. */
static void
keep(struct answers *a, size_t i, const double *row)
{
	size_t best = 0;

	for (size_t c = 1; c < a->width; c++)
		if (row[c] > row[best])
			best = c;
	a->answer[i] = a->width == 1 ? row[0] : (double)best;
	if (a->probability != NULL)
		memcpy(a->probability + i * a->width, row,
		    a->width * sizeof(*row));
}

/* The rows that stand in gold's order; returns how many. */
static size_t
read_ordered(struct answers *a, const struct gold *g, struct pred_stream *s)
{
	struct pred_row row;
	size_t i = 0;

	for (; pred_next(s, &row); i++) {
		if (i == g->rows || strcmp(row.id, g->ids + g->id[i]) != 0) {
			pred_back(s);
			break;
		}
		keep(a, i, row.value);
	}
	return i;
}

/* Candidates of one question here must be that there. */
static void
check_groups(const struct gold *g, const struct pred *p, const size_t *order)
{
	size_t i = join_groups(p, order, g->group, g->rows);

	if (i != JOIN_NONE)
		die_at(p->path, p->line[order[i]],
		    "id '%s': other groups than in %s", pred_id(p, order[i]),
		    g->path);
}

/* order [gold rows] from row first on: where each stands in p. */
static void
match(size_t *order, const struct gold *g, size_t first, const struct pred *p)
{
	struct join join;
	size_t left;

	join_start(&join, p);
	for (size_t i = first; i < g->rows; i++) {
		const char *id = g->ids + g->id[i];

		order[i] = join_take(&join, id, strlen(id));
		if (order[i] == JOIN_NONE)
			die_at(g->path, g->line[i],
			    "id '%s' has no prediction in %s", id, p->path);
	}
	if ((left = join_end(&join)) == JOIN_NONE)
		return;
	if (id_set_has(&g->seen, pred_id(p, left), strlen(pred_id(p, left))))
		die_at(p->path, p->line[left], "id '%s' stands twice",
		    pred_id(p, left));
	die_at(p->path, p->line[left], "id '%s' is not in %s", pred_id(p, left),
	    g->path);
}

void
gold_match(size_t *order, const struct gold *g, const struct pred *p)
{
	check_head(g, p);
	match(order, g, 0, p);
	if (p->labels.type == TASK_RANKING)
		check_groups(g, p, order);
}

/* The rows from gold's row first on, in any order. */
static void
read_rest(struct answers *a, const struct gold *g, size_t first,
    struct pred_stream *s)
{
	size_t *order = mem_alloc(g->rows, sizeof(*order));
	double *exact;
	struct pred *p = pred_rest(s, &exact);

	match(order, g, first, p);
	if (g->task->labels.type == TASK_RANKING)
		check_groups(g, p, order);
	for (size_t i = first; i < g->rows; i++)
		keep(a, i, exact + order[i] * p->width);
	pred_free(p);
	free(exact);
	free(order);
}

static struct answers
read_answers(
    const struct gold *g, const char *path, bool probabilities, char **split)
{
	struct answers a = { .answer = mem_alloc(g->rows, sizeof(double)) };
	struct pred_stream *s = pred_open(path);
	size_t first = 0;

	check_head(g, pred_about(s));
	a.width = pred_about(s)->width;
	if (probabilities && a.width > 1)
		a.probability = mem_alloc(g->rows * a.width, sizeof(double));
	*split = NULL;
	if (pred_about(s)->split != NULL)
		*split = mem_string(pred_about(s)->split);
	if (g->task->labels.type != TASK_RANKING)
		first = read_ordered(&a, g, s);
	read_rest(&a, g, first, s);
	pred_close(s);
	return a;
}

/* The probability of each question's top candidate, at the guess. */
static void
fill_tops(struct sample *s, const struct gold *g, const double *score)
{
	size_t i = 0;

	for (size_t q = 0; q < s->n; q++) {
		int group = g->group[i];
		double top = 0;

		for (; i < g->rows && g->group[i] == group; i++)
			top = fmax(top, score[i]);
		s->probability[2 * q + (size_t)s->guess[q]] = top;
		s->probability[2 * q + (size_t)(1 - s->guess[q])] = 1 - top;
	}
}

static void
fill_ranking(struct sample *s, const struct gold *g, const double *answers)
{
	float *score = mem_alloc(g->rows, sizeof(*score));

	for (size_t i = 0; i < g->rows; i++)
		score[i] = (float)answers[i];
	s->classes = 2;
	s->n = metric_hits(s->guess, g->label, score, g->group, g->rows);
	for (size_t i = 0; i < s->n; i++)
		s->gold[i] = 1;
	free(score);
	if (s->probability != NULL)
		fill_tops(s, g, answers);
}

/* Labelled row i of gold becomes row n. */
static void
fill_set(struct sample *s, const struct gold *g, size_t i, size_t n)
{
	struct rows rows;

	memcpy(s->applies + n * s->classes, g->applies + i * s->classes,
	    s->classes);
	rows = sample_rows(s);
	s->gold[n] = 1;
	s->guess[n] = sets_is_hit(&rows, n);
}

static void
fill_rows(struct sample *s, const struct gold *g, const struct answers *a)
{
	for (size_t i = 0; i < g->rows; i++) {
		size_t n = s->n;

		if (isnan(g->label[i]))
			continue;
		s->n++;
		if (s->classes == 0) {
			s->truth[n] = (double)g->label[i];
			s->score[n] = a->answer[i];
			continue;
		}
		if (s->probability != NULL)
			memcpy(s->probability + n * a->width,
			    a->probability + i * a->width,
			    a->width * sizeof(*a->probability));
		if (s->applies != NULL) {
			fill_set(s, g, i, n);
			continue;
		}
		s->gold[n] = (int)g->label[i];
		s->guess[n] = (int)a->answer[i];
	}
}

struct sample
sample_read(const struct gold *g, const char *path, bool probabilities)
{
	enum task_type type = g->task->labels.type;
	bool scores = type == TASK_REGRESSION;
	size_t classes = scores ? 0 : g->rows, numbers = scores ? g->rows : 0;
	struct sample s = { .classes = g->task->labels.classes,
		.threshold = g->threshold };
	struct answers a;

	probabilities |= type == TASK_MULTILABEL;
	a = read_answers(g, path, probabilities, &s.split);
	if (type == TASK_MULTILABEL)
		s.applies = mem_alloc(g->rows, s.classes);
	s.gold = mem_alloc(classes, sizeof(*s.gold));
	s.guess = mem_alloc(classes, sizeof(*s.guess));
	s.truth = mem_alloc(numbers, sizeof(*s.truth));
	s.score = mem_alloc(numbers, sizeof(*s.score));
	if (probabilities && !scores)
		s.probability =
		    mem_alloc(classes * (type == TASK_RANKING ? 2 : s.classes),
			sizeof(*s.probability));
	if (type == TASK_RANKING)
		fill_ranking(&s, g, a.answer);
	else
		fill_rows(&s, g, &a);
	free(a.answer);
	free(a.probability);
	return s;
}

void
sample_free(struct sample *s)
{
	free(s->gold);
	free(s->guess);
	free(s->truth);
	free(s->score);
	free(s->probability);
	free(s->applies);
	free(s->split);
}

void
sample_split(char **split, const struct sample *s, const char *path)
{
	if (s->split == NULL)
		return;
	if (*split == NULL)
		*split = mem_string(s->split);
	if (strcmp(*split, s->split) != 0)
		die("%s: predictions for split '%s', expected '%s'",
		    file_name(path), s->split, *split);
}

struct rows
sample_rows(const struct sample *s)
{
	return (struct rows){ .n = s->n,
		.classes = s->classes,
		.gold = s->gold,
		.guess = s->guess,
		.probability = s->probability,
		.applies = s->applies,
		.threshold = s->threshold,
		.truth = s->truth,
		.score = s->score };
}
