/*
 * The numbers of which products are made.
 */
#ifndef LAYER_NUMBER_H
#define LAYER_NUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/real.h"
#include "layer/kernel.h"

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

/* To nearest, ties to even; NaNs that a CPU makes stay NaNs. */
static inline KERNEL_INLINE uint16_t
number_round(real x)
{
	float single = (float)x;
	uint32_t bits;

	memcpy(&bits, &single, sizeof(bits));
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline KERNEL_INLINE real
number_widen(uint16_t x)
{
	uint32_t bits = (uint32_t)x << 16;
	float single;

	memcpy(&single, &bits, sizeof(single));
	return (real)single;
}

#endif
