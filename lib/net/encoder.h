/*
 * BERT's encoder over a ragged batch, forward and backward (Devlin et al.
 * 2019; post-LN, as released): embeddings, layers, pooler.
 *
 * B rows, T tokens, H features.  Where not all of the last layer is read, that
 * layer's queries, output, feed-forward network and norms are computed at the
 * Q tokens that are, which is exact.
 */
#ifndef NET_ENCODER_H
#define NET_ENCODER_H

#include <stdbool.h>
#include <stdint.h>

#include "data/batch.h"
#include "model/model.h"
#include "net/tap.h"

/* What one pass keeps for backward; grows with the batches it meets. */
struct encoder;

/* What decides a pass's dropout: none of it changes with threads. */
struct encoder_dropout {
	uint64_t seed, step;
	double hidden, attention; /* rates; both 0: no dropout */
};

/*
 * train: keep what backward needs; recompute: keep the input of each layer
 * alone and compute the rest again in backward, for memory.
 */
struct encoder *encoder_new(const struct model *m, bool train, bool recompute);
void encoder_free(struct encoder *e);

/*
 * The tokens whose last layer is read, in the order of the batch; the first
 * of each row is its [CLS].
 */
struct encoder_reads {
	const size_t *token; /* [Q] */
	const size_t *start; /* [B+1] the first of each row, as a place in
				token */
	size_t count;	     /* Q */
};

/* [CLS] alone, as most heads read it. */
struct encoder_reads encoder_reads_cls(const struct batch *b);

/*
 * Run the batch; what it points to must live until backward.
 * reads	NULL: every token (SAN heads, hidden states)
 * dropout	NULL: no dropout
 */
void encoder_forward(struct encoder *e, const struct batch *b,
    const struct encoder_reads *reads, const struct encoder_dropout *dropout);

/*
 * Have passes from here on keep what t wants, which must have room for their
 * tokens, and backward add the gradients that t then holds; NULL: no more.
 * Where t wants anything of the last layer, every token must be read.
 * alone: what t does not want need not be there after a forward pass, which
 * then ends in the highest layer wanted, after what is wanted of it.
 */
void encoder_tap(struct encoder *e, const struct taps *t, bool alone);

/* The pooled output of the last pass: [B,H], or h_CLS without a pooler. */
const real *encoder_pooled(const struct encoder *e);

/* The last layer's states at the tokens read, [Q,H]; Q is T for all. */
const real *encoder_hidden(const struct encoder *e);

/*
 * Gradients of the last pass, with the same batch and dropout; once a pass.
 * grad [params.total]	accumulated
 * dpooled [B,H]	of the pooled output, or NULL
 * dhidden [Q,H]	of the last layer's states, or NULL
 */
void encoder_backward(
    struct encoder *e, real *grad, const real *dpooled, const real *dhidden);

/*
 * Have backward end above what is frozen: embeddings and layers of a depth
 * (model/params.h) below this get no gradients.
 */
void encoder_freeze(struct encoder *e, size_t depth);

/*
 * Have done called during backward, several times a layer: the gradients at
 * from and after it are complete.  Backward goes through the block of
 * parameters from its end, so from falls, in the last call to 0.  done NULL:
 * no more calls.
 */
void encoder_watch(
    struct encoder *e, void (*done)(void *context, size_t from), void *context);

/*
 * The attention probabilities of one row, head and layer of the last pass,
 * which must have read every token and been for training.
 * p [L,L] overwritten, L tokens in the row
 */
void encoder_attention(
    const struct encoder *e, real *p, size_t layer, size_t row, size_t head);

/*
 * Operations per token of a forward pass's matrix products, 2 for each weight
 * of the layers, and attention's at the mean length.
 */
double encoder_flops(const struct config *c, double mean_length);

/* Bytes that a pass over T tokens in B rows keeps, its products product's. */
size_t encoder_bytes(const struct config *c, const struct product *product,
    size_t tokens, size_t rows, size_t longest, bool train, bool recompute);

#endif
