/*
 * What the files of pre-training (train/pretrain.h) share.
 */
#ifndef TRAIN_PRETRAINER_H
#define TRAIN_PRETRAINER_H

#include "corpus/document.h"
#include "data/masked.h"
#include "net/mlm.h"
#include "train/loop.h"
#include "train/pretrain.h"
#include "train/teach.h"

/* A model's encoder and masked-LM head. */
struct masked_lm {
	struct model *m;
	struct encoder *encoder;
	struct mlm *head; /* NULL: nothing is masked */
};

struct pretrainer {
	const struct pretrain_job *job;
	const struct recipe *recipe;
	struct vocab *vocab;
	struct documents text, dev_text;
	struct masked *masked, *dev;
	struct masked_lm student, teacher; /* teacher.m NULL: none */
	struct teach *teach;		   /* that teacher, or NULL */
	bool inside;			   /* it is looked into */
	bool answers;			   /* pieces are asked for */
	size_t *order;			   /* [sequences] of the epoch */
	size_t epoch;
	struct loop_update now;
	double hard, soft; /* weights of the update */
	struct masked_batch whole, part;
	const struct masked_batch *batch; /* one of them: what passes */
	double asked, rows, tokens;	  /* of whole, which sums are over */
	real *dhidden, *dpooled;
	size_t read_room, row_room;
	real *mine, *its, *dall; /* of the pieces asked for, where all are
				    read, and the gradient of all [T,H] */
	size_t mine_room, its_room, all_room;
	struct loop loop;
};

/*
 * The states [Q,H] of the batch at hand that a masked-LM head reads, of an
 * encoder that read them, or all where the teacher is looked into; *room may
 * hold them.
 */
const real *pretrainer_states(const struct pretrainer *t,
    const struct encoder *e, const struct model *m, real **room, size_t *size);

/* The tokens that are asked for, as the encoder reads them alone. */
struct encoder_reads pretrainer_reads(const struct masked_batch *b);

/* What the held-out text comes to, for the loop. */
double pretrainer_evaluate(struct loop *l);

/* For --dry-run. */
void pretrainer_cost(const struct pretrainer *t);

#endif
