#include "score/softitem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "corpus/task.h"
#include "data/join.h"
#include "data/pack.h"
#include "score/average.h"
#include "score/gold.h"

struct softitems {
	size_t count;
	struct pred **table;
	double **value;	   /* [count][rows, width] of each */
	size_t **order;	   /* [count][rows]: the first table's rows in each */
	double *weight;	   /* they sum to 1 */
	float *label;	   /* [rows] of the first table, or NULL */
	uint8_t *applies;  /* multilabel: [rows, width] of it, or NULL */
	size_t next;	   /* the row where the next item starts */
	size_t next_class; /* multilabel: and its label */
	size_t *guess;	   /* [count] answers of the members to the item */
	double *mean;	   /* [room], the largest item so far */
	double *member;	   /* [room] of one member */
	double *square;	   /* [room] weighted squares of the members */
	size_t room;
};

/* --- joining --- */

static void
join(struct softitems *t, size_t k)
{
	const struct pred *first = t->table[0], *p = t->table[k];
	struct join join;
	size_t left;

	t->order[k] = mem_zero(first->rows, sizeof(**t->order));
	join_start(&join, p);
	for (size_t r = 0; r < first->rows; r++) {
		const char *id = pred_id(first, r);
		size_t there = join_take(&join, id, strlen(id));

		if (there == JOIN_NONE)
			die_at(p->path, 0,
			    "no row for id '%s', line %zu of "
			    "%s",
			    id, first->line[r], first->path);
		if (p->group != NULL &&
		    strcmp(p->group[there], first->group[r]) != 0)
			die_at(p->path, p->line[there],
			    "id '%s' is in group '%s', expected '%s' as in %s",
			    id, p->group[there], first->group[r], first->path);
		t->order[k][r] = there;
	}
	left = join_end(&join);
	if (left != JOIN_NONE)
		die_at(p->path, p->line[left], "id '%s' is not in %s",
		    pred_id(p, left), first->path);
}

/* Row of ours is labelled as row from of gold or a pack. */
static void
take_label(struct softitems *t, size_t row, const float *label,
    const uint8_t *applies, size_t from)
{
	size_t C = t->table[0]->width;

	t->label[row] = label[from];
	if (t->applies != NULL)
		memcpy(t->applies + row * C, applies + from * C, C);
}

static void
read_pack(struct softitems *t, const char *path)
{
	struct pack *pack = pack_open(path);
	size_t *order = mem_zero(pack->rows, sizeof(*order));

	pred_match(order, t->table[0], pack);
	for (size_t r = 0; r < pack->rows; r++)
		take_label(t, order[r], pack->label, pack->applies, r);
	free(order);
	pack_close(pack);
}

static void
read_examples(struct softitems *t, const struct softitem_gold *from)
{
	const struct pred *first = t->table[0];
	struct task *task;
	struct gold *gold;
	size_t *order;

	if (first->task == NULL)
		die_at(first->path, 1,
		    "no provenance names the task, which the labels of %s need",
		    from->path);
	task = task_find(first->task, from->tasks);
	gold = gold_read(from->path, task, -1);
	order = mem_zero(gold->rows, sizeof(*order));
	gold_match(order, gold, first);
	for (size_t r = 0; r < gold->rows; r++)
		take_label(t, order[r], gold->label, gold->applies, r);
	free(order);
	gold_free(gold);
	task_free(task);
}

struct softitems *
softitem_open(const char *const *path, size_t count, const double *weight,
    const struct softitem_gold *gold)
{
	struct softitems *t = mem_zero(1, sizeof(*t));
	struct pred_stream *stream;
	double total = 0;

	t->count = count;
	t->table = mem_zero(count, sizeof(*t->table));
	t->value = mem_zero(count, sizeof(*t->value));
	t->order = mem_zero(count, sizeof(*t->order));
	t->weight = mem_zero(count, sizeof(*t->weight));
	t->guess = mem_zero(count, sizeof(*t->guess));
	for (size_t k = 0; k < count; k++)
		total += weight != NULL ? weight[k] : 1;
	for (size_t k = 0; k < count; k++) {
		t->weight[k] = (weight != NULL ? weight[k] : 1) / total;
		stream = pred_open(path[k]);
		t->table[k] = pred_rest(stream, &t->value[k]);
		pred_close(stream);
		average_match(t->table[k], t->table[0]);
		join(t, k);
	}
	if (gold->path == NULL)
		return t;
	t->label = mem_zero(t->table[0]->rows, sizeof(*t->label));
	if (t->table[0]->labels.type == TASK_MULTILABEL)
		t->applies = mem_zero(t->table[0]->rows, t->table[0]->width);
	if (gold_is_pack(gold->path))
		read_pack(t, gold->path);
	else
		read_examples(t, gold);
	return t;
}

void
softitem_close(struct softitems *t)
{
	for (size_t k = 0; k < t->count; k++) {
		pred_free(t->table[k]);
		free(t->value[k]);
		free(t->order[k]);
	}
	free(t->table);
	free(t->value);
	free(t->order);
	free(t->weight);
	free(t->label);
	free(t->applies);
	free(t->guess);
	free(t->mean);
	free(t);
}

const struct pred *
softitem_table(const struct softitems *t)
{
	return t->table[0];
}

size_t
softitem_members(const struct softitems *t)
{
	return t->count;
}

bool
softitem_has_labels(const struct softitems *t)
{
	return t->label != NULL;
}

/* --- one item --- */

static size_t
rows_of_item(const struct pred *p, size_t first)
{
	size_t n = 1;

	while (p->labels.type == TASK_RANKING && first + n < p->rows &&
	       strcmp(p->group[first], p->group[first + n]) == 0)
		n++;
	return n;
}

static bool
is_set(const struct softitems *t)
{
	return t->table[0]->labels.type == TASK_MULTILABEL;
}

static void
need_room(struct softitems *t, size_t count)
{
	if (count <= t->room)
		return;
	t->room = count * 2;
	t->mean = mem_resize(t->mean, t->room, 3 * sizeof(*t->mean));
	t->member = t->mean + t->room;
	t->square = t->member + t->room;
}

static void
get_member(const struct softitems *t, size_t k, const struct softitem *item)
{
	size_t width = t->table[k]->width;
	const size_t *order = t->order[k] + item->first;

	if (is_set(t)) {
		t->member[0] = t->value[k][order[0] * width + item->class];
		t->member[1] = 1 - t->member[0];
		return;
	}
	for (size_t r = 0; r < item->rows; r++)
		memcpy(t->member + r * width, t->value[k] + order[r] * width,
		    width * sizeof(*t->member));
}

static size_t
highest(const double *x, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (x[i] > x[best])
			best = i;
	return best;
}

/* The mean, the members' answers and their spread. */
static void
get_mean(struct softitems *t, struct softitem *item)
{
	size_t n = item->count;

	assert(t->mean != NULL);
	memset(t->mean, 0, n * sizeof(*t->mean));
	memset(t->square, 0, n * sizeof(*t->square));
	for (size_t k = 0; k < t->count; k++) {
		get_member(t, k, item);
		for (size_t i = 0; i < n; i++)
			t->mean[i] += t->weight[k] * t->member[i];
		t->guess[k] = highest(t->member, n);
	}
	for (size_t k = 0; k < t->count; k++) {
		get_member(t, k, item);
		for (size_t i = 0; i < n; i++)
			t->square[i] +=
			    t->weight[k] * pow(t->member[i] - t->mean[i], 2);
	}
	for (size_t i = 0; i < n; i++)
		item->spread += sqrt(t->square[i]);
	item->mean = t->mean;
}

/* The right answer's place in the item, or (size_t)-1. */
static size_t
right_answer(const struct softitems *t, const struct softitem *item)
{
	const float *label = t->label;

	if (label == NULL)
		return (size_t)-1;
	label += item->first;
	if (is_set(t) && !isnan(label[0]))
		return !t->applies[item->first * t->table[0]->width +
				   item->class];
	if (t->table[0]->labels.type != TASK_RANKING)
		return isnan(label[0]) ? (size_t)-1 : (size_t)label[0];
	for (size_t r = 0; r < item->rows; r++)
		if (label[r] == 1)
			return r;
	return (size_t)-1;
}

static void
get_answer(const struct softitems *t, struct softitem *item)
{
	item->answer = highest(item->mean, item->count);
	item->label = right_answer(t, item);
	for (size_t k = 0; k < t->count; k++)
		item->votes += t->guess[k] == item->answer;
	for (size_t i = 0; i < item->count; i++)
		if (item->mean[i] > 0)
			item->entropy -= item->mean[i] * log(item->mean[i]);
}

bool
softitem_next(struct softitems *t, struct softitem *item)
{
	const struct pred *p = t->table[0];

	if (t->next == p->rows)
		return false;
	*item = (struct softitem){
		.first = t->next, .class = t->next_class, .score = NAN
	};
	item->rows = rows_of_item(p, item->first);
	item->count = is_set(t) ? 2 : item->rows * p->width;
	if (!is_set(t) || ++t->next_class == p->width) {
		t->next += item->rows;
		t->next_class = 0;
	}
	need_room(t, item->count);
	get_mean(t, item);
	if (p->labels.type != TASK_REGRESSION)
		get_answer(t, item);
	else if (t->label != NULL)
		item->score = (double)t->label[item->first];
	return true;
}

void
softitem_rewind(struct softitems *t)
{
	t->next = t->next_class = 0;
}
