/*
 * The numbers of which products are made.
 */
#ifndef LAYER_NUMBER_H
#define LAYER_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/*
 * What is multiplied: float32 (or double, as base/real.h has it); bfloat16,
 * rounded to nearest, ties to even; numbers of 8 bits, as layer/quantise.h has
 * them, for y = x W^T alone.  Sums are float32's, or of whole numbers.
 */
enum product_numbers { PRODUCT_FLOAT32, PRODUCT_BF16, PRODUCT_INT8 };

/* Bytes of one. */
static inline size_t
product_bytes(enum product_numbers numbers)
{
	return numbers == PRODUCT_INT8	 ? sizeof(int8_t)
	       : numbers == PRODUCT_BF16 ? sizeof(uint16_t)
					 : sizeof(real);
}

#endif
