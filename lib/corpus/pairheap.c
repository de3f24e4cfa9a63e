#include "corpus/pairheap.h"

#include <stdlib.h>

#include "base/mem.h"

void
pairheap_start(struct pairheap *h)
{
	*h = (struct pairheap){ .slots = 1 << 10 };
	h->table = mem_zero(h->slots, sizeof(*h->table));
}

void
pairheap_free(struct pairheap *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->pair[i].where);
	free(h->pair);
	free(h->table);
	free(h->heap);
}

static size_t *
slot(const struct pairheap *h, uint32_t a, uint32_t b)
{
	uint64_t x = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(x ^ x >> 32) & (h->slots - 1);

	for (; h->table[i] != 0; i = (i + 1) & (h->slots - 1)) {
		const struct pair *p = &h->pair[h->table[i] - 1];

		if (p->a == a && p->b == b)
			break;
	}
	return &h->table[i];
}

static void
grow(struct pairheap *h)
{
	free(h->table);
	h->slots *= 2;
	h->table = mem_zero(h->slots, sizeof(*h->table));
	for (size_t i = 0; i < h->count; i++)
		*slot(h, h->pair[i].a, h->pair[i].b) = i + 1;
}

size_t
pairheap_find(struct pairheap *h, uint32_t a, uint32_t b)
{
	size_t *at = slot(h, a, b), found;

	if (*at != 0)
		return *at - 1;
	h->pair = mem_grow(h->pair, &h->room, h->count + 1, sizeof(*h->pair));
	h->pair[h->count] = (struct pair){ .a = a, .b = b };
	found = h->count++;
	*at = h->count;
	if (h->count * 2 > h->slots)
		grow(h);
	return found;
}

void
pairheap_note(struct pairheap *h, size_t pair, uint32_t word)
{
	struct pair *p = &h->pair[pair];

	if (p->wheres > 0 && p->where[p->wheres - 1] == word)
		return;
	p->where = mem_grow(
	    p->where, &p->where_room, p->wheres + 1, sizeof(*p->where));
	p->where[p->wheres++] = word;
}

static bool
is_better(const struct pair *x, const struct pair *y)
{
	if (x->score > y->score || x->score < y->score)
		return x->score > y->score;
	if (x->placed != y->placed)
		return x->placed > y->placed;
	return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void
put(struct pairheap *h, size_t at, size_t pair)
{
	h->heap[at] = pair;
	h->pair[pair].heap = at + 1;
}

static void
rise(struct pairheap *h, size_t at)
{
	size_t pair = h->heap[at];

	while (at > 0 &&
	       is_better(&h->pair[pair], &h->pair[h->heap[(at - 1) / 2]])) {
		put(h, at, h->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(h, at, pair);
}

static void
sink(struct pairheap *h, size_t at)
{
	size_t pair = h->heap[at], child;

	for (; (child = 2 * at + 1) < h->heaped; at = child) {
		if (child + 1 < h->heaped &&
		    is_better(
			&h->pair[h->heap[child + 1]], &h->pair[h->heap[child]]))
			child++;
		if (!is_better(&h->pair[h->heap[child]], &h->pair[pair]))
			break;
		put(h, at, h->heap[child]);
	}
	put(h, at, pair);
}

static void
take_out(struct pairheap *h, size_t at)
{
	size_t last = h->heap[--h->heaped];

	h->pair[h->heap[at]].heap = 0;
	if (at == h->heaped)
		return;
	put(h, at, last);
	rise(h, at);
	sink(h, h->pair[last].heap - 1);
}

void
pairheap_place(struct pairheap *h, size_t pair, double score, bool in)
{
	struct pair *p = &h->pair[pair];

	p->score = score;
	p->placed = p->count;
	if (!in) {
		if (p->heap > 0)
			take_out(h, p->heap - 1);
		return;
	}
	if (p->heap == 0) {
		h->heap = mem_grow(
		    h->heap, &h->heap_room, h->heaped + 1, sizeof(*h->heap));
		put(h, h->heaped++, pair);
	}
	rise(h, p->heap - 1);
	sink(h, p->heap - 1);
}

size_t
pairheap_best(const struct pairheap *h)
{
	return h->heaped > 0 ? h->heap[0] : (size_t)-1;
}
