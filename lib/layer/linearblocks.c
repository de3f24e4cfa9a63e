#include "layer/linearblocks.h"

#include "base/least.h"
#include "layer/linearrows.h"

enum { BF16_ROWS = 256, STEP = 64 };

size_t
linear_blocks_rows(size_t T, enum product_numbers numbers)
{
	return linear_rows_block(
	    T, numbers == PRODUCT_BF16 ? BF16_ROWS : LINEAR_ROWS);
}

struct linear_blocks
linear_blocks_plan(
    struct product *p, struct product_shape shape, size_t T, size_t rows)
{
	struct linear_blocks b = {
		.T = T, .rows = rows, .step = least(rows, STEP)
	};
	size_t left = T % rows;

	shape.M = rows;
	if (T >= rows)
		b.whole = product_plan(p, &shape);
	shape.M = left / b.step * b.step;
	b.middle = product_plan(p, &shape);
	shape.M = left % b.step;
	b.last = product_plan(p, &shape);
	return b;
}

size_t
linear_blocks_count(const struct linear_blocks *b)
{
	return b->T / b->rows + (b->middle != NULL) + (b->last != NULL);
}

const struct product_plan *
linear_blocks_at(const struct linear_blocks *b, size_t i, size_t *first)
{
	size_t whole = b->T / b->rows;

	*first = i * b->rows;
	if (i < whole)
		return b->whole;
	if (i == whole && b->middle != NULL)
		return b->middle;
	*first = b->T - b->T % b->rows % b->step;
	return b->last;
}
