/*
 * The parameter table: every array of the network, once.
 *
 * Parameters live in one block in the order of the table; gradients and
 * optimiser state have the same layout.  Allocation, files, clipping, decay
 * and checks loop over this table.  Query, key and value of a layer stand
 * together, so that one product makes all three.
 */
#ifndef MODEL_PARAMS_H
#define MODEL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/config.h"

enum param_init { INIT_NORMAL, INIT_ZERO, INIT_ONE, INIT_UNIFORM };

struct param {
	char *name; /* as Hugging Face names it */
	size_t rank;
	size_t shape[2];
	size_t offset, count; /* in numbers, within the block */
	size_t depth; /* embeddings 0, layer i: i + 1, pooler, heads last */
	bool plain;   /* bias or norm: many optimisers do not decay it */
	int head;     /* index of its head, or -1: shared */
	enum param_init init;
};

struct params {
	struct param *item;
	size_t count;
	size_t room;
	size_t shared; /* numbers in shared parameters, which stand first */
	size_t total;  /* numbers in all */
};

/* The arrays of one encoder layer in a block, as pointers. */
struct layer_params {
	size_t qkv, qkv_bias; /* [3H,H], [3H] */
	size_t out, out_bias; /* [H,H], [H] */
	size_t norm1, norm1_bias;
	size_t inner, inner_bias; /* [I,H], [I] */
	size_t outer, outer_bias; /* [H,I], [H] */
	size_t norm2, norm2_bias;
};

/* Offsets of what has no layer. */
struct outer_params {
	size_t word, position, type;
	size_t norm, norm_bias;
	size_t pooler, pooler_bias; /* if the config has one */
};

void params_build(struct params *p, const struct config *c);
void params_free(struct params *p);

/* The row of that name, or NULL. */
const struct param *params_find(const struct params *p, const char *name);

struct outer_params params_outer(const struct params *p);
struct layer_params params_layer(const struct params *p, size_t layer);

/* The first row of a head; its rows stand together. */
const struct param *params_head(const struct params *p, size_t head);

/* The log variances of a head's hard and soft loss, or NULL. */
const struct param *params_uncertainty(const struct params *p, size_t head);

#endif
