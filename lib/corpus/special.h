/*
 * The special pieces: [PAD], [UNK], [CLS], [SEP], [MASK].
 */
#ifndef CORPUS_SPECIAL_H
#define CORPUS_SPECIAL_H

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

/* "[PAD]" and so on; the special piece of a name, or -1. */
const char *vocab_special_name(enum vocab_special s);
int vocab_special_find(const char *name);

#endif
