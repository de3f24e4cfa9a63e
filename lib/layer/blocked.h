/*
 * Weights as the right side of a product, in the blocks that oneDNN takes as
 * they are: blocks of 64 columns one after the other; in each, groups of rows
 * that fill 32 bits (2 of bfloat16, 4 of int8) stand side by side, column
 * after column.  Columns, and rows up to a multiple of 16 groups, are filled
 * up with 0.  Those of int8 are followed by their scales and sums.
 */
#ifndef LAYER_BLOCKED_H
#define LAYER_BLOCKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "layer/number.h"

enum { BLOCKED_COLUMNS = 64 };

/* Bytes of a right side of K rows and N columns. */
size_t blocked_bytes(size_t K, size_t N, enum product_numbers numbers);

/*
 * to overwritten with W^T for w [N,K], or if turned, and not of int8, with W
 * for w [K,N]: in any case K rows, N columns.
 */
void blocked_fill(void *to, const real *w, size_t K, size_t N, bool turned,
    enum product_numbers numbers);

/*
 * Both of bfloat16, w [N,K] read once: to as the right side of y = x W^T, and
 * turned as that of dx = dy W, which blocked_fill would take for w [K,N];
 * either may be NULL: not wanted.
 */
void blocked_fill_both(
    uint16_t *to, uint16_t *turned, const real *w, size_t K, size_t N);

/*
 * Of bfloat16 and turned: the 32 rows from k on alone, a multiple of 32, of K
 * rows; w has `down` of them, after which they are 0.
 */
void blocked_fill_rows(
    void *to, const real *w, size_t down, size_t K, size_t N, size_t k);

/* Bytes of one of those rows. */
size_t blocked_row(size_t N);

/* The same of what is rounded already. */
void blocked_join_rows(
    void *to, const uint16_t *w, size_t down, size_t K, size_t N, size_t k);

/*
 * to [across, 32], rows ldto apart, an even number: 32 rows of x, of bfloat16
 * and ldx apart, turned; those after `down` are 0.
 */
void blocked_turn(uint16_t *to, size_t ldto, const uint16_t *x, size_t ldx,
    size_t down, size_t across);

/*
 * Columns from n on of a right side whose rows are K, overwritten with the N
 * columns of another one; scales are left alone.
 */
void blocked_copy(void *to, size_t n, const void *from, size_t N, size_t K,
    enum product_numbers numbers);

/* Rows up to a multiple of 16 groups, and those in a group. */
size_t blocked_depth(size_t K, enum product_numbers numbers);
size_t blocked_group(enum product_numbers numbers);

/* Where column n, a multiple of 64, begins: bytes from the start. */
size_t blocked_column(size_t n, size_t K, enum product_numbers numbers);

/* Of int8 [N]: scales, and sums of numbers of 8 bits. */
struct blocked_scales {
	const float *scale, *sum;
};
struct blocked_scales blocked_scales(const void *blocked, size_t K, size_t N);

/* To nearest, ties to even; NaNs that a CPU makes stay NaNs. */
void blocked_round(uint16_t *to, const real *x, size_t n);

#endif
