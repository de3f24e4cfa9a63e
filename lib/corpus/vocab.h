/*
 * A vocabulary of word pieces: vocab.txt, one piece a line, whose number from
 * 0 is its id; "##" starts a piece that continues a word.  Case belongs to
 * the vocabulary, so it is kept here, and so do the tokens that were added to
 * the pieces (corpus/added.h).
 */
#ifndef CORPUS_VOCAB_H
#define CORPUS_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "corpus/added.h"
#include "corpus/special.h"
#include "corpus/unicode.h"

struct vocab {
	/* SHA-256 of vocab.txt's bytes, and of the added tokens if any. */
	char digest[DIGEST_HEX];
	size_t lines; /* pieces that words are made of: ids below it */
	size_t size;  /* all ids are below it */
	/*
	 * Ids of what texts become are below it, so a model needs as many
	 * rows: blank lines at the end of vocab.txt are not counted.
	 */
	size_t rows;
	const char **piece; /* [size], each ended by '\0' */
	int32_t special[VOCAB_SPECIALS];
	bool cased;		    /* case is kept */
	bool told;		    /* a file of settings said so */
	struct unicode_rules rules; /* how text is normalised */
	/* Empty, or all added tokens, the special pieces among them. */
	struct added added;
	char *bytes; /* of vocab.txt */
	size_t bytes_size;
	char *text; /* where the pieces stand */
};

/*
 * Read a vocab.txt, or a tokenizer.json, whose name ends so and which decides
 * how texts are prepared (vocabjson.h); or the ones of a folder, with all
 * that its other files say of the tokenizer (vocabsettings.h).  Without any
 * of them, text is lower-cased unless cased.  Ends the program where a
 * special piece is missing, bytes are not UTF-8, what lower-cases is asked to
 * be cased, or the tokenizer is not BERT's.
 */
struct vocab *vocab_read(const char *path, bool cased);

/* The same, but special pieces may be missing: their ids are then -1. */
struct vocab *vocab_read_any(const char *path, bool cased);

/* The file that vocab_read reads of a path: its own, the caller's to free. */
char *vocab_file(const char *path);

struct vocab *vocab_copy(const struct vocab *v);
void vocab_free(struct vocab *v);

/*
 * Ends the program, naming path, unless there are pieces and a model of so many
 * rows of word embeddings has one for every id that a text can become.
 */
void vocab_check_rows(const struct vocab *v, const char *path, size_t rows);

/*
 * Append the line of a tokenizer_config.json that tells the added tokens, if
 * there are any.
 */
void vocab_put_added(struct buf *out, const struct vocab *v);

#endif
