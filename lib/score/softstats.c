#include "score/softstats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "data/pack.h"
#include "data/pred.h"
#include "score/average.h"

struct tables {
	size_t count;
	struct pred **table;
	double **value; /* [count][rows, width] of each */
	size_t **order; /* [count][rows]: the first table's rows in each */
	double *weight; /* they sum to 1 */
	float *label;	/* [rows] of the first table, or NULL */
};

/* What is summed over items. */
struct sums {
	size_t items, numbers, labelled, right, agreed;
	double entropy, highest, spread, squares;
	size_t bin_items[SOFTSTATS_BINS];
	double bin_right[SOFTSTATS_BINS], bin_highest[SOFTSTATS_BINS];
};

/* --- joining --- */

static void
join(struct tables *t, size_t k)
{
	const struct pred *first = t->table[0], *p = t->table[k];
	bool *used = mem_zero(p->rows, sizeof(*used));

	t->order[k] = mem_zero(first->rows, sizeof(**t->order));
	for (size_t r = 0; r < first->rows; r++) {
		const char *id = pred_id(first, r);
		size_t there = pred_find(p, id, strlen(id));

		if (there == (size_t)-1)
			die_at(p->path, 0,
			    "no row for id '%s', line %zu of "
			    "%s",
			    id, first->line[r], first->path);
		if (p->group != NULL &&
		    strcmp(p->group[there], first->group[r]) != 0)
			die_at(p->path, p->line[there],
			    "id '%s' is in group '%s', expected '%s' as in %s",
			    id, p->group[there], first->group[r], first->path);
		used[there] = true;
		t->order[k][r] = there;
	}
	for (size_t r = 0; r < p->rows; r++)
		if (!used[r])
			die_at(p->path, p->line[r], "id '%s' is not in %s",
			    pred_id(p, r), first->path);
	free(used);
}

static void
read_gold(struct tables *t, const char *path)
{
	const struct pred *first = t->table[0];
	struct pack *pack = pack_open(path);
	size_t *order = mem_zero(pack->rows, sizeof(*order));

	pred_match(order, first, pack);
	t->label = mem_zero(first->rows, sizeof(*t->label));
	for (size_t r = 0; r < pack->rows; r++)
		t->label[order[r]] = pack->label[r];
	free(order);
	pack_close(pack);
}

static void
read_tables(struct tables *t, const char *const *path, size_t count,
    const double *weight)
{
	struct pred_stream *stream;
	double total = 0;

	t->count = count;
	t->table = mem_zero(count, sizeof(*t->table));
	t->value = mem_zero(count, sizeof(*t->value));
	t->order = mem_zero(count, sizeof(*t->order));
	t->weight = mem_zero(count, sizeof(*t->weight));
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
}

static void
tables_free(struct tables *t)
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
}

/* --- one item: rows [first, first + rows) of the first table --- */

struct item {
	size_t first, rows;
	size_t count;	/* of numbers: classes, candidates or 1 */
	double *mean;	/* [count], with room for the largest item */
	double *member; /* [count] of one member */
	double *square; /* [count] weighted squares of the members */
};

static void
get_member(const struct tables *t, size_t k, const struct item *item)
{
	size_t width = t->table[k]->width;
	const size_t *order = t->order[k] + item->first;

	for (size_t r = 0; r < item->rows; r++)
		memcpy(item->member + r * width, t->value[k] + order[r] * width,
		    width * sizeof(*item->member));
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

/* The mean and the members' spread; true if all give the same answer. */
static bool
get_mean(const struct tables *t, const struct item *item, struct sums *s)
{
	size_t answer = 0;
	bool agreed = true;

	assert(item->mean != NULL);
	memset(item->mean, 0, item->count * sizeof(*item->mean));
	memset(item->square, 0, item->count * sizeof(*item->square));
	for (size_t k = 0; k < t->count; k++) {
		get_member(t, k, item);
		for (size_t i = 0; i < item->count; i++)
			item->mean[i] += t->weight[k] * item->member[i];
		if (k == 0)
			answer = highest(item->member, item->count);
		agreed &= highest(item->member, item->count) == answer;
	}
	for (size_t k = 0; k < t->count; k++) {
		get_member(t, k, item);
		for (size_t i = 0; i < item->count; i++)
			item->square[i] +=
			    t->weight[k] *
			    pow(item->member[i] - item->mean[i], 2);
	}
	for (size_t i = 0; i < item->count; i++)
		s->spread += sqrt(item->square[i]);
	s->numbers += item->count;
	return agreed;
}

/* The right answer's place in the item, or (size_t)-1. */
static size_t
right_answer(const struct tables *t, const struct item *item)
{
	const float *label = t->label;

	if (label == NULL)
		return (size_t)-1;
	label += item->first;
	if (t->table[0]->type != TASK_RANKING)
		return isnan(label[0]) ? (size_t)-1 : (size_t)label[0];
	for (size_t r = 0; r < item->rows; r++)
		if (label[r] == 1)
			return r;
	return (size_t)-1;
}

static void
add_gold(struct sums *s, size_t answer, size_t right, double sure)
{
	size_t bin = (size_t)(sure * SOFTSTATS_BINS);

	if (bin >= SOFTSTATS_BINS)
		bin = SOFTSTATS_BINS - 1;
	s->labelled++;
	s->right += answer == right;
	s->bin_items[bin]++;
	s->bin_right[bin] += answer == right;
	s->bin_highest[bin] += sure;
}

static void
add_item(struct sums *s, const struct tables *t, const struct item *item)
{
	bool agreed = get_mean(t, item, s);
	size_t answer = highest(item->mean, item->count);
	size_t right = right_answer(t, item);

	assert(item->mean != NULL);
	s->items++;
	s->agreed += agreed;
	s->highest += item->mean[answer];
	for (size_t i = 0; i < item->count; i++)
		if (item->mean[i] > 0)
			s->entropy -= item->mean[i] * log(item->mean[i]);
	if (right != (size_t)-1)
		add_gold(s, answer, right, item->mean[answer]);
}

static void
add_score(struct sums *s, const struct tables *t, const struct item *item)
{
	double label = NAN;

	get_mean(t, item, s);
	assert(item->mean != NULL);
	s->items++;
	if (t->label != NULL)
		label = (double)t->label[item->first];
	if (isnan(label))
		return;
	s->labelled++;
	s->squares += pow(item->mean[0] - label, 2);
}

/* --- all items --- */

static size_t
item_rows(const struct pred *p, size_t first)
{
	size_t n = 1;

	while (p->type == TASK_RANKING && first + n < p->rows &&
	       strcmp(p->group[first], p->group[first + n]) == 0)
		n++;
	return n;
}

static void
add_items(struct sums *s, const struct tables *t)
{
	const struct pred *p = t->table[0];
	struct item item = { 0 };
	size_t room = 0;

	for (; item.first < p->rows; item.first += item.rows) {
		item.rows = item_rows(p, item.first);
		item.count = item.rows * p->width;
		if (item.count > room) {
			room = item.count * 2;
			item.mean =
			    mem_resize(item.mean, room, 3 * sizeof(double));
			item.member = item.mean + room;
			item.square = item.member + room;
		}
		if (p->type == TASK_REGRESSION)
			add_score(s, t, &item);
		else
			add_item(s, t, &item);
	}
	free(item.mean);
}

static void
put(FILE *out, const struct pred *p, const char *metric, double sum, size_t n,
    size_t shown)
{
	char text[NUM_TEXT];

	num_put(text, sum / (double)n);
	fprintf(out, "%s\t%s\t%s\t%s\t%zu\n", p->task != NULL ? p->task : "-",
	    p->split != NULL ? p->split : "-", metric, text, shown);
}

static double
calibration(const struct sums *s)
{
	double sum = 0;

	for (size_t b = 0; b < SOFTSTATS_BINS; b++)
		sum += fabs(s->bin_right[b] - s->bin_highest[b]);
	return sum;
}

static void
put_all(FILE *out, const struct tables *t, const struct sums *s)
{
	const struct pred *p = t->table[0];
	bool score = p->type == TASK_REGRESSION;
	size_t n = s->labelled, wrong = n - s->right;

	fputs("task\tsplit\tmetric\tvalue\tn\n", out);
	if (!score) {
		put(out, p, "entropy", s->entropy, s->items, s->items);
		put(out, p, "max_probability", s->highest, s->items, s->items);
		put(out, p, "agreement", (double)s->agreed, s->items, s->items);
	}
	put(out, p, "spread", s->spread, s->numbers, s->items);
	if (t->label == NULL)
		return;
	if (score) {
		put(out, p, "rmse", sqrt(s->squares * (double)n), n, n);
		return;
	}
	put(out, p, "accuracy", (double)s->right, n, n);
	put(out, p, "contradiction", (double)wrong, n, n);
	put(out, p, "ece", calibration(s), n, n);
}

void
softstats_print(FILE *out, const char *const *path, size_t count,
    const double *weight, const char *gold)
{
	struct tables t = { 0 };
	struct sums s = { 0 };

	read_tables(&t, path, count, weight);
	if (gold != NULL)
		read_gold(&t, gold);
	add_items(&s, &t);
	put_all(out, &t, &s);
	tables_free(&t);
}
