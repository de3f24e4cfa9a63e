/*
 * SAN: the stochastic answer network's head for sentence pairs (Liu, Duh and
 * Gao 2018, as the 2019 code of MT-DNN has it), over the last layer's states.
 * Query: the tokens of text_b's segment; memory: those of text_a's.
 *
 *	s_0 = sum_j softmax_j(w . x_j + b) x_j		x = drop(query)
 *	for each turn t = 0 .. K-1:
 *	  e_j = drop(h_j) . (W drop(s_t) + b_w)		h: memory
 *	  x_t = sum_j softmax_j(e) h_j
 *	  o_t = V drop([x_t; s_t; |x_t - s_t|; x_t * s_t]) + c
 *	  s_{t+1} = GRU(x_t, drop(s_t))
 *	logits = log (1/K) sum_t m_t softmax(o_t)
 *
 * Of multilabel, each class being a question of its own, the logits are
 *
 *	log sum_t m_t sigmoid(o_t) - log sum_t m_t (1 - sigmoid(o_t))
 *
 * so that their sigmoid is the mean of the probabilities of the turns kept.
 *
 * m_t is 0 with probability p_s, else 1 / (1 - p_s), and one turn a row,
 * drawn evenly, is always kept; without dropout m_t = 1.  Dropout of query
 * and memory is one mask a row, shared by its tokens.  The loss's own softmax
 * normalises the other logits.  Everything is computed in log space.
 */
#ifndef NET_SAN_H
#define NET_SAN_H

#include <stdint.h>

#include "model/model.h"

struct san; /* what one pass keeps */

struct san *san_new(const struct model *m, size_t head);
void san_free(struct san *s);

/* One row's tokens among the batch's. */
struct san_row {
	size_t query, query_end, memory, memory_end;
	size_t number; /* of the row in the whole batch, for dropout */
};

/* What decides dropout; both rates are 0 in prediction. */
struct san_dropout {
	uint64_t seed, step;
	double rate, memory_rate;
};

/*
 * logits [n,C]	overwritten
 * hidden [T,H]
 */
void san_forward(struct san *s, real *logits, const real *hidden,
    const struct san_row *rows, size_t n, const struct san_dropout *dropout);

/*
 * Gradients of the last pass, with the same hidden and rows.
 * dhidden [T,H]	accumulated
 * grad [params.total]	accumulated
 */
void san_backward(
    struct san *s, real *dhidden, real *grad, const real *dlogits);

#endif
