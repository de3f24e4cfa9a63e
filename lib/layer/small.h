/*
 * Small matrix products, in registers: for attention's, each of some dozen
 * rows and columns, where BLAS spends its time on calls and copies.
 */
#ifndef LAYER_SMALL_H
#define LAYER_SMALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

/* A matrix as its first number and the distances between rows and columns. */
struct small {
	const real *at;
	size_t row, column;
};

/*
 * Numbers from row to row of a matrix with so many columns that is made here:
 * whole registers, and rows that do not all fall on the same few lines of the
 * cache.
 */
static inline size_t
small_row(size_t columns)
{
	return (columns + 15) / 16 * 16 + 16;
}

/*
 * c [M,N]	overwritten with a b, or added to if add; ldc numbers from row
 *		to row
 * a [M,K], b [K,N]	b's columns must stand side by side
 */
void small_product(real *c, size_t ldc, struct small a, const real *b,
    size_t ldb, size_t M, size_t N, size_t K, bool add);

/* out [N,M] overwritten with x [M,N] transposed. */
void small_transpose(
    real *out, size_t ldout, const real *x, size_t ldx, size_t M, size_t N);

#endif
