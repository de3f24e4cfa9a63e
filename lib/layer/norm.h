/*
 * Layer normalisation over the features of each token (Ba et al. 2016), in
 * the form in which BERT uses it, with what stands before it fused in:
 *
 *	s[t] = residual[t] + dropout(x[t] + b)
 *	y[t] = gain * (s[t] - mean(s[t])) / sqrt(var(s[t]) + eps) + bias
 *
 * T tokens of a ragged batch, H features; var is the biased variance, eps
 * stands inside the root (BERT: 1e-12).
 */
#ifndef LAYER_NORM_H
#define LAYER_NORM_H

#include <stddef.h>

#include "base/real.h"
#include "layer/dropout.h"

/* What both directions need to know of one normalisation. */
struct norm {
	const real *gain, *bias; /* [H] */
	real eps;
	struct dropout dropout; /* of x */
	const size_t *position; /* [T] rows for dropout; NULL: first + t */
	size_t first;
};

/*
 * y [T,H]	overwritten; may be x or residual
 * xhat [T,H]	overwritten: s centred and scaled; may be y if only y is wanted
 * rstd [T]	overwritten: 1 / sqrt(var + eps)
 * x [T,H]
 * b [H]	a bias of x, or NULL
 * residual [T,H], or NULL
 */
void norm_forward(real *y, real *xhat, real *rstd, const real *x, const real *b,
    const real *residual, const struct norm *norm, size_t T, size_t H);

/*
 * To answer with, in the thread that asks: y [T,H] overwritten with the norm of
 * s [T,H]; nothing is kept, and sums run in another order than forward's.
 */
void norm_rows(
    real *y, const real *s, const struct norm *norm, size_t T, size_t H);

/* y [T,H] overwritten with the bits that forward gave it; xhat [T,H] */
void norm_again(
    real *y, const real *xhat, const struct norm *norm, size_t T, size_t H);

/*
 * ds [T,H]	overwritten: the gradient of s, that is of the residual; may
 *		be dy itself
 * dx [T,H]	overwritten: the gradient of x (ds where kept, scaled); NULL:
 *		not wanted
 * dgain [H]	accumulated; NULL, with dbias: not wanted
 * dbias [H]	accumulated
 */
void norm_backward(real *ds, real *dx, real *dgain, real *dbias, const real *dy,
    const real *xhat, const real *rstd, const struct norm *norm, size_t T,
    size_t H);

#endif
