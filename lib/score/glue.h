/*
 * The GLUE score: the unweighted mean over nine tasks, where a task with two
 * metrics counts with their mean, MNLI's matched and mismatched rows are one
 * task, WNLI counts and AX does not (Wang et al. 2019, section 3.4).
 *
 * The mean of a task's figures is its GLUE value, metric "glue".
 */
#ifndef SCORE_GLUE_H
#define SCORE_GLUE_H

#include <stdbool.h>

#include "score/scores.h"

/*
 * Append to out each task's GLUE value and the GLUE score, task "glue", from
 * the rows of in.  Rows of other tasks and metrics, and those over seeds, are
 * not looked at.
 *
 * With runs (metric.run1 ...) every value gets a row for each run and the
 * summary over them; that of "glue" is over the runs' scores (so that
 * glue.median is the median of macros), and glue.macro_of_medians is the mean
 * of the tasks' medians, the only one if tasks differ in their runs.
 *
 * split, or NULL, is the split wanted ("dev" stands for "dev_matched", too);
 * without it all rows must be of one.  A missing task ends the program, but
 * for partial: then the mean of the others is a task "glue-partial", with a
 * warning.  Returns the missing, comma-joined and owned by the caller, or
 * NULL.
 */
char *glue_score(struct scores *out, const struct scores *in, const char *split,
    bool partial);

#endif
