/*
 * The part of a task's rows that is asked for: folds, samples, and what a
 * table says of them.
 */
#ifndef CURATE_SELECTION_H
#define CURATE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "curate/gather.h"
#include "curate/subset.h"

struct selection {
	const char *sample, *fold, *not_fold; /* as given, or NULL */
	long long seed;
	bool stratify;
	/* Filled in by selection_check. */
	struct subset_sample cut;
	struct subset_fold part;
};

/* Ends the program, exit 2, where options are malformed or exclude others. */
void selection_check(struct selection *s);

/* keep [gather_units], owned by the caller; path is for messages. */
bool *selection_make(
    const struct selection *s, const struct gather *rows, const char *path);

/* " fold=1/5 seed=1" and so on, for a line of provenance. */
void selection_put(FILE *out, const struct selection *s);

#endif
