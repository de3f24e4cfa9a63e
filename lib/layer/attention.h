/*
 * Multi-head scaled dot-product attention within each sequence of a ragged
 * batch (Vaswani et al. 2017, section 3.2):
 *
 *	out = dropout(softmax(q k^T / sqrt(d))) v	for each head
 *
 * Sequence s has its keys and values in rows key_start[s] ..
 * key_start[s+1]) and its queries in rows query_start[s] ..; A heads of d
 * features stand beside each other in a row.  Where the last layer is wanted
 * at [CLS] alone there is one query a sequence.
 *
 * Probabilities are not kept for backward but computed again: memory stays
 * linear in tokens.
 */
#ifndef LAYER_ATTENTION_H
#define LAYER_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"
#include "layer/dropout.h"
#include "layer/number.h"

struct attention {
	const real *q, *k, *v; /* rows of A*d features */
	size_t q_width;	       /* features from one row of q to the next */
	size_t kv_width;       /* the same of k and v */
	const size_t *query_start, *key_start; /* [S+1] */
	const size_t *query_row; /* the token of each query, for dropout; NULL:
				    the query's own number */
	size_t sequences, heads, d;
	struct dropout dropout; /* of the probabilities */
	size_t first;		/* the batch's first token, for dropout */
	bool answer; /* to answer with: forward rounds in another order, which
			is faster; without dropout */
};

/*
 * Numbers that a call needs as scratch: for every thread two blocks of
 * queries by the longest sequence, one head's keys and values of it, and what
 * is rounded of the result.
 */
size_t attention_scratch(size_t longest, size_t d);

/* out [queries, A*d] overwritten, of real or rounded to bfloat16. */
void attention_forward(void *out, enum product_numbers kept,
    const struct attention *a, real *scratch, size_t longest);

/*
 * dq, dk, dv	overwritten, laid out as q, k, v; of real or rounded
 * dout [queries, A*d]
 */
void attention_backward(void *dq, void *dk, void *dv, enum product_numbers kept,
    const real *dout, const struct attention *a, real *scratch, size_t longest);

/*
 * The probabilities of one sequence and head, without dropout.
 * p [queries, keys] overwritten
 */
void attention_map(real *p, const struct attention *a, real *scratch,
    size_t sequence, size_t head);

#endif
