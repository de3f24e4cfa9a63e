/*
 * What one update learns from batches of packs: forward, losses, backward.
 */
#ifndef TRAIN_UPDATE_H
#define TRAIN_UPDATE_H

#include <stdbool.h>

#include "net/answer.h"
#include "net/encoder.h"
#include "net/loss.h"
#include "train/recipe.h"
#include "train/soft.h"
#include "train/teach.h"

struct update {
	/* What all updates of a run share. */
	const struct recipe *recipe;
	const struct model *m;
	const struct pack *const *packs;
	size_t pack_count;
	const size_t *head;   /* [pack_count] the head of each pack */
	const double *weight; /* [pack_count] of each pack's task */
	/* [heads] as in struct loss_rule; NULL: none has any */
	const double *const *class_weight;
	const struct soft *soft; /* [pack_count], or NULL */
	struct teach *teach;	 /* teachers that run beside, or NULL */
	struct encoder *encoder;
	struct answer *answer;
	real *grad; /* [params.total] */

	/* The update at hand. */
	size_t step;		  /* its number, from 0 */
	double share;		  /* of it that each of its batches is */
	double hard, soft_weight; /* of a row with both targets */
	bool *active;		  /* [heads] take part in it */
	bool *in;		  /* [pack_count] likewise */

	/* The batch at hand. */
	double units;  /* rows, or questions: its loss is the mean over them */
	size_t *count; /* [pack_count] rows of each pack */
	double tokens; /* what feature losses are the mean over */

	/* Scratch that grows with the batches. */
	real *logits, *dlogits, *dpooled, *dhidden;
	float *targets, *labels;
	uint8_t *applies;
	int32_t *groups;
	bool *has_soft;
	size_t *rows;
	size_t room, token_room;
};

/* Make what the fields that all updates share need besides. */
void update_start(struct update *u);

/*
 * An update begins: number step of total, from 0; share, of it, that each of
 * its batches is.
 */
void update_begin(struct update *u, size_t step, size_t total, double share);

/* Take note of what a batch of it has, before the batch or its parts pass. */
void update_meet(struct update *u, const struct batch *b);

/*
 * Forward and backward of the batch, or of some of its rows (maybe none).
 * grad is accumulated, and the loss of these rows added to sum, as their
 * share of the batch's.
 */
void update_pass(struct update *u, const struct batch *b, struct loss_sum *sum);

void update_free(struct update *u);

#endif
