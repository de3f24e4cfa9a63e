/*
 * What a run will cost, for --dry-run: updates, tokens, operations, memory.
 */
#ifndef TRAIN_COST_H
#define TRAIN_COST_H

#include "data/plan.h"
#include "model/model.h"
#include "train/recipe.h"

struct teach;

/*
 * Operations per token of the encoder's matrix products: 2 forward and 4
 * backward for each weight, and attention's at the mean length.
 */
double cost_token_flops(const struct config *c, double mean_length);

/*
 * Of parameters, gradients and the optimiser's two moments, and of the copy
 * of the gradients that one of several processes sends.
 */
size_t cost_parameter_bytes(const struct model *m);

struct cost {
	size_t updates, per_epoch;
	double rows;	      /* of an epoch */
	double tokens;	      /* of the run */
	double flops;	      /* of the run, in matrix products */
	size_t bytes;	      /* of parameters, optimiser and activations */
	double teacher_flops; /* of those, what teachers cost; 0: none */
	size_t teacher_bytes;
};

/* Print to stdout, as lines "# key value". */
void cost_report(const struct model *m, const struct cost *cost);

/* The same of training on packs; teach: teachers beside, or NULL. */
void cost_print(const struct model *m, const struct plan *plan,
    const struct pack *const *packs, size_t updates, size_t per_epoch,
    const struct recipe *recipe, const struct teach *teach);

#endif
