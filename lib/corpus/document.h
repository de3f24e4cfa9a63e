/*
 * Plain text as ids of word pieces, for pre-training: one paragraph a line,
 * a blank line between documents.
 */
#ifndef CORPUS_DOCUMENT_H
#define CORPUS_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "corpus/tokenizer.h"

/* Start with { 0 }. */
struct documents {
	struct tokenizer_ids text; /* all documents, one after the other */
	size_t *start; /* [count+1] first id of each, and the end of the last */
	size_t count, room;
};

/*
 * Append the documents of a file ("-": stdin); its end also ends a document.
 * Bytes that are not UTF-8 end the program, with the line, as does a file
 * without a word.
 */
void documents_read(struct documents *d, struct tokenizer *t, const char *path);

void documents_free(struct documents *d);

#endif
