/*
 * Subsets by seed: folds and samples of numbered units (rows, or the groups
 * of a ranking task), the same on every machine.
 *
 * Folds: of every K units in a row, in random order, one goes to each of the
 * K folds; so the folds are disjoint, cover everything, and differ in size by
 * one at most.  Samples: the first units of a random order; so a smaller
 * sample is part of a larger one of the same seed.
 */
#ifndef CURATE_SUBSET_H
#define CURATE_SUBSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct subset_sample {
	size_t count;	/* units, where percent is 0 */
	double percent; /* of all units, rounded down; at least one unit */
};

struct subset_fold {
	size_t part, parts; /* part of 1..parts; parts 0: no folds */
	bool outside;	    /* everything but that part */
};

/* "100" or "10%"; "2/5".  False if the text is malformed. */
bool subset_parse_sample(struct subset_sample *s, const char *text);
bool subset_parse_fold(struct subset_fold *f, const char *text);

/* Clear keep [units] outside the fold. */
void subset_cut_fold(
    bool *keep, size_t units, const struct subset_fold *f, uint64_t seed);

/*
 * Clear keep [units] outside a sample of those that are set; false, and
 * nothing cleared, if there are too few.
 */
bool subset_cut_sample(
    bool *keep, size_t units, const struct subset_sample *s, uint64_t seed);

#endif
