/*
 * What a head's answers look like as text: a prediction table (mtkd-pred(5)),
 * or just the likeliest label of each id.
 */
#ifndef PREDICT_REPLY_H
#define PREDICT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/config.h"

struct reply {
	FILE *out;
	const struct head *head;
	bool label; /* the label alone: "id label" */
};

/* Ends the program where labels are asked of a head that has none. */
void reply_check(const struct reply *r);

/* Write what stands before the rows. */
void reply_head(const struct reply *r, const char *task, const char *split);

/* The row of an input that has no answer: nan in every column, or "-". */
void reply_none(const struct reply *r, const char *id, size_t id_length);

/* value [outputs] of one row; group NULL unless the head ranks. */
void reply_row(const struct reply *r, const char *id, size_t id_length,
    const float *value, const char *group);

#endif
