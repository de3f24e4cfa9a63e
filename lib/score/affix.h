/*
 * Columns that are named after labels: with the same before or behind each,
 * as in "logprob_yes" and "logprob_no".
 */
#ifndef SCORE_AFFIX_H
#define SCORE_AFFIX_H

#include <stddef.h>

#include "corpus/labels.h"

struct affix {
	char *before, *behind; /* owned; NULL: none was looked for */
};

/*
 * What stands before and behind all labels among the names [count] of columns:
 * nothing where one of them bears a label's own name, or no other names fit.
 * True if names fit that are not the labels' own.  Where names fit in two
 * ways the program ends with a message of line 1 of path.
 */
bool affix_find(struct affix *a, const struct labels *l, char *const *name,
    size_t count, const char *path);

/* The name of the column of answer c; owned by the caller. */
char *affix_name(const struct affix *a, const struct labels *l, size_t c);

void affix_free(struct affix *a);

#endif
