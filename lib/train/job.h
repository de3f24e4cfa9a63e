/*
 * What the command lines of all trainers have: a model to start from, one to
 * make, settings.
 */
#ifndef TRAIN_JOB_H
#define TRAIN_JOB_H

#include <stdbool.h>

#include "train/recipe.h"

struct job {
	struct recipe recipe;
	const char *init, *out;	 /* model directories */
	const char *recipe_path; /* NULL: none */
	bool force;		 /* -o may hold what is not mtkd's */
	bool dry_run, quiet, progress;
};

enum { JOB_ROWS = RECIPE_ROWS + 16 };

/*
 * The rows of a command line into table [JOB_ROWS], own [count] being those
 * that only this trainer has; use: whose settings (recipe_use).  Returns how
 * many.
 */
size_t job_options(struct job *j, struct opt *table, const struct opt *own,
    size_t count, unsigned use);

/* Once the command line has been parsed: what must be there, settings, -o. */
void job_resolve(struct job *j, const struct opt_program *program);

#endif
