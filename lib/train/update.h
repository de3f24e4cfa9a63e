/*
 * One batch through the network and back: the gradients and losses that an
 * update is made of.
 */
#ifndef TRAIN_UPDATE_H
#define TRAIN_UPDATE_H

#include <stdbool.h>

#include "net/answer.h"
#include "net/encoder.h"
#include "net/loss.h"
#include "train/recipe.h"
#include "train/soft.h"

/* What all updates of a run share. */
struct update_setting {
	const struct recipe *recipe;
	const struct model *m;
	const struct pack *const *packs;
	size_t pack_count;
	const size_t *head;	 /* [pack_count] the head of each pack */
	const double *weight;	 /* [pack_count] of each pack's task */
	const struct soft *soft; /* [pack_count], or NULL */
	struct encoder *encoder;
	struct answer *answer;
	real *grad; /* [params.total] */
	/* scratch that grows with the batches */
	real *logits, *dlogits, *dpooled, *dhidden;
	float *targets, *labels;
	int32_t *groups;
	bool *has_soft;
	size_t *rows;
	size_t room, token_room;
};

/*
 * Forward and backward of one filled batch, or of that part of the batch whole
 * which is this process's (maybe no rows); gradients are added to grad.
 * step	the update's number, total how many there are
 * share	of the update that this batch is: 1, or 1 over the batches that
 *		are accumulated
 * sum	added to: the loss of these rows, as a share of the whole batch's
 * active [heads]	set for the heads that took part in whole
 * in [pack_count]	set for the packs that took part in whole
 */
void update_batch(struct update_setting *u, const struct batch *b,
    const struct batch *whole, size_t step, size_t total, double share,
    struct loss_sum *sum, bool *active, bool *in);

void update_free(struct update_setting *u);

#endif
