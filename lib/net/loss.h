/*
 * Losses of the heads, hard and soft, and their mixture (Hinton et al. 2015;
 * Liu et al. 2019, equation 4; Clark et al. 2019 for annealing).
 *
 * For a row with both targets, A = hard weight, B = soft weight:
 *
 *	loss = weight * (A * hard + B * soft)
 *
 * A row without soft target has A = 1, B = 0; an unlabelled row A = 0, B = 1.
 *
 *	classification	hard = -log p[y], p = softmax(logits)
 *	  soft ce	T^2 * -sum q_T log p_T, q_T ~ Q^(1/T), p_T =
 *			softmax(logits / T)
 *	  soft kl	T^2 * sum q_T log(q_T / p_T): the same gradient
 *	  soft mse	mean over classes of (z - t)^2, z the logits and t =
 *			log max(Q, 1e-7), both centred over the classes
 *	multilabel	the mean over classes, each of which is or is not:
 *			hard = -y log p - (1 - y) log(1 - p), p = sigmoid(z)
 *	  soft ce, kl	as classification, of the two of a class: q_T ~
 *			Q^(1/T) against (1 - Q)^(1/T), p_T = sigmoid(z / T)
 *	  soft mse	(z - t)^2, t = log max(Q, 1e-7) - log max(1 - Q, 1e-7)
 *	regression	hard (s - y)^2, soft (s - q)^2
 *	ranking		as classification over the candidates of a group;
 *			the hard target is the labels, normalised to sum 1
 */
#ifndef NET_LOSS_H
#define NET_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "data/pack.h"

enum soft_loss { SOFT_CE, SOFT_KL, SOFT_MSE };

/* "ce|kl|mse", in the order of soft_loss. */
extern const char soft_losses[];

struct loss_rule {
	enum task_type type;
	size_t outputs; /* C */
	enum soft_loss soft;
	double temperature;
	double hard_weight, soft_weight; /* A, B where both targets are */
	double weight;			 /* of the task */
	double norm; /* what sums are divided by: rows (or groups) of the
			whole batch, or 1 */
	/* [C] of the hard loss of a row of each class; multilabel: [C,2] of
	   each class where it does not, and where it does apply; NULL: 1 */
	const double *class_weight;
};

struct loss_rows {
	size_t n;
	const real *logits;	/* [n,C] */
	const float *label;	/* [n] NaN: none */
	const int32_t *group;	/* [n] ranking: rows of one group adjacent */
	const float *soft;	/* [n,C], or NULL */
	const bool *has_soft;	/* [n], or NULL: none has */
	const uint8_t *applies; /* multilabel: [n,C] as in struct pack */
};

struct loss_sum {
	double loss, hard, soft;     /* each divided by norm; weight in loss */
	double feature;		     /* weighted, and in loss */
	double both_hard, both_soft; /* of rows with both targets alone */
	size_t no_positive; /* ranking groups without a target: no loss */
};

/* dlogits [n,C] overwritten with the gradient of loss; *sum added to. */
void loss_backward(real *dlogits, struct loss_sum *sum,
    const struct loss_rows *rows, const struct loss_rule *rule);

/*
 * Weights that are learned (Kendall et al. 2018): with s the log variance of
 * a loss, kept in [-5,5], and c 1/2 for regression and 1 else,
 *
 *	loss = c exp(-s1) hard + s1 / 2 + c exp(-s2) soft + s2 / 2
 */
double loss_learned_weight(enum task_type type, real s);

/*
 * Add the terms s / 2 and the gradients of s [2], given the mean losses of
 * the rows that the weights were used for; scale: the task's weight times
 * the batch's share of its update.
 */
void loss_learned_backward(real *ds, struct loss_sum *sum, const real *s,
    enum task_type type, double hard, double soft, double scale);

#endif
