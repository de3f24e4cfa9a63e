/*
 * Answers line by line: examples in, predictions out, tokenised with the
 * model's own vocabulary.
 */
#ifndef PREDICT_SERVE_H
#define PREDICT_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/model.h"
#include "predict/input.h"
#include "predict/reply.h"
#include "predict/states.h"

/* The head of the task that the input says it is of, or the only one. */
#define SERVE_TOLD ((size_t)-1)

struct serve_options {
	size_t head;		  /* or SERVE_TOLD */
	enum states_kind vectors; /* of this kind instead of a head's
				     answers, or STATES_NONE */
	bool normalize;
	bool any_task;	   /* it was asked for, whatever task the rows are of */
	size_t max_length; /* longer rows are cut, and counted */
	bool reversed;	   /* text_b first */
	const char *output; /* the name of out, for messages */
	bool strict;	    /* the first bad row ends the program */
	struct input_options input;
	struct reply_form form;
};

/*
 * Read examples or plain lines from path ("-": stdin) and write answers to
 * out, one row for each and in their order; returns how many could not be
 * answered.  Of such a row the id is kept, or it is "line:N" where the row
 * has no id that can stand in a table or one that was there; the reason goes
 * to stderr.  Rows that are already there are answered together; all answers
 * leave before the next row is awaited.  Ends the program where a table says
 * that it is of a task that another head answers, unless any_task is set.
 * Ranking needs whole groups and is refused.
 */
size_t serve_examples(FILE *out, const struct model *m, const char *path,
    const struct serve_options *options);

#endif
