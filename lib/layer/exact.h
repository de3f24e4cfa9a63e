/*
 * Linear maps of few rows, whose sums run in double: the pooler and the heads.
 *
 * What they read is nearly alike from row to row in a model that has hardly
 * been trained, and their gradients, summed over the candidates of a question,
 * nearly cancel: what sums in float round away there is all that is left.
 * They are a thousandth of the network's work, so exactness costs nothing.
 *
 * T rows, K features in, N out; no sum is split between threads.
 */
#ifndef LAYER_EXACT_H
#define LAYER_EXACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

/*
 * y [T,N]	overwritten: x W^T + b, or with squash its tanh
 * x [T,K], w [N,K], b [N]
 */
void exact_forward(real *y, const real *x, const real *w, const real *b,
    bool squash, size_t T, size_t K, size_t N);

/*
 * dx [T,K]	overwritten: dy W; NULL: not wanted
 * dw [N,K]	accumulated: dy^T x
 * db [N]	accumulated: sum over rows of dy
 * dy [T,N]	the gradient of x W^T + b
 */
void exact_backward(real *dx, real *dw, real *db, const real *dy, const real *x,
    const real *w, size_t T, size_t K, size_t N);

#endif
