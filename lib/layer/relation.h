/*
 * How far the scores within sequences are from those they should be like:
 * losses that a student learns from its teacher's attention by.
 *
 * Of each sequence and head, a token i has to each token j of its sequence
 * the score z_ij = x_i.y_j / sqrt(d); S the student's, T the teacher's.  Each
 * token and head has a loss, n tokens being in its sequence:
 *
 *	squares		(1/n) sum over j of (S_ij - T_ij)^2
 *			(Jiao et al. 2020, equation 7)
 *	divergence	KL(softmax T_i, softmax S_i), in nats
 *			(Wang et al. 2020, equation 6; Wang et al. 2021)
 *
 * With queries and keys the scores are attention's; with x = y, queries, keys
 * or values, they are the relations of MiniLMv2, whose heads need not be
 * those of attention.
 */
#ifndef LAYER_RELATION_H
#define LAYER_RELATION_H

#include <stddef.h>

#include "base/real.h"

enum relation_kind { RELATION_SQUARES, RELATION_DIVERGENCE };

struct relation_side {
	const real *x, *y; /* rows of heads * d features; may be the same */
	size_t width;	   /* features from one row to the next */
	size_t d;	   /* of a head */
};

struct relation {
	enum relation_kind kind;
	struct relation_side student, teacher;
	const size_t *start; /* [S+1] the first row of each sequence */
	size_t sequences, heads;
	double scale; /* of the sum over tokens and heads */
};

/* Numbers that a call needs as scratch; longest: the longest sequence. */
size_t relation_scratch(size_t longest, const struct relation *r);

/*
 * Returns scale times the sum of the losses, the same for any number of
 * threads.
 * dx, dy	added to, laid out as the student's x and y and the same where
 *		those are: scale times the gradient; NULL: not wanted
 * part [S * heads]	overwritten
 */
double relation_backward(real *dx, real *dy, double *part,
    const struct relation *r, real *scratch, size_t longest);

#endif
