/*
 * The head of a table of examples, made into that of a table of tokens: the
 * provenance line and the row of column names.
 */
#ifndef CORPUS_TOKENHEAD_H
#define CORPUS_TOKENHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/kind.h"
#include "corpus/example.h"
#include "corpus/vocab.h"

struct tokenhead {
	const char *path; /* for messages */
	const struct vocab *vocab;
	size_t line;		 /* lines read */
	struct kind_found found; /* by the first bytes of the table */
	bool complete;		 /* the row of names was read */
	struct buf given; /* keys of the provenance line, handed through */
	size_t columns;
	bool text[EXAMPLE_COLUMNS]; /* columns to cut into ids */
};

/*
 * Take a line of n bytes (without '\n'); once complete, out holds the new
 * head.  Ends the program where the table is of another kind or shape.
 */
void tokenhead_take(
    struct tokenhead *h, const char *line, size_t n, struct buf *out);

/* Ends the program if the table is known for something else. */
void tokenhead_refuse(const struct tokenhead *h);

#endif
