/*
 * The added tokens that the files of a tokenizer ask for, in the order in
 * which Transformers adds them, and the ids that they get.
 */
#ifndef CORPUS_VOCABASKED_H
#define CORPUS_VOCABASKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "corpus/added.h"

/* Start with { 0 }. */
struct asked {
	struct added added; /* an id is -1 where no file has told it */
	/* [added.count] the file that told it; whether it told the flags */
	struct asked_from {
		const char *path; /* owned */
		bool flags;
	} * from;
	size_t room;
	/* Another token than those there and the special pieces is an error. */
	bool closed;
	bool any; /* one beside the special pieces, or other flags of these */
};

/*
 * Ask for a token.  One that is there must be the same: where both files tell
 * an id or flags that differ, the program ends, naming the token and both.
 */
void asked_put(
    struct asked *a, const char *path, const struct added_token *t, bool flags);

/*
 * A token as JSON tells it: its text alone, or a map of "content" and flags.
 * What is not told: special as given, normalized unless special, the other
 * flags false.  id is -1 where it is not known.
 */
void asked_take(struct asked *a, const char *path, const struct conf *json,
    long long id, bool special);

void asked_free(struct asked *a);

struct vocab;

/*
 * Give the tokens asked for their ids, as Transformers does, and put them
 * into v->added, v->piece, v->size and v->rows, whose pieces are there.  A
 * token that is a piece has its id; others follow the number of different
 * pieces.  Ends the program where a file tells another id, or where nothing
 * of a token is left once it is normalized.
 */
void asked_settle(struct asked *a, struct vocab *v);

#endif
