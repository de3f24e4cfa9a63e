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
 * What one backward pass works on, as linear_kept_backward has it; or, where
 * there is a slope, linear_gelu_backward, whose du is dx.
 */
struct linear_pass {
	void *dx;
	real *dw, *db;
	const void *dy, *x, *slope;
	enum product_numbers dx_kept, dy_kept, x_kept; /* slope as dx */
	bool add;
	const real *w;
	size_t T, K, N;
};

/*
 * sum [N] += the columns of y [T,N], of real or of bfloat16, rows ld apart; N
 * is at most 512.
 */
void linear_column_sums(real *sum, const void *y, enum product_numbers kept,
    size_t T, size_t N, size_t ld);

/* The derivative of GELU on `columns` of some rows of dx, from row t on; both
   of real. */
void linear_through_gelu(const struct linear_pass *a, size_t t, size_t rows,
    size_t k, size_t columns);

/* As linear_forward has it, or if gelu as linear_gelu_forward. */
void linear_plain_forward(real *y, bool gelu, real *slope, const real *x,
    const real *w, const real *b, size_t T, size_t K, size_t N);

void linear_plain_backward(const struct linear_pass *a);

#endif
