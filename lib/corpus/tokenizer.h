/*
 * Text to ids of word pieces, exactly as Hugging Face's tokenizer (npm
 * package tokenizers 0.23.2: BertNormalizer, BertPreTokenizer, WordPiece)
 * gives them, without [CLS] and [SEP] around them.  Added tokens
 * (corpus/added.h) are cut out of the text first.
 *
 * A vocabulary is shared by any number of tokenizers; a tokenizer belongs to
 * one thread at a time, since it remembers frequent words.
 */
#ifndef CORPUS_TOKENIZER_H
#define CORPUS_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

#include "corpus/vocab.h"

struct wordpiece;
struct tokenizer;

/* Growing ids; start with { 0 }, empty with count = 0, free id with free. */
struct tokenizer_ids {
	int32_t *id;
	size_t count;
	size_t room;
};

struct tokenizer_count {
	/* special pieces and added tokens not among them */
	unsigned long long words;
	unsigned long long unknown; /* of them, those that are [UNK] */
};

/* Keeps v, which must live on. */
struct tokenizer *tokenizer_new(const struct vocab *v);

/* Another one for another thread: the trie is shared, so t must live on. */
struct tokenizer *tokenizer_twin(const struct tokenizer *t);

void tokenizer_free(struct tokenizer *t);

/* Append the ids of a text of n bytes, which must be valid UTF-8. */
void tokenizer_encode(
    struct tokenizer *t, const char *text, size_t n, struct tokenizer_ids *ids);

/* Words seen so far. */
struct tokenizer_count tokenizer_counted(const struct tokenizer *t);

#endif
