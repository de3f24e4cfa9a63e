/*
 * wp-tokenize's work: a stream of text becomes a stream of ids, block by
 * block.  What has arrived in whole lines is written before more is awaited;
 * memory holds a block of them, or the longest line.
 */
#ifndef CORPUS_TOKENSTREAM_H
#define CORPUS_TOKENSTREAM_H

#include <stdbool.h>
#include <stdio.h>

#include "corpus/tokenizer.h"

struct tokenstream_settings {
	const struct vocab *vocab;
	int threads;	    /* the output does not depend on it */
	const char *output; /* the name of out, for messages */
	bool lines;	    /* one text a line, no table */
	bool pieces;	    /* pieces instead of ids */
	bool replace; /* U+FFFD for bytes that are no UTF-8: else an error */
};

struct tokenstream_count {
	struct tokenizer_count words;
	unsigned long long replaced; /* runs of invalid bytes */
};

/*
 * path to out: a table of examples to one of tokens (mtkd-tokens(5)), or
 * plain lines.  Ends the program on bad input, with file and line.
 */
struct tokenstream_count tokenstream_run(
    const struct tokenstream_settings *settings, const char *path, FILE *out);

#endif
