/*
 * The scores of prediction tables of one task: one table, or one for each
 * seed of the same training.
 */
#ifndef SCORE_MEASURE_H
#define SCORE_MEASURE_H

#include <stddef.h>

#include "score/figures.h"
#include "score/gold.h"
#include "score/scores.h"

/*
 * The values of runs prediction tables: value [figures, runs] overwritten.
 * Returns the rows (ranking: questions) scored.  *split, if NULL, becomes the
 * split that gold or a table names, owned by the caller; if not, no table may
 * name another one.
 */
size_t measure_values(double *value, const struct gold *g,
    const struct figures *f, const char *const *pred, size_t runs,
    char **split);

/*
 * The rows of a score table: for one run each figure; for several each
 * figure.runN (n rows), then figure.min .median .mean .sd .max (n runs).  An
 * undefined value is warned of.
 */
void measure_scores(struct scores *out, const struct gold *g,
    const struct figures *f, const char *const *pred, size_t runs);

/*
 * The same for one run, with the ends of its interval behind each figure but
 * counts: figure.low and figure.high (n rows).  Resamples in which a figure
 * is undefined are left out and warned of.
 */
void measure_intervals(struct scores *out, const struct gold *g,
    const struct figures *f, const char *pred, const struct resampling *set);

#endif
