/*
 * What the two ways of computing linear maps (layer/linear.h) share, and that
 * by OpenBLAS: products of blocks of the matrices as they stand.
 */
#ifndef LAYER_LINEARPLAIN_H
#define LAYER_LINEARPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"
#include "layer/number.h"

/* One dimension in blocks of nearly equal size. */
struct cut {
	size_t count, size;
};

/*
 * Blocks of about `target`, at most a little more; of an even number, because
 * two cores are the least that a machine has.
 */
struct cut linear_cut(size_t n, size_t target);

/*
 * What one backward pass works on; du and slope as linear_gelu_backward has
 * them, slope NULL without a GELU.
 */
struct linear_pass {
	real *dx, *dw, *db;
	const real *dy, *w;
	const void *x, *slope;
	enum product_numbers kept; /* those two */
	bool add;
	size_t T, K, N;
};

/* sum [N] += the columns of y [T,N], rows ld apart; N is at most 512. */
void linear_column_sums(
    real *sum, const real *y, size_t T, size_t N, size_t ld);

/* The derivative of GELU on `columns` of some rows of dx, from row t on. */
void linear_through_gelu(const struct linear_pass *a, size_t t, size_t rows,
    size_t k, size_t columns);

/* As linear_forward has it, or if gelu as linear_gelu_forward. */
void linear_plain_forward(real *y, bool gelu, real *slope, const real *x,
    const real *w, const real *b, size_t T, size_t K, size_t N);

void linear_plain_backward(const struct linear_pass *a);

#endif
