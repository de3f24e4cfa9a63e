/*
 * tokenizer.json, which Hugging Face's tokenizers write: since version 5
 * Transformers saves a BERT with it and without a vocab.txt.
 */
#ifndef CORPUS_VOCABJSON_H
#define CORPUS_VOCABJSON_H

#include <stddef.h>

#include "corpus/unicode.h"

/*
 * Its WordPiece vocabulary as the text of a vocab.txt, n bytes, owned by the
 * caller, and how it prepares texts.  Ends the program where it is not BERT's
 * tokenizer or its ids are not those of lines; tokens that were added to the
 * pieces are noted as left out.
 */
char *vocabjson_read(const char *path, size_t *n, struct unicode_rules *rules);

#endif
