/*
 * The heads of pre-training (Devlin et al. 2019, section 3.1): the masked-LM
 * head with its tied decoder, and the one that tells if text_b follows
 * text_a.
 *
 *	z = norm(gelu(h W^T + b)) E^T + c	for each token asked for
 *
 * E the word embeddings [V,H].  The loss is the mean of -log softmax(z)[id]
 * over the tokens asked for; with a teacher (another model with the same
 * vocabulary) A of it and B of T^2 * -sum q_T log p_T, as in model/loss.h.
 *
 * Logits are made, used and forgotten for some hundreds of tokens at a time:
 * memory does not hold a number for every token and piece.
 */
#ifndef NET_MLM_H
#define NET_MLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

/* What a pass keeps; grows with the batches it meets. */
struct mlm;

/* m must have a masked-LM head. */
struct mlm *mlm_new(const struct model *m);
void mlm_free(struct mlm *h);

struct mlm_rule {
	double hard_weight, soft_weight; /* A, B */
	double temperature;
	double norm; /* what sums are divided by: tokens asked for */
};

struct mlm_sum {
	double hard, soft; /* divided by norm */
	size_t right;	   /* tokens whose likeliest id was the one */
	size_t asked;
};

/* Bytes that it keeps when so many tokens of a batch are asked for. */
size_t mlm_bytes(const struct config *c, size_t asked, bool teacher);

/* How many of want [Q] are asked for. */
size_t mlm_asked(const int32_t *want, size_t Q);

/*
 * Forward, and backward at once if dhidden is not NULL.
 * sum		added to
 * dhidden [Q,H]	overwritten; 0 where nothing is asked
 * grad [params.total]	accumulated
 * hidden [Q,H]	the encoder's states
 * want [Q]	the id that is asked for; -1: none
 * teacher, taught [Q,H]	its head and its encoder's states, or NULL
 */
void mlm_pass(struct mlm *h, struct mlm_sum *sum, real *dhidden, real *grad,
    const real *hidden, const int32_t *want, size_t Q,
    const struct mlm_rule *rule, struct mlm *teacher, const real *taught);

/*
 * The other head, on pooled [B,H]: apart [B] is 1 where text_b is not what
 * follows.  Returns the sum of -log p over norm; rows that were right are
 * added to *right.  dpooled [B,H] overwritten and grad accumulated, or both
 * NULL.
 */
double mlm_next_pass(const struct model *m, real *dpooled, real *grad,
    const real *pooled, const uint8_t *apart, size_t B, double norm,
    size_t *right);

#endif
