/*
 * tokenizer.json, which Hugging Face's tokenizers write: since version 5
 * Transformers saves a BERT with it and without a vocab.txt.
 */
#ifndef CORPUS_VOCABJSON_H
#define CORPUS_VOCABJSON_H

#include <stddef.h>

#include "corpus/unicode.h"
#include "corpus/vocabasked.h"

struct vocabjson {
	char *text; /* owned: its pieces as the text of a vocab.txt */
	size_t size;
	struct unicode_rules rules; /* how it prepares texts */
};

/*
 * Read it; the tokens that it adds to the pieces go to asked.  Ends the
 * program, naming key and value, where it is not BERT's tokenizer or its ids
 * are not those of lines.  What pads or decodes is passed over: it changes no
 * ids; what truncates must do it at the right.
 */
struct vocabjson vocabjson_read(const char *path, struct asked *asked);

#endif
