/*
 * The order of training: Algorithm 1 of Liu et al. 2019.
 *
 * Each pack's rows (ranking: groups of rows) are shuffled and cut into
 * batches of one size, the last may be short; an epoch is all batches of all
 * packs in one random order, each exactly once.  Everything is a function of
 * the seed and the epoch, so a run can resume anywhere.
 */
#ifndef DATA_PLAN_H
#define DATA_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/batch.h"

/* "task|mixed": false and true of plan_options.mixed. */
extern const char plan_batches[];

/* "once|epoch|none", in the order of plan_shuffle. */
extern const char plan_shuffles[];

enum plan_shuffle {
	SHUFFLE_ONCE,  /* rows once, batches each epoch */
	SHUFFLE_EPOCH, /* rows and batches each epoch */
	SHUFFLE_NONE   /* file order, one pack after the other */
};

struct plan_options {
	size_t batch_size; /* rows, or groups */
	bool mixed;	   /* batches mix packs (Clark et al. 2019) */
	enum plan_shuffle shuffle;
	double sampling;   /* packs share an epoch as size^sampling; 1: each
			      row once */
	size_t max_length; /* longer rows are left out; 0: no bound */
	uint64_t seed;
};

struct plan_source {
	size_t units;		     /* usable rows or groups */
	struct row_ref *unit;	     /* [units] the first row of each */
	size_t *width;		     /* [units] rows in each */
	size_t unlabelled, too_long; /* rows left out */
};

struct plan {
	struct plan_options options;
	size_t packs;
	struct plan_source *source; /* [packs] */
	size_t batches;		    /* of one epoch */
};

/* The batches of one epoch. */
struct plan_epoch {
	size_t batches;
	size_t *start;	      /* [batches+1] into rows */
	struct row_ref *rows; /* owned */
};

/*
 * use [packs]: per pack [rows] true where an unlabelled row is wanted all the
 * same (it has a soft target); NULL, or NULL for a pack: nowhere.
 */
struct plan *plan_new(const struct pack *const *packs, size_t count,
    const bool *const *use, const struct plan_options *options);

void plan_epoch(struct plan_epoch *e, const struct plan *p, size_t epoch);

void plan_epoch_free(struct plan_epoch *e);
void plan_free(struct plan *p);

#endif
