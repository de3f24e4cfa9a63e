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

enum param_init {
	INIT_NORMAL,
	INIT_ZERO,
	INIT_ONE,
	INIT_UNIFORM,
	INIT_PROJECTION
};

struct param {
	char *name; /* as Hugging Face names it */
	size_t rank;
	size_t shape[2];
	size_t offset, count; /* in numbers, within the block */
	size_t depth; /* embeddings 0, layer i: i + 1, pooler, heads last */
	bool plain;   /* bias or norm: many optimisers do not decay it */
	bool packed;  /* elsewhere, as products take it; offset is a name */
	int head;     /* index of its head, or -1: shared */
	bool unsaved; /* of training alone: no model has it */
	enum param_init init;
};

/*
 * Where arrays begin in the block, recorded as the table is built.  What the
 * config has not stays 0, but for an uncertainty.
 */
struct linear_offsets {
	size_t weight, bias;
};

struct embedding_offsets {
	size_t word, position, type; /* [V,E], [positions,E], [types,E] */
	size_t norm, norm_bias;
	size_t project, project_bias; /* [H,E], [H], or PARAMS_NONE */
};

struct layer_offsets {
	size_t qkv, qkv_bias; /* [3H,H], [3H] */
	size_t out, out_bias; /* [H,H], [H] */
	size_t norm1, norm1_bias;
	size_t inner, inner_bias; /* [I,H], [I] */
	size_t outer, outer_bias; /* [H,I], [H] */
	size_t norm2, norm2_bias;
};

struct mlm_offsets {
	size_t dense, dense_bias; /* [E,H], [E] */
	size_t norm, norm_bias;
	size_t bias; /* [V]; the weights are the word embeddings */
};

/* A SAN head has more than its answer. */
struct san_offsets {
	size_t query, query_bias;	  /* [1,H], [1] */
	size_t attention, attention_bias; /* [H,H], [H] */
	size_t gru_input, gru_input_bias; /* [3H,H], [3H] */
	size_t gru_state, gru_state_bias; /* [3H,H], [3H] */
};

#define PARAMS_NONE ((size_t)-1)

struct head_offsets {
	struct linear_offsets answer; /* [C,H], of SAN [C,4H]; [C] */
	struct san_offsets san;
	size_t uncertainty; /* [2] log variances of its hard and soft loss, or
			       PARAMS_NONE */
};

struct params {
	struct param *item;
	size_t count;
	size_t room;
	size_t shared; /* numbers in shared parameters, which stand first */
	size_t total;  /* numbers in the block */
	size_t apart;  /* where names of packed parameters begin, or 0 */
	size_t names;
	struct embedding_offsets embeddings;
	struct layer_offsets *layer; /* [layers] */
	struct linear_offsets pooler;
	struct mlm_offsets mlm;
	struct linear_offsets next_sentence;
	struct head_offsets *head; /* [heads] */
	size_t *projection;	   /* [projections] */
};

void params_build(struct params *p, const struct config *c);

/*
 * The same of a model whose layers' weights are packed (layer/blocked.h): they
 * stand in the table, but not in the block.  Their offsets lie behind it, as
 * far from each other as if it went on there, and are not to be followed.
 */
void params_build_packed(struct params *p, const struct config *c);
void params_free(struct params *p);

/* The row of that name, or NULL. */
const struct param *params_find(const struct params *p, const char *name);

#endif
