/*
 * Pairs of neighbouring pieces with their counts, and a heap that knows the
 * best of them while counts change.
 */
#ifndef CORPUS_PAIRHEAP_H
#define CORPUS_PAIRHEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pair {
	uint32_t a, b;
	unsigned long long count;
	/* What the heap goes by, changed by pairheap_place alone. */
	unsigned long long placed;
	double score;
	uint32_t *where; /* words that held it at some time, owned */
	size_t wheres, where_room;
	size_t heap;  /* its place there + 1; 0: not in it */
	bool changed; /* listed as changed */
};

struct pairheap {
	struct pair *pair;
	size_t count, room;
	size_t *table; /* 1 + pair by (a, b); 0: empty */
	size_t slots;
	size_t *heap; /* pairs, the best one first */
	size_t heaped, heap_room;
};

void pairheap_start(struct pairheap *h);
void pairheap_free(struct pairheap *h);

/* The pair's number, made with count 0 where it is new. */
size_t pairheap_find(struct pairheap *h, uint32_t a, uint32_t b);

/* Remember that a word holds the pair; words come in runs. */
void pairheap_note(struct pairheap *h, size_t pair, uint32_t word);

/*
 * Put the pair where its score belongs, of equals the higher count, then the
 * lower numbers; in: whether it may be chosen.
 */
void pairheap_place(struct pairheap *h, size_t pair, double score, bool in);

/* The best pair, or (size_t)-1. */
size_t pairheap_best(const struct pairheap *h);

#endif
