/*
 * A text as BERT's normalizer gives it, still one text: what the words of
 * basic.h are made of, for those who look for something in it first.
 */
#ifndef CORPUS_NORMAL_H
#define CORPUS_NORMAL_H

#include <stddef.h>

#include "base/buf.h"
#include "corpus/unicode.h"

/* Append n bytes of valid UTF-8, normalized; '\0' stands after them. */
void normal_text(
    struct buf *out, const char *text, size_t n, struct unicode_rules rules);

#endif
