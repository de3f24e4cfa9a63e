/*
 * Batches: the rows that one update or one prediction sees, as a ragged
 * matrix of their real tokens.
 */
#ifndef DATA_BATCH_H
#define DATA_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/pack.h"

/* A row of one of several packs. */
struct row_ref {
	size_t pack, row;
};

struct batch {
	size_t rows, tokens;  /* B, T */
	size_t longest;	      /* tokens of the longest row */
	int32_t *id;	      /* [T] token ids */
	int32_t *at;	      /* [T] position in the row, from 0 */
	int32_t *segment;     /* [T] 0 or 1, its segment A or B */
	size_t *start;	      /* [B+1] first token of each row */
	size_t *one;	      /* [B+1] 0 1 2 ...: one query a row */
	struct row_ref *from; /* [B] */
	float *label;	      /* [B] class index or score; NaN: none */
	int32_t *group;	      /* [B] */
	bool *reversed;	      /* [B] text_b stands first */
	size_t first_token;   /* tokens before these in the whole batch */
	size_t first_row;     /* rows likewise; both move dropout alone */
	size_t row_room, token_room;
};

/* Fill b with the rows named; grows it where needed. */
void batch_fill(struct batch *b, const struct pack *const *packs,
    const struct row_ref *rows, size_t count);

/* Fill b with rows [first, first + count) of another, at their places in it. */
void batch_take(
    struct batch *b, const struct batch *whole, size_t first, size_t count);

/*
 * True if row i is one more candidate of the question that row i - 1 is of;
 * never where packs is NULL, as the rows are of none.
 */
bool batch_goes_on(
    const struct batch *b, const struct pack *const *packs, size_t i);

/*
 * Fill b with one row of tokens that is in no pack, or add it after those
 * that are there.  segment_a: tokens in segment A.
 */
void batch_add(
    struct batch *b, const int32_t *tokens, size_t count, size_t segment_a);

void batch_clear(struct batch *b);
void batch_free(struct batch *b);

#endif
