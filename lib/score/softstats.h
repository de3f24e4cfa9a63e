/*
 * What soft targets look like: how soft they are, how far the members agree,
 * how well they are calibrated.
 *
 * An item is a row, or the candidates of one question in a ranking task.  Q
 * is the mean of the members' probabilities over it, the answer its highest,
 * of equal ones the first.
 */
#ifndef SCORE_SOFTSTATS_H
#define SCORE_SOFTSTATS_H

#include <stddef.h>
#include <stdio.h>

enum { SOFTSTATS_BINS = 15 }; /* of equal width over [0,1], for ece */

/*
 * Print statistics of the tables path [count], which are joined as
 * average_tables does, with their weights or NULL: rows of
 * "task split metric value n", n items or labelled items.
 *
 *	entropy		mean of -sum Q ln Q, in nats
 *	max_probability	mean of the answer's Q
 *	agreement	share of items where all members give one answer
 *	spread		mean deviation between members, over all numbers
 *
 * gold, a pack or NULL, adds for the items that are labelled
 *
 *	accuracy	share of right answers
 *	contradiction	share of answers that the label contradicts
 *	ece		expected calibration error (Guo et al. 2017)
 *
 * A regression task has spread, and with gold rmse, alone.
 */
void softstats_print(FILE *out, const char *const *path, size_t count,
    const double *weight, const char *gold);

#endif
