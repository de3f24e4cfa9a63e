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

/* Whether these maps are made of whole numbers, so that adding is free. */
static inline bool
linear_adds(const struct product *product, size_t N, size_t K)
{
	return product_numbers_of(product, N, K) == PRODUCT_INT8;
}

/*
 * Of those: x W^T + b + add, add [T,N], which is not y; the same bits as
 * linear_rows_run's (layer/linearrows.h).
 */
void linear_add_forward(real *y, const real *x, const real *add, const real *w,
    const real *b, size_t T, size_t K, size_t N, struct product *product);

/*
 * What only the product of a map of K features to N reads may be kept in that
 * product's numbers: bfloat16 where products are of bfloat16, else real.
 */
static inline enum product_numbers
linear_kept(const struct product *product, size_t N, size_t K)
{
	return product_numbers_of(product, N, K) == PRODUCT_BF16
		   ? PRODUCT_BF16
		   : PRODUCT_FLOAT32;
}

/*
 * The same, followed by GELU while the block is in the cache.
 * y [T,N]	overwritten: gelu(u), u = x W^T + b; of real, or of bfloat16
 *		where it is kept so; to 2e-6 where linear_adds
 * slope [T,N]	overwritten: gelu'(u), which backward needs, kept likewise;
 *		NULL where y is real: not wanted, or linear_adds
 */
void linear_gelu_forward(void *y, void *slope, enum product_numbers kept,
    const real *x, const real *w, const real *b, size_t T, size_t K, size_t N,
    struct product *product);

/* linear_forward without a bias, of an x that is kept so. */
void linear_kept_forward(real *y, const void *x, enum product_numbers kept,
    const real *w, size_t T, size_t K, size_t N, struct product *product);

/*
 * dx [T,K]	overwritten with dy W, or added to if add; NULL: not wanted
 * dw [N,K]	accumulated: dy^T x; NULL: not wanted
 * db [N]	accumulated: sum over tokens of dy; NULL: not wanted
 * dy [T,N], x [T,K], w [N,K]
 */
void linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product);

/* The same where dy, x or both are kept so. */
void linear_kept_backward(real *dx, bool add, real *dw, real *db,
    const void *dy, enum product_numbers dy_kept, const void *x,
    enum product_numbers x_kept, const real *w, size_t T, size_t K, size_t N,
    struct product *product);

/*
 * linear_backward for the map after a GELU: its dx is turned into the
 * gradient of the GELU's argument, which the map before it reads.
 * du [T,K]	overwritten: (dy W) * slope, kept likewise
 * x [T,K], slope [T,K]	what linear_gelu_forward left
 */
void linear_gelu_backward(void *du, real *dw, real *db, const real *dy,
    const void *x, const void *slope, enum product_numbers kept, const real *w,
    size_t T, size_t K, size_t N, struct product *product);

#endif
