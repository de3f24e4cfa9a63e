/*
 * The scores of prediction tables of one task: one table, or one for each
 * seed of the same training.
 */
#ifndef SCORE_MEASURE_H
#define SCORE_MEASURE_H

#include <stddef.h>

#include "metric/metric.h"
#include "score/gold.h"
#include "score/scores.h"

/*
 * The values of runs prediction tables: value [metrics of the task, runs]
 * overwritten.  Returns the rows (ranking: questions) scored.  *split, if NULL,
 * becomes the split that gold or a table names, owned by the caller; if not,
 * no table may name another one.
 */
size_t measure_values(double *value, const struct gold *g,
    const char *const *pred, size_t runs, char **split);

/*
 * The rows of a score table: for one run each metric; for several each
 * metric.runN (n rows), then metric.min .median .mean .sd .max (n runs).  An
 * undefined value is warned of.
 */
void measure_scores(struct scores *out, const struct gold *g,
    const char *const *pred, size_t runs);

#endif
