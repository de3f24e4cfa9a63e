/*
 * How often each word stands in a text; words as corpus/basic.h gives them.
 */
#ifndef CORPUS_WORDCOUNT_H
#define CORPUS_WORDCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "corpus/unicode.h"

struct wordcount_word {
	size_t at;   /* in the text of all words */
	size_t size; /* bytes */
	unsigned long long count;
};

struct wordcount;

struct wordcount *wordcount_new(struct unicode_rules rules);
void wordcount_free(struct wordcount *w);

/* Count the words of a text of n bytes of valid UTF-8. */
void wordcount_add(struct wordcount *w, const char *text, size_t n);

/* Every word once, in the order of their bytes; kept by w. */
const struct wordcount_word *wordcount_sort(struct wordcount *w, size_t *count);

/* Where words stand. */
const char *wordcount_text(const struct wordcount *w);

/* Words over the longest that WordPiece takes: left out. */
unsigned long long wordcount_too_long(const struct wordcount *w);

#endif
