/*
 * What several say of rows, by id, until it becomes a table of soft targets.
 */
#ifndef SCORE_TALLIED_H
#define SCORE_TALLIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "corpus/labels.h"
#include "corpus/numbering.h"
#include "score/tally.h"

/* Part of what was said of a row. */
struct tallied_part {
	size_t row, class;
	double value;
};

/* Whose they are, where that is looked at. */
struct tallied_vote {
	size_t row, voter;
	double weight;
	size_t first, end; /* its parts */
};

struct tallied_row {
	double weight;	  /* of all who said something */
	size_t said;	  /* how many they were */
	size_t last_file; /* + 1, in which it came last */
	size_t files;	  /* in how many it came */
};

struct tallied {
	const struct tally_options *o;
	struct labels labels;	   /* the task's, or what is found */
	struct numbering *names;   /* of labels, where no task says */
	struct numbering *ids;	   /* of rows */
	struct tallied_row *row;   /* [ids] */
	struct tallied_part *part; /* [parts] */
	struct numbering *voters;  /* or NULL */
	struct tallied_vote *vote; /* [votes] */
	size_t parts, part_room, row_room, votes, vote_room;
	size_t abstained, scaled;
};

/* The row of an id of n bytes, perhaps a new one; valid until the next. */
struct tallied_row *tallied_row(
    struct tallied *t, const char *path, size_t line, const char *id, size_t n);

/* Something is said of it in a file. */
void tallied_in_file(struct tallied_row *row, size_t file);

/* A number of one of the classes, weighted already, added to those before. */
void tallied_add(struct tallied *t, const struct tallied_row *row, size_t class,
    double value);

/* The vote of a voter, whose parts are those from first on. */
void tallied_vote(struct tallied *t, const struct tallied_row *row,
    const char *voter, double weight, size_t first);

/* How many rows are not in each of the files; which is one of them. */
size_t tallied_missing(const struct tallied *t, size_t files, size_t *which);

/*
 * Write the means and tell what was passed over.  labels are known; members:
 * how many said something.
 */
void tallied_write(FILE *out, struct tallied *t, const char *task,
    const char *split, long long members, size_t missing);

void tallied_free(struct tallied *t);

#endif
