/*
 * Linear maps y = x W^T + b of a block of rows, in the thread that asks: for
 * passes that take a block through several maps while it is in the cache.
 * K features in, N out; the same bits as linear_forward's.
 */
#ifndef LAYER_LINEARROWS_H
#define LAYER_LINEARROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"
#include "layer/product.h"

/*
 * How many of T rows are a block, `most` at most, a power of two.  They need
 * not be the same for any number of threads, since the bits of a row do not
 * depend on them.
 */
enum { LINEAR_ROWS = 64 }; /* which is enough for most products */
size_t linear_rows_block(size_t T, size_t most);

/* A map that is ready, for blocks of `rows` rows and the last of them. */
struct linear_rows {
	const struct product *p;
	enum product_numbers numbers;
	enum product_side side;
	const void *w; /* as it is multiplied */
	const real *b; /* or NULL */
	struct blocked_scales scales;
	size_t K, N, rows;
	size_t wide; /* columns that are multiplied at a time */
	const struct product_plan *plan[2][2]; /* of the last rows, columns */
};

/* After product_begin; T rows in all.  w [N,K], b [N] or NULL */
void linear_rows_plan(struct linear_rows *m, const real *w, const real *b,
    size_t K, size_t N, size_t T, size_t rows, struct product *p);

/* Bytes of scratch that a run needs. */
size_t linear_rows_bytes(const struct linear_rows *m);

/* Whether a run adds: products of whole numbers are gone through in any case.
 */
bool linear_rows_adds(const struct linear_rows *m);

/*
 * y [rows,N]	overwritten: x W^T + b, or with gelu its GELU (of int8 to 2e-6)
 * x [rows,K]	m->rows of them, or the last
 * add [rows,N]	what is added, or NULL; without gelu, with b, where m adds
 * scratch	aligned to 64 bytes
 */
void linear_rows_run(const struct linear_rows *m, real *y, const real *x,
    const real *add, size_t rows, bool gelu, void *scratch);

#endif
