#include "base/rng.h"

#include <math.h>

static uint64_t
mix(uint64_t x)
{
	return rng_bits((struct rng){ x }, 1);
}

struct rng
rng_key(uint64_t seed, uint64_t stream, uint64_t step)
{
	return (struct rng){ mix(mix(mix(seed) ^ stream) ^ step) };
}

uint64_t
rng_stream(const char *name)
{
	uint64_t h = 0;

	for (; *name != '\0'; name++)
		h = mix(h ^ (unsigned char)*name);
	return h;
}

double
rng_uniform(struct rng r, uint64_t position)
{
	return (double)(rng_bits(r, position) >> 11) * 0x1p-53;
}

/* Box-Muller; 1 - u keeps the logarithm away from 0. */
double
rng_normal(struct rng r, uint64_t position)
{
	double u = 1 - rng_uniform(r, 2 * position);
	double v = rng_uniform(r, 2 * position + 1);

	return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

/*
 * Lemire's multiply-and-shift needs 128 bits; rejection over a power of two
 * does not, and redraws under a derived key.
 */
uint64_t
rng_below(struct rng r, uint64_t position, uint64_t n)
{
	uint64_t mask = n - 1, x;

	for (unsigned shift = 1; shift < 64; shift *= 2)
		mask |= mask >> shift;
	while ((x = rng_bits(r, position) & mask) >= n)
		r.key = mix(r.key);
	return x;
}

void
rng_shuffle(struct rng r, size_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t j = (size_t)rng_below(r, i, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}
