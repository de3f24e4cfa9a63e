/*
 * Names near one that is not there, for messages: what may have been meant.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

/*
 * "; did you mean 'mnli'?" or "; did you mean 'f1' or 'ece'?", of the names
 * [n] (NULL ends them too) that are nearest to what was asked for; "" where
 * none is near.  Case and the marks between words do not count; of the others
 * one letter in three may be more, less, other, or swapped with the next; a
 * name that goes on where three letters or more of it end is near.  Owned by
 * the caller.
 */
char *near_text(const char *asked, const char *const *names, size_t n);

/* The same of words in a row, "a|b|c". */
char *near_words(const char *asked, const char *words);

#endif
