/*
 * Facts of a task's tables of examples, split by split: labels, lengths, and
 * how many rows are empty, stand twice, contradict each other or stand in an
 * earlier split, with the first of each.
 *
 * Time and memory grow with the bytes of the tables.
 */
#ifndef CURATE_DATAFACTS_H
#define CURATE_DATAFACTS_H

#include <stddef.h>
#include <stdint.h>

#include "corpus/numbering.h"
#include "corpus/task.h"
#include "corpus/vocab.h"

enum { DATAFACTS_SPLITS = 3 }; /* train, dev, test */
extern const char *const datafacts_split[DATAFACTS_SPLITS];

enum datafact {
	DATAFACT_SAME_ID,     /* an earlier row has the id */
	DATAFACT_NO_SCORE,    /* regression: no number in the range */
	DATAFACT_EMPTY,	      /* a text of white space alone */
	DATAFACT_TWICE,	      /* an earlier row has the texts and the label */
	DATAFACT_CONTRADICTS, /* the texts, and another label */
	DATAFACT_LONG,	      /* more tokens than the model has positions */
	/* Rows whose texts stand in train, in dev. */
	DATAFACT_IN_TRAIN,
	DATAFACT_IN_DEV,
	/* Other rows of pairs, one of whose texts stands there. */
	DATAFACT_HALF_IN_TRAIN,
	DATAFACT_HALF_IN_DEV,
	DATAFACTS
};

struct datafacts_count {
	size_t count;
	char *id;    /* of the first */
	char *other; /* the id of the row that it clashes with, or NULL */
};

struct datafacts_rows {
	size_t rows, unlabelled;
	size_t *of_label; /* [labels known when it was read] rows of each */
	size_t labels;
	size_t none; /* multilabel: rows to which no label applies */
	size_t scores;
	double low, high, sum; /* of scores */
	uint32_t *length;      /* [rows] ascending after datafacts_read */
	char *longest;	       /* the id of the longest row */
	struct datafacts_count fact[DATAFACTS];
};

struct datafacts {
	const struct task *task;
	size_t positions;	  /* 0: not known */
	bool words;		  /* lengths are in words, not tokens */
	struct numbering *labels; /* the task's, then others that rows have */
	size_t splits;
	struct datafacts_rows split[DATAFACTS_SPLITS];
	struct datafacts_search *search; /* private */
};

/*
 * task and vocab must live on; vocab NULL: lengths are in words.  Rows that
 * differ in score by a quarter of the range contradict each other.
 */
struct datafacts *datafacts_new(
    const struct task *task, const struct vocab *vocab, size_t positions);
void datafacts_free(struct datafacts *d);

/* Read the table of the next split. */
void datafacts_read(struct datafacts *d, const char *path);

#endif
