/*
 * The words of a text as BERT's normaliser and word splitter give them
 * (corpus/unicode.h says how a character fares), one at a time.
 *
 * Special pieces written in the text ("[SEP]", exactly so) are words of their
 * own, found before anything is normalised, as Hugging Face's tokenizer does.
 */
#ifndef CORPUS_BASIC_H
#define CORPUS_BASIC_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/unicode.h"
#include "corpus/wordpiece.h"

struct basic_word {
	const char *text; /* normalised UTF-8, until the next word */
	size_t size;	  /* bytes, at least 1 */
	size_t points;	  /* code points */
	int special;	  /* enum vocab_special, or -1 */
	bool too_long;	  /* over WORDPIECE_POINTS; text holds its start */
};

struct basic;

struct basic *basic_new(struct unicode_rules rules);

/* From now on special pieces in a text are text like any other. */
void basic_ignore_special(struct basic *b);

void basic_free(struct basic *b);

/*
 * The next word of the valid UTF-8 from *at to end; moves *at past it.  False
 * at the end of the text.
 */
bool basic_next(
    struct basic *b, const char **at, const char *end, struct basic_word *word);

/* The special piece that starts here, or -1; *size is its length. */
int basic_special(const char *at, const char *end, size_t *size);

#endif
