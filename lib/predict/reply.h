/*
 * What a head's answers look like as text: a prediction table (mtkd-pred(5)),
 * the likeliest labels of each id, in multilabel those that apply, or a JSON
 * object a row; with columns of the input carried along (mt-predict(1)).
 */
#ifndef PREDICT_REPLY_H
#define PREDICT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/config.h"

struct buf;

struct reply_form {
	bool label;	  /* the likeliest labels instead of numbers */
	bool probability; /* and how likely they are */
	long long top;	  /* so many, each with its probability; 0: one */
	double threshold; /* no label below it; negative: not said, which is
			     0.5 for the labels that apply, else 0 */
	bool json;
};

struct reply;

/*
 * Answers of a head in a form; column [carried] names what is carried
 * along.  Ends the program where labels are asked of a head that has none, or
 * more than it has, or a column would stand twice.  head must outlive it.
 */
struct reply *reply_new(const struct head *head, const struct reply_form *form,
    const char *const *column, size_t carried);
void reply_free(struct reply *r);

/*
 * Vectors of so many numbers instead of a head's answers: columns v1, v2, ...;
 * kind, as the provenance line has it, must outlive it.  Of the form, json
 * alone.
 */
struct reply *reply_vectors(size_t width, const char *kind, bool json,
    const char *const *column, size_t carried);

/*
 * Write what stands before the rows to out, where they then go.  task may be
 * NULL for vectors, which are of none.
 */
void reply_head(
    struct reply *r, FILE *out, const char *task, const char *split);

/*
 * Append column i of a row, n bytes, or at NULL where the row has none, to
 * what reply_row then gets: all columns, in their order.
 */
void reply_carry(
    const struct reply *r, struct buf *to, size_t i, const char *at, size_t n);

/* A row: its id, and what is carried along (size 0: nothing). */
struct reply_key {
	const char *id;
	size_t id_size;
	const char *carried;
	size_t carried_size;
};

/* value [outputs], or a vector, of one row; group NULL unless the head ranks.
 */
void reply_row(struct reply *r, const struct reply_key *key, const float *value,
    const int32_t *group);

/* A row without an answer, and why: nan in every column, "-", or null. */
void reply_none(struct reply *r, const struct reply_key *key, const char *why);

#endif
