/*
 * Numbers of 8 bits for products: weights by the row, once; what they are
 * multiplied with by the row, as it comes.
 *
 *	w[n][k] = scale[n] q[n][k],		-127 <= q <= 127
 *	x[m][k] = step[m] u[m][k] + low[m],	0 <= u <= 255
 *	sum_k x w = scale[n] (step[m] sum_k u q + low[m] sum_k q)
 *
 * so that sums are of whole numbers, exact in 32 bits for K below 2^16, and
 * the bits of a row depend on nothing but it.
 */
#ifndef LAYER_QUANTISE_H
#define LAYER_QUANTISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/* How the numbers of one row of x are read. */
struct quantised_row {
	float step, low; /* low is NaN where x has a number that is none */
};

/* u [K] and what is returned, from x [K]. */
struct quantised_row quantise_row(uint8_t *u, const real *x, size_t K);

/*
 * q [K] in groups of four whose starts lie `stride` apart, its scale and the
 * sum of its numbers, from w [K].
 */
void quantise_weights(int8_t *q, size_t stride, float *scale, float *sum,
    const real *w, size_t K);

/*
 * y [N] = x W^T + b from sums [N] of products of u and q; then add [N] is
 * added, or it is the GELU of that, to 2e-6 (layer/special.h).
 * scale, sum [N]	of the rows of W
 * b [N]		or NULL, with neither add nor gelu
 * add [N]		or NULL
 */
void quantise_finish(real *y, const int32_t *sums, struct quantised_row row,
    const float *scale, const float *sum, const real *b, const real *add,
    bool gelu, size_t N);

#endif
