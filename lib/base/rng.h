/*
 * Counter-based random numbers: a value is a pure function of (seed, stream,
 * step, position), so nothing needs storing and no thread or process that
 * draws it matters (Salmon et al. 2011 for the idea).
 *
 * A key stands for one (seed, stream, step); positions run from 0.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t key;
};

struct rng rng_key(uint64_t seed, uint64_t stream, uint64_t step);

/* A stream number from a name, for streams that are named. */
uint64_t rng_stream(const char *name);

/* 64 random bits of a position (splitmix64's finaliser over the counter). */
static inline uint64_t
rng_bits(struct rng r, uint64_t position)
{
	uint64_t x = r.key + position * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/*
 * 32 random bits of a position for inner loops: two rounds of a 32-bit mixer
 * keyed before and between, cheap in vector registers.
 */
__attribute__((always_inline)) static inline uint32_t
rng_bits32(struct rng r, uint32_t position)
{
	uint32_t x = position ^ (uint32_t)r.key;

	x = (x ^ (x >> 16)) * 0x7feb352du;
	x += (uint32_t)(r.key >> 32);
	x = (x ^ (x >> 15)) * 0x846ca68bu;
	return x ^ (x >> 16);
}

double rng_uniform(struct rng r, uint64_t position); /* [0,1) */
double rng_normal(struct rng r, uint64_t position);  /* mean 0, variance 1 */

/* Uniform in [0,n), without the bias of a remainder. */
uint64_t rng_below(struct rng r, uint64_t position, uint64_t n);

/* 0..n-1 in random order (Fisher-Yates). */
void rng_shuffle(struct rng r, size_t *order, size_t n);

#endif
