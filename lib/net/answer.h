/*
 * A head of either kind over the rows of a batch that belong to it: from the
 * encoder's last pass to logits, and back.
 */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "data/batch.h"
#include "net/encoder.h"

struct answer; /* what passes keep, for every head of a model */

struct answer *answer_new(const struct model *m);
void answer_free(struct answer *a);

/* True if the head reads all tokens' states, not [CLS] alone. */
bool answer_reads_all(const struct model *m, size_t head);

/* Decides dropout; the rates are the head's. */
struct answer_dropout {
	uint64_t seed, step;
};

/*
 * logits [n,C]	overwritten
 * e		after its forward pass over b
 * row [n]	the rows of the batch; must live until backward
 * dropout	NULL: no dropout
 * A SAN head needs both texts: a row of one ends the program.
 */
void answer_forward(struct answer *a, real *logits, size_t head,
    const struct encoder *e, const struct batch *b, const size_t *row, size_t n,
    const struct answer_dropout *dropout);

/*
 * Gradients of the head's last pass.
 * dpooled [B,H]	the n rows overwritten (by 0 from a SAN head)
 * dhidden [T,H]	added to by a SAN head; else may be NULL
 * grad [params.total]	accumulated
 */
void answer_backward(struct answer *a, real *dpooled, real *dhidden, real *grad,
    size_t head, const real *dlogits);

#endif
