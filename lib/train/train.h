/*
 * Training: Algorithm 1 of Liu et al. 2019 over packs, with hard targets or
 * with hard and soft ones, and from inside teachers, into a model directory
 * (mtkd-model(5)).
 */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "train/job.h"

struct train_job {
	const struct job *common; /* with all trainers */
	const char *const *packs;
	size_t pack_count;
	const char *const *dev; /* packs to evaluate after each epoch */
	size_t dev_count;
	const char *const *train_on; /* splits allowed, as in roles_check */
	size_t train_on_count;
	const char *const *soft; /* soft-target files */
	size_t soft_count;
	bool missing_ids;	    /* rows of their packs may have none */
	const char *const *teacher; /* [TASK=]MODEL, that run beside */
	size_t teacher_count;
};

/*
 * Run a job, or go on with it where DIR/resume.safetensors stands.  A loss or
 * gradient norm that is not finite ends the program with step, task and ids.
 */
void train_run(const struct train_job *job);

#endif
