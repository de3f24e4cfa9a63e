/*
 * Averaging predictions into soft targets: Q = 1/K sum_k P_k (Liu et al.
 * 2019, Equation 3), or with weights that are scaled to sum to 1.
 *
 * Joined by id and strict: another task, split, type, label or order of
 * labels, a missing, extra or doubled id, another ranking group end the
 * program, naming file, line and id.
 */
#ifndef SCORE_AVERAGE_H
#define SCORE_AVERAGE_H

#include <stddef.h>
#include <stdio.h>

#include "data/pred.h"

/*
 * "W1,W2,...", count numbers from 0, not all 0, as -w names them; owned by the
 * caller.  NULL for NULL.
 */
double *average_weights(const char *text, size_t count);

/* End the program unless p has the head of the first table. */
void average_match(const struct pred *p, const struct pred *first);

/*
 * Write to out the mean of the tables path [count]; weight [count], or NULL
 * for equal ones.  Rows come in the order of the first table; "members" is
 * the sum of theirs.  Tables in one order are streamed at 16 bytes a slot for
 * ids; one whose order departs from the first's is read whole from there on.
 */
void average_tables(
    FILE *out, const char *const *path, size_t count, const double *weight);

#endif
