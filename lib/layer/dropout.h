/*
 * Dropout of one place in the network: values are kept where the random bits
 * of their position reach the threshold, and then scaled by 1 / (1 - p).
 * The position of feature h of token t is (first + t) * H + h, so that it
 * does not depend on how the batch is cut.
 */
#ifndef LAYER_DROPOUT_H
#define LAYER_DROPOUT_H

#include <stdint.h>

#include "base/real.h"
#include "base/rng.h"
#include "layer/kernel.h"

struct dropout {
	struct rng rng;
	uint32_t threshold; /* p in units of 2^-32; 0: keep everything */
	real scale;	    /* 1 / (1 - p) */
};

static inline struct dropout
dropout_make(struct rng rng, double p)
{
	struct dropout d = { rng, (uint32_t)(p * 4294967296.0), 1 };

	if (d.threshold > 0)
		d.scale = (real)(1 / (1 - p));
	return d;
}

/* What a value is multiplied with: 0 or the scale. */
static inline KERNEL_INLINE real
dropout_factor(struct dropout d, uint32_t position)
{
	return rng_bits32(d.rng, position) >= d.threshold ? d.scale : 0;
}

#endif
