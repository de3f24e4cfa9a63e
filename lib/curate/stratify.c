#include "curate/stratify.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "corpus/numbering.h"

struct stratify {
	struct numbering *strata, *texts;
	size_t rows;
	size_t *stratum; /* [entries] of one row after another */
	size_t *entry;	 /* [rows+1] where those of each row start */
	size_t *tie;	 /* [rows] a node of the row's texts */
	size_t stratum_room, entry_room, tie_room;
	size_t *parent; /* [nodes] towards the node that stands for all */
	size_t nodes, parent_room;
	size_t *text_node; /* [texts] */
	size_t text_room;
};

struct stratify *
stratify_new(void)
{
	struct stratify *s = mem_zero(1, sizeof(*s));

	s->strata = numbering_new();
	s->texts = numbering_new();
	s->entry = mem_grow(s->entry, &s->entry_room, 1, sizeof(*s->entry));
	s->entry[0] = 0;
	return s;
}

void
stratify_free(struct stratify *s)
{
	numbering_free(s->strata);
	numbering_free(s->texts);
	free(s->stratum);
	free(s->entry);
	free(s->tie);
	free(s->parent);
	free(s->text_node);
	free(s);
}

static size_t
new_node(struct stratify *s)
{
	s->parent = mem_grow(
	    s->parent, &s->parent_room, s->nodes + 1, sizeof(*s->parent));
	s->parent[s->nodes] = s->nodes;
	return s->nodes++;
}

static size_t
top(struct stratify *s, size_t node)
{
	while (s->parent[node] != node) {
		s->parent[node] = s->parent[s->parent[node]];
		node = s->parent[node];
	}
	return node;
}

/* The node of a text; an empty one ties nothing. */
static size_t
node_of(struct stratify *s, struct example_text text)
{
	size_t before = numbering_count(s->texts), i;

	if (text.at == NULL || text.size == 0)
		return new_node(s);
	i = numbering_of(s->texts, text.at, text.size);
	if (i < before)
		return s->text_node[i];
	s->text_node =
	    mem_grow(s->text_node, &s->text_room, i + 1, sizeof(*s->text_node));
	return s->text_node[i] = new_node(s);
}

void
stratify_add(struct stratify *s, struct example_text stratum,
    struct example_text text_a, struct example_text text_b)
{
	size_t a = top(s, node_of(s, text_a)), b = top(s, node_of(s, text_b));

	if (a != b)
		s->parent[a > b ? a : b] = a > b ? b : a;
	s->tie = mem_grow(s->tie, &s->tie_room, s->rows + 1, sizeof(*s->tie));
	s->entry =
	    mem_grow(s->entry, &s->entry_room, s->rows + 2, sizeof(*s->entry));
	s->entry[s->rows + 1] = s->entry[s->rows];
	s->tie[s->rows++] = a;
	stratify_also(s, stratum);
}

void
stratify_also(struct stratify *s, struct example_text stratum)
{
	size_t i = s->entry[s->rows]++;

	s->stratum =
	    mem_grow(s->stratum, &s->stratum_room, i + 1, sizeof(*s->stratum));
	s->stratum[i] = numbering_of(s->strata, stratum.at, stratum.size);
}

void
stratify_tie(struct stratify *s, struct example_text text)
{
	size_t a = top(s, s->tie[s->rows - 1]), b = top(s, node_of(s, text));

	if (a != b)
		s->parent[a > b ? a : b] = a > b ? b : a;
}

size_t
stratify_rows(const struct stratify *s)
{
	return s->rows;
}

/* Rows that go together: rows[first .. first+size). */
struct bunch {
	size_t first, size, place; /* place: in a random order */
};

/* Large ones first: small ones fill up what these leave uneven. */
static int
by_size(const void *left, const void *right)
{
	const struct bunch *a = left, *b = right;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return (a->place > b->place) - (a->place < b->place);
}

/* Bunches, and their rows one after another; returns how many. */
static size_t
bunch_rows(
    struct stratify *s, struct bunch **bunches, size_t **rows, uint64_t seed)
{
	size_t *number = mem_alloc(s->nodes, sizeof(*number)), n = 0, *order;
	struct bunch *b;

	memset(number, 0xff, s->nodes * sizeof(*number));
	*bunches = b = mem_zero(s->rows + 1, sizeof(*b));
	for (size_t i = 0; i < s->rows; i++) {
		size_t node = s->tie[i] = top(s, s->tie[i]);

		if (number[node] == (size_t)-1)
			number[node] = n++;
		b[number[node]].size++;
	}
	for (size_t i = 0, at = 0; i < n; at += b[i++].size)
		b[i].first = b[i].place = at;
	*rows = mem_alloc(s->rows, sizeof(**rows));
	for (size_t i = 0; i < s->rows; i++)
		(*rows)[b[number[s->tie[i]]].place++] = i;
	order = mem_alloc(n, sizeof(*order));
	rng_shuffle(rng_key(seed, rng_stream("stratify"), 0), order, n);
	for (size_t i = 0; i < n; i++)
		b[i].place = order[i];
	qsort(b, n, sizeof(*b), by_size);
	free(order);
	free(number);
	return n;
}

/* How full the folds are. */
struct fill {
	size_t parts, strata;
	uint64_t *rows;	   /* [parts] */
	uint64_t *stratum; /* [parts, strata] */
	uint64_t *weight;  /* [strata] rare ones weigh more */
};

/* The fold that has least of what the bunch brings; then the emptiest. */
static size_t
choose(const struct fill *f, const size_t *stratum, size_t n)
{
	uint64_t least = UINT64_MAX;
	size_t best = 0;

	for (size_t p = 0; p < f->parts; p++) {
		const uint64_t *has = f->stratum + p * f->strata;
		uint64_t sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += has[stratum[i]] * f->weight[stratum[i]];
		if (sum < least ||
		    (sum == least && f->rows[p] < f->rows[best])) {
			least = sum;
			best = p;
		}
	}
	return best;
}

static void
start_fill(struct fill *f, const struct stratify *s, size_t parts)
{
	f->parts = parts;
	f->strata = numbering_count(s->strata);
	f->rows = mem_zero(parts, sizeof(*f->rows));
	f->stratum = mem_zero(parts * f->strata + 1, sizeof(*f->stratum));
	f->weight = mem_zero(f->strata + 1, sizeof(*f->weight));
	for (size_t i = 0; i < s->entry[s->rows]; i++)
		f->weight[s->stratum[i]]++;
	for (size_t i = 0; i < f->strata; i++)
		f->weight[i] = s->rows / f->weight[i];
}

/* The strata of n rows, one after another; returns how many. */
static size_t
strata_of(
    size_t *stratum, const struct stratify *s, const size_t *row, size_t n)
{
	size_t count = 0;

	for (size_t k = 0; k < n; k++)
		for (size_t i = s->entry[row[k]]; i < s->entry[row[k] + 1]; i++)
			stratum[count++] = s->stratum[i];
	return count;
}

void
stratify_cut(struct stratify *s, bool *keep, const struct subset_fold *fold,
    uint64_t seed, size_t *largest)
{
	struct bunch *b;
	struct fill f;
	size_t *rows, n = bunch_rows(s, &b, &rows, seed);
	size_t *stratum = mem_alloc(s->entry[s->rows], sizeof(*stratum));

	*largest = n > 0 ? b[0].size : 0;
	start_fill(&f, s, fold->parts);
	for (size_t i = 0; i < n; i++) {
		const size_t *row = rows + b[i].first;
		size_t part, count = strata_of(stratum, s, row, b[i].size);

		part = choose(&f, stratum, count);
		for (size_t k = 0; k < count; k++)
			f.stratum[part * f.strata + stratum[k]]++;
		f.rows[part] += b[i].size;
		for (size_t k = 0; k < b[i].size; k++)
			if ((part == fold->part - 1) == fold->outside)
				keep[row[k]] = false;
	}
	free(stratum);
	free(rows);
	free(b);
	free(f.rows);
	free(f.stratum);
	free(f.weight);
}
