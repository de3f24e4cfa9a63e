/*
 * Added tokens: texts that a tokenizer cuts out before all else, each with an
 * id of its own, as Hugging Face's package tokenizers does (AddedVocabulary).
 *
 * Those that are not normalized are found first, in the text as it stands;
 * then what is left is normalized, and the others are found in that, being
 * normalized themselves.  At each place the longest one counts, from the left
 * to the right.
 */
#ifndef CORPUS_ADDED_H
#define CORPUS_ADDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "corpus/unicode.h"

struct added_token {
	char *text; /* owned; not empty */
	int32_t id;
	bool special;	     /* of no weight here: kept for other programs */
	bool normalized;     /* looked for in the normalized text */
	bool single_word;    /* not within a word */
	bool lstrip, rstrip; /* takes the white space beside it along */
};

/* Start with { 0 }. */
struct added {
	struct added_token *item; /* [count], in the order they were added */
	size_t count, room;
	size_t *slot; /* [slots] the numbers of tokens from 1, by their texts */
	size_t slots;
};

/* Add a copy of t, whose text is not there yet. */
struct added_token *added_put(struct added *a, const struct added_token *t);

/* The token of this text, or NULL. */
struct added_token *added_find(const struct added *a, const char *text);

/*
 * Append them as Transformers writes them, the value of the key
 * added_tokens_decoder: {"30": {"content": "[ENT]", ...}, ...} by id, in
 * lines of their own after indent spaces.
 */
void added_json(struct buf *out, const struct added *a, int indent);

void added_copy(struct added *to, const struct added *from);
void added_free(struct added *a);

/* --- finding them --- */

struct added_finder;

/*
 * A finder of those that are normalized (by these rules), or of those that
 * are not; NULL if there are none.  It keeps a's tokens, which must live on.
 */
struct added_finder *added_finder(
    const struct added *a, bool normalized, struct unicode_rules rules);
void added_finder_free(struct added_finder *f);

/*
 * A token that is the same text as *other to the finder, which finds one of
 * them; NULL if each is another.
 */
const struct added_token *added_finder_twin(
    const struct added_finder *f, const struct added_token **other);

/*
 * The parts of a text, from the left: a token and the n bytes before it, or
 * the last n bytes and NULL.  Start with { text, text + n, ... }.
 */
struct added_cursor {
	const char *start, *at, *end; /* text, the part's begin, its end */
	const char *scan;	      /* where to look on; at first NULL */
};

struct added_part {
	const char *text; /* before the token */
	size_t size;
	const struct added_token *token; /* NULL: none, and this was all */
};

struct added_part added_next(
    const struct added_finder *f, struct added_cursor *c);

#endif
