/*
 * What is to be answered, row by row: a table of examples, or plain text, a
 * line for a row with one text or two with a tab between; and what of it is
 * carried along to the answers.
 */
#ifndef PREDICT_INPUT_H
#define PREDICT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/example.h"

struct input_options {
	bool lines;	  /* plain text */
	bool with_text;	  /* carry text_a, text_b along */
	const char *keep; /* "COLUMN,COLUMN": these too; NULL: none */
	bool replace;	  /* U+FFFD for bytes that are not UTF-8 */
};

struct input;

/*
 * Open path ("-": stdin).  Of a table the header is read: a column to keep
 * that is not there ends the program, as one does that is no column of
 * examples where none is kept.  Of plain lines nothing is awaited; nothing
 * can be kept of them.
 */
struct input *input_open(const char *path, const struct input_options *o);

/*
 * The next row, valid until the one after; false at the end.  A line's id is
 * its number.  What is wrong with a row is its fault.
 */
bool input_next(struct input *in, struct example *e);

/* True if input_next would not wait. */
bool input_ready(struct input *in);

/* False if no row can have a second text. */
bool input_has_text_b(const struct input *in);

/* Names of the columns that are carried along; *n of them. */
const char *const *input_carried(const struct input *in, size_t *n);

/* The field of the present row in one of them; of a faulty row none. */
struct example_text input_field(const struct input *in, size_t i);

const char *input_path(const struct input *in); /* for messages */
/* What a table says of itself; NULL: it does not. */
const char *input_split(const struct input *in);
const char *input_task(const struct input *in);
size_t input_line(const struct input *in);     /* the last one read */
size_t input_replaced(const struct input *in); /* times U+FFFD was put */

void input_close(struct input *in);

#endif
