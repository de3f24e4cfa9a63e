/*
 * Linear maps over the tokens of a ragged batch: y = x W^T + b, T tokens, K
 * features in, N out; w [N,K] as BERT stores it.
 *
 * Threads take blocks of tokens for outputs and input gradients, blocks of
 * output features for weight gradients; no sum is ever split, so the result
 * does not depend on the number of threads.
 *
 * Products are of the numbers that `product` was started with; NULL: float32
 * by OpenBLAS.
 */
#ifndef LAYER_LINEAR_H
#define LAYER_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"
#include "layer/product.h"

/*
 * y [T,N]	overwritten
 * x [T,K]
 * w [N,K], b [N]	b NULL: no bias
 */
void linear_forward(real *y, const real *x, const real *w, const real *b,
    size_t T, size_t K, size_t N, struct product *product);

/*
 * The same, followed by GELU while the block is in the cache.
 * y [T,N]	overwritten: gelu(u), u = x W^T + b
 * slope [T,N]	overwritten: gelu'(u), which backward needs; NULL: not wanted
 */
void linear_gelu_forward(real *y, real *slope, const real *x, const real *w,
    const real *b, size_t T, size_t K, size_t N, struct product *product);

/*
 * dx [T,K]	overwritten with dy W, or added to if add; NULL: not wanted
 * dw [N,K]	accumulated: dy^T x; NULL: not wanted
 * db [N]	accumulated: sum over tokens of dy; NULL: not wanted
 * dy [T,N], x [T,K], w [N,K]
 */
void linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product);

/*
 * linear_backward for the map after a GELU: its dx is turned into the
 * gradient of the GELU's argument.
 * du [T,K]	overwritten: (dy W) * slope
 * slope [T,K]	as linear_gelu_forward has it; x = gelu(u)
 */
void linear_gelu_backward(real *du, real *dw, real *db, const real *dy,
    const real *x, const real *slope, const real *w, size_t T, size_t K,
    size_t N, struct product *product);

#endif
