/*
 * A vocabulary of word pieces: vocab.txt, one piece a line, whose number from
 * 0 is its id; "##" starts a piece that continues a word.  Case belongs to
 * the vocabulary, so it is kept here.
 */
#ifndef CORPUS_VOCAB_H
#define CORPUS_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "corpus/unicode.h"

/* The pieces that every vocabulary has, in the order that wp-train writes. */
enum vocab_special {
	VOCAB_PAD,
	VOCAB_UNK,
	VOCAB_CLS,
	VOCAB_SEP,
	VOCAB_MASK,
	VOCAB_SPECIALS
};

/* "lower|keep": false and true of cased. */
extern const char vocab_cases[];

struct vocab {
	char digest[DIGEST_HEX]; /* SHA-256 of vocab.txt's bytes */
	size_t size;		 /* pieces; ids are below it */
	const char **piece;	 /* [size], each ended by '\0' */
	int32_t special[VOCAB_SPECIALS];
	bool cased;		    /* case is kept */
	bool told;		    /* a file of settings said so */
	struct unicode_rules rules; /* how text is normalised */
	char *text;		    /* where the pieces stand */
};

/*
 * Read a vocab.txt, or a tokenizer.json, whose name ends so and which decides
 * how texts are prepared (vocabjson.h); or the one of a folder, whose
 * tokenizer_config.json then decides case (do_lower_case), accents
 * (strip_accents) and Chinese characters (tokenize_chinese_chars).  Without
 * any, text is lower-cased unless cased.  Ends the program where a special
 * piece is missing, bytes are not UTF-8, or what lower-cases is asked to be
 * cased.
 */
struct vocab *vocab_read(const char *path, bool cased);

/* The file that vocab_read reads of a path: its own, the caller's to free. */
char *vocab_file(const char *path);

/*
 * The bytes of a vocab.txt, or those that a tokenizer.json stands for; that
 * one's rules too, if rules is not NULL.
 */
char *vocab_text(const char *path, size_t *n, struct unicode_rules *rules);

void vocab_free(struct vocab *v);

/* "[PAD]" and so on. */
const char *vocab_special_name(enum vocab_special s);

#endif
