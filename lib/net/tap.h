/*
 * Taps: what layers of an encoder put out, kept of a pass beside what its
 * backward needs, and gradients that its backward adds to its own.  Layer 0
 * is the embeddings after their norm, layer i what encoder layer i puts out.
 *
 * T tokens, H features.
 */
#ifndef NET_TAP_H
#define NET_TAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"
#include "model/config.h"

enum { TAP_STATE = 1, TAP_QKV = 2 };

/* Of one layer; NULL is what is not wanted. */
struct tap {
	real *state;   /* [T,H] */
	real *qkv;     /* [T,3H] queries, keys and values; not of layer 0 */
	real *dstate;  /* [T,H] */
	real *dqkv;    /* [T,3H] */
	unsigned what; /* TAP_STATE, TAP_QKV or both */
};

struct taps {
	size_t layers, hidden; /* of the encoder */
	bool gradients;
	struct tap *at; /* [layers+1] */
	void *block;
	size_t room; /* tokens that it has room for */
};

/* None are wanted yet.  gradients: with dstate and dqkv. */
struct taps *taps_new(const struct config *c, bool gradients);
void taps_free(struct taps *t);

/* Want something of a layer; before the first taps_reserve. */
void taps_want(struct taps *t, size_t layer, unsigned what);

/* The highest layer that anything is wanted of. */
size_t taps_highest(const struct taps *t);

/* Whether nothing is wanted that comes after the queries of a layer. */
bool taps_end(const struct taps *t, size_t layer);

/* Room for a pass over so many tokens; gradients are set to 0. */
void taps_reserve(struct taps *t, size_t tokens);

/*
 * to, which wants no more, gets rows token [n] of what from has, and room for
 * them; taps_scatter adds the gradients of those rows, the other way.
 */
void taps_gather(
    struct taps *to, const struct taps *from, const size_t *token, size_t n);
void taps_scatter(
    struct taps *to, const struct taps *from, const size_t *token, size_t n);

/*
 * What the encoder does with them; t NULL: nothing.  Keep what a layer has, if
 * it is wanted, as soon as it is there: state [T,H], qkv [T,3H]; in backward
 * add the gradients, if there are any, to d, shaped as these.
 */
void taps_keep_state(
    const struct taps *t, size_t layer, const real *state, size_t T);
void taps_keep_qkv(
    const struct taps *t, size_t layer, const real *qkv, size_t T);
void taps_add_state(const struct taps *t, real *d, size_t layer, size_t T);
bool taps_adds_qkv(const struct taps *t, size_t layer);
void taps_add_qkv(const struct taps *t, real *d, size_t layer, size_t T);

/* Bytes that they take for so many tokens. */
size_t taps_bytes(const struct taps *t, size_t tokens);

#endif
