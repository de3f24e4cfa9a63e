/*
 * What becomes of a code point in BERT's normaliser and word splitter: the
 * tables of utf8proc, and where those are of another Unicode version than
 * Hugging Face's tokenizer, the exceptions of unicodetable.h.
 *
 * In order: control characters, U+FFFD and NUL vanish; white space becomes a
 * space; Chinese characters stand alone; with accents stripped, the canonical
 * decomposition (NFD) without marks of category Mn; lower case of each
 * character by itself; punctuation stands alone.
 */
#ifndef CORPUS_UNICODE_H
#define CORPUS_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNICODE_POINTS 0x110000
#define UNICODE_PARTS 4 /* the longest decomposition */

struct unicode_rules {
	bool lower;   /* to lower case */
	bool strip;   /* decompose, drop accents */
	bool chinese; /* Chinese characters stand alone */
};

/* BERT's rules for a cased or an uncased vocabulary. */
struct unicode_rules unicode_rules(bool cased);

enum unicode_kind {
	UNICODE_DROP,	/* nothing, but a starter: marks cannot pass it */
	UNICODE_SPACE,	/* ends a word */
	UNICODE_LETTER, /* part of a word */
	UNICODE_ALONE	/* a word by itself */
};

struct unicode_part {
	uint32_t point;
	uint8_t kind;  /* enum unicode_kind */
	uint8_t order; /* canonical combining class; 0 unless stripping */
};

/*
 * count 0: nothing at all, as if the code point were not there.  Of several
 * parts each is a letter or dropped: none ends a word.
 */
struct unicode_fate {
	size_t count;
	struct unicode_part part[UNICODE_PARTS];
};

struct unicode_fate unicode_fate(uint32_t point, struct unicode_rules rules);

/*
 * What the regular expressions \w and \s of Hugging Face's tokenizers take:
 * letters, marks, digits and what joins them; Unicode's white space.
 */
bool unicode_is_word(uint32_t point);
bool unicode_is_white(uint32_t point);

/*
 * What utf8proc alone says of a code point: what the generator of
 * unicodetable.h compares with the oracle (tests/corpus/oracle).
 */
struct unicode_plain {
	char class; /* 'C'ontrol, 'S'pace, 'A'lone, 'M'ark or 'L'etter */
	uint8_t order;
	uint32_t lower;
	size_t count;
	uint32_t part[UNICODE_PARTS]; /* its decomposition */
};

struct unicode_plain unicode_plain(uint32_t point);

#endif
