/*
 * How far voters agree with one another, each compared with what all others
 * say of the same row, by their weights.
 */
#ifndef SCORE_VOTERS_H
#define SCORE_VOTERS_H

#include <stdio.h>

#include "score/tallied.h"

/*
 * A row for each voter, in the order in which they first come, and '-' for all:
 *
 *	votes		how many, in multilabel of each label one
 *	compared	of which others vote, too
 *	agreement	mean over these of the others' share that says the same
 *	against		those where more of the others say something else
 *
 * Scores (regression) end the program.
 */
void voters_stats(FILE *out, const struct tallied *t);

/*
 * The votes that are against: id, voter, what the vote and most of the others
 * say, the others' share of both, and how many others say the latter.
 */
void voters_dissent(FILE *out, const struct tallied *t);

#endif
