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

struct serve_options {
	size_t head;
	size_t max_length; /* longer rows are cut, and counted */
	bool reversed;	   /* text_b first */
	bool label;	   /* the likeliest label instead of numbers */
};

/*
 * Read an examples table from path ("-": stdin) and write predictions to
 * out.  Rows that are already there are answered together; all answers
 * leave before the next row is awaited.  Ranking needs whole groups and is
 * refused.
 */
void serve_examples(FILE *out, const struct model *m, const char *path,
    const struct serve_options *options);

#endif
