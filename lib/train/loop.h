/*
 * The one training loop: epochs and updates, the gradients of an update over
 * its batches and the processes of the run (base/process.h), the log,
 * evaluation, progress, saving and going on, numbers that are not finite.
 * What a batch is and what is learnt from it, each trainer tells by functions.
 */
#ifndef TRAIN_LOOP_H
#define TRAIN_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "data/batch.h"
#include "model/model.h"
#include "net/encoder.h"
#include "net/loss.h"
#include "train/job.h"
#include "train/optimizer.h"
#include "train/run.h"

/* The update at hand. */
struct loop_update {
	size_t step, total; /* its number, from 0, and how many there are */
	double share;	    /* of the update that each of its batches is */
};

struct loop;

/* What a trainer is to the loop, which is the first argument of each. */
struct trainer {
	/* Lay out the batches of an epoch. */
	void (*epoch)(struct loop *l, size_t epoch);

	/* An update begins: of its batches none is known yet. */
	void (*begin)(struct loop *l, const struct loop_update *u);

	/* Fill batch k of the epoch and take note of what it has. */
	struct batch *(*fill)(struct loop *l, size_t k);

	/*
	 * Of the batch that was filled, go on with rows [first, first + count)
	 * (maybe none) alone: others do the rest.  What sums are divided by
	 * stays that of all rows.
	 */
	void (*take)(struct loop *l, size_t first, size_t count);

	/*
	 * Forward and backward: l->grad accumulated, sum added to.  Does
	 * nothing if there are no rows.
	 */
	void (*pass)(struct loop *l, struct loss_sum *sum);

	/* Append the tasks of the update, as log.tsv has them. */
	void (*put_tasks)(const struct loop *l, struct buf *b);

	/* Append "; ..." about the batch that gave no finite number; or NULL */
	void (*put_batch)(const struct loop *l, struct buf *b);

	/*
	 * Write what the model is worth into l->run.dev (NULL but on rank 0);
	 * higher is better.  NULL: there is no evaluation.
	 */
	double (*evaluate)(struct loop *l);
};

struct loop {
	/* by loop_begin */
	const struct trainer *trainer;
	void *self; /* the trainer's own */
	const struct job *job;
	const struct recipe *recipe;

	/* by loop_count */
	size_t batches; /* of an epoch */
	size_t per_epoch, total;

	/* by the trainer, before loop_start */
	struct model *m;		 /* that is trained */
	const struct pack *const *packs; /* what the rows of batches are of, or
					    NULL: of none */
	bool soft;    /* there are soft targets: log.tsv has their loss */
	bool feature; /* there are feature losses: likewise */
	bool *active; /* [heads] set by fill: takes part in the update; NULL:
			 there are no heads */

	/* by loop_start */
	struct encoder *encoder, *judge; /* for training, for evaluation */
	struct optimizer *optimizer;
	real *grad;	     /* [params.total] */
	struct shard *shard; /* NULL: this process is alone */

	struct run run; /* identity: by the trainer */

	/* by loop_run, for messages */
	double loss; /* a running mean; NaN: none yet */
	double dev;  /* the last evaluation; NaN: none yet */
};

/*
 * First of all: what folders there must be, threads.  dev_header is what
 * dev.tsv begins with.
 */
void loop_begin(struct loop *l, const struct job *job,
    const struct trainer *trainer, void *self, const char *dev_header);

/* How many updates there will be, with so many batches in an epoch. */
void loop_count(struct loop *l, size_t batches);

/* What training needs of memory, once. */
void loop_start(struct loop *l);

/* Train, or go on with it, and close the run.  evaluate_every: updates. */
void loop_run(struct loop *l, size_t evaluate_every);

#endif
