/*
 * Learning a WordPiece vocabulary: words start as single characters ("w",
 * "##o", "##r", "##d"), and the best pair of neighbours becomes one piece,
 * again and again (Schuster and Nakajima 2012; Sennrich et al. 2016).
 *
 * Ties go to the pair seen more often, then to the older pieces, so equal
 * texts give equal vocabularies.
 */
#ifndef CORPUS_WPLEARN_H
#define CORPUS_WPLEARN_H

#include <stddef.h>

#include "base/buf.h"
#include "corpus/unicode.h"
#include "corpus/wordcount.h"

enum wplearn_score {
	WPLEARN_LIKELIHOOD, /* count(ab) / (count(a) count(b)) */
	WPLEARN_COUNT	    /* count(ab) */
};

/* "likelihood|count", in that order. */
extern const char wplearn_scores[];

struct wplearn_settings {
	struct unicode_rules rules;
	size_t size;	 /* pieces in all, special ones among them */
	size_t alphabet; /* characters kept, the most frequent ones */
	unsigned long long min_count; /* a pair seen less often stays two */
	enum wplearn_score score;
};

struct wplearn_report {
	size_t words;		    /* distinct */
	size_t characters;	    /* kept */
	size_t left_out;	    /* characters beyond the alphabet */
	unsigned long long skipped; /* words that hold such a one */
	size_t pieces;		    /* may be fewer than were asked for */
};

/*
 * Append the pieces to out, each ended by '\n': the special ones, the
 * alphabet by code point, then what was learned, in that order.  Ends the
 * program where size does not hold the alphabet.
 */
struct wplearn_report wplearn_run(const struct wplearn_settings *settings,
    struct wordcount *words, struct buf *out);

#endif
