/*
 * What follows attention in a layer, to answer with: output, norm,
 * feed-forward network, norm, and what the next layer's attention reads.  All
 * of it is a matter of single tokens, so threads take blocks of them through
 * it while they are in the cache.
 *
 * T tokens, H features, I inside the feed-forward network.
 */
#ifndef NET_FOLLOW_H
#define NET_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "layer/norm.h"
#include "layer/product.h"
#include "model/params.h"

/* Parameters of a map, w [N,K] and b [N] or NULL; w NULL: no such map. */
struct follow_map {
	const real *w, *b;
};

struct follow {
	struct follow_map out, inner,
	    outer;			   /* without biases: norms add them */
	const real *out_bias, *outer_bias; /* [H] */
	struct norm norm1, norm2;
	struct follow_map next; /* the next layer's */
	size_t next_size;	/* its N */
	size_t T, H, I;
};

/* The maps and biases of a layer in the block of parameters w; no next. */
void follow_layer(
    struct follow *f, const real *w, const struct layer_offsets *p);

/*
 * True, if there are tokens enough for every thread and products that take
 * them in blocks; the arithmetic is then
 *	m = norm1(own + read out^T);  y = norm2(m + gelu(m inner^T) outer^T)
 * and the bits are those of the maps one after the other.
 */
bool follow_suits(const struct follow *f, struct product *p);

/*
 * y [T,H]		overwritten
 * next [T,next_size]	overwritten
 * read, own [T,H]
 */
void follow_forward(real *y, real *next, const real *read, const real *own,
    const struct follow *f, struct product *p);

/* A map and the norm after it where maps are made one after the other. */
struct follow_step {
	real *y, *xhat, *rstd;	   /* as norm_forward has them */
	real *d;		   /* [T,N] scratch */
	const void *x;		   /* [T,K] */
	enum product_numbers kept; /* it is of these */
	const real *own;	   /* [T,N] */
	const real *w, *b;	   /* [N,K], [N] */
	const struct norm *norm;
	bool answer; /* follow_forward's bits: xhat and rstd may be left */
};

/* y [T,N] = norm(own + x w^T + b) */
void follow_map_norm(const struct follow_step *s, size_t T, size_t K, size_t N,
    struct product *p);

#endif
