/*
 * A product over T rows as products over blocks of them, for threads to share:
 * whole blocks; then one of what is left in steps of 64, and one of what is
 * left of that.  So few numbers of rows are met, each of which is a primitive.
 */
#ifndef LAYER_LINEARBLOCKS_H
#define LAYER_LINEARBLOCKS_H

#include <stddef.h>

#include "layer/product.h"

struct linear_blocks {
	const struct product_plan *whole, *middle, *last; /* or NULL: none */
	size_t T, rows, step;
};

/*
 * Rows of a whole block.  They need not be the same for any number of threads,
 * since the bits of a row do not depend on them.  In bfloat16 they are many:
 * a product of 64 takes the right side from memory that often.
 */
size_t linear_blocks_rows(size_t T, enum product_numbers numbers);

/* After product_begin; the shape's M is left open. */
struct linear_blocks linear_blocks_plan(
    struct product *p, struct product_shape shape, size_t T, size_t rows);

size_t linear_blocks_count(const struct linear_blocks *b);

/* The plan of block i, from 0, and the first of its rows. */
const struct product_plan *linear_blocks_at(
    const struct linear_blocks *b, size_t i, size_t *first);

#endif
