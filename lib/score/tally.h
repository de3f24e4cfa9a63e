/*
 * Soft targets of what others say of rows, by id: votes of annotators, or
 * numbers of another program's, a label each; and of tables of ours that do
 * not have all the same rows.
 *
 *	id,label[,weight][,voter]	one vote a row
 *	id,billing,login,other		a number a label
 *
 * Files are tables of tabs, CSV or JSON lines.  Rows come out in the order in
 * which their ids first come.
 */
#ifndef SCORE_TALLY_H
#define SCORE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "curate/rawfile.h"
#include "corpus/task.h"

enum tally_form {
	TALLY_NONE,
	TALLY_VOTES,
	TALLY_PROBABILITIES, /* scaled to sum to 1; in multilabel from 0 to 1 */
	TALLY_LOGS	     /* their natural logarithms */
};

/* What is written of votes. */
enum tally_look { TALLY_MEAN, TALLY_VOTERS, TALLY_DISSENT }; /* voters.h */

/* Names of columns; NULL: "id", "label", "weight", "voter". */
struct tally_columns {
	const char *id, *label, *weight, *voter;
};

struct tally_options {
	enum tally_form form;
	int file; /* a raw_form + 1, or 0: by its first bytes */
	enum tally_look look;
	struct tally_columns column;
	const struct task *task; /* NULL: labels are those that are there */
	const char *split;	 /* of the first line; NULL: not said */
	bool missing; /* of several files, some may lack an id of others' */
};

/*
 * Write to out the soft targets of files path [count], the nth of which has
 * weight[n], or each the same where that is NULL.  A vote counts as its weight
 * says; in a regression task the label is a score, and the mean comes out.
 * Empty labels and '-' are no vote, empty numbers no opinion: such rows are
 * counted.  A column of numbers has the name of its label, perhaps with the
 * same before or behind it as all of them.  Columns of no label are passed over
 * and told; without a task all
 * columns beside the id are labels, and the labels of votes are sorted.  A
 * doubled id in a table of numbers, a label that the task has not, a row whose
 * numbers sum to 0, and without missing an id that is not in every table end
 * the program.
 */
void tally_write(FILE *out, const char *const *path, size_t count,
    const double *weight, const struct tally_options *o);

/*
 * The mean of tables of ours where some have no row for an id, over those that
 * have one; rows that not all have are counted in a message.  Ranking tables,
 * whose groups would no longer sum to 1, end the program.
 */
void tally_tables(
    FILE *out, const char *const *path, size_t count, const double *weight);

#endif
