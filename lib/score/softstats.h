/*
 * What soft targets look like: how soft they are, how far the members agree,
 * how well they are calibrated.  Items, Q and answers are those of softitem.h.
 */
#ifndef SCORE_SOFTSTATS_H
#define SCORE_SOFTSTATS_H

#include <stddef.h>
#include <stdio.h>

#include "score/softitem.h"

#define SOFTSTATS_ONE_HOT 0.99 /* an answer's Q as good as one-hot */

/*
 * Rows of "task split metric value n", n items or labelled items.
 *
 *	entropy			mean of -sum Q ln Q, in nats
 *	relative_entropy	mean of that over ln of the numbers: 0 is
 *				one-hot, 1 says nothing
 *	max_probability		mean of the answer's Q
 *	one_hot			share of items where that is 0.99 or more
 *	agreement		share of items where all members give one
 *				answer
 *	spread			mean deviation between members, over all
 *				numbers
 *
 * Labels add for the items that have one
 *
 *	accuracy		share of right answers
 *	contradiction		share of answers that the label contradicts
 *	label_probability	mean of the label's Q
 *	brier			mean of sum (Q - one-hot label)^2
 *	ece			expected calibration error (Guo et al. 2017)
 *
 * A regression task has spread, and with labels rmse, alone.
 */
void softstats_print(FILE *out, struct softitems *t);

/*
 * Histograms of bins equal widths over [0,1]: rows of "task split of from to
 * items labelled right mean", of being
 *
 *	confidence	the answer's Q
 *	entropy		relative, as above
 *	label		the label's Q, where there are labels
 *
 * with the labelled items and right answers among the items, and the mean of
 * the values in the bin (nan: none).  The last bin holds 1.  A regression
 * task has no rows.
 */
void softstats_bins(FILE *out, struct softitems *t, size_t bins);

#endif
