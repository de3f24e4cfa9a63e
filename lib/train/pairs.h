/*
 * Which layers of a student are set beside which of its teacher, as
 * feature-map says: "even", or "0:0,1:2,2:4".  Layer 0 is the embeddings.
 */
#ifndef TRAIN_PAIRS_H
#define TRAIN_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

struct pair {
	size_t student, teacher;
};

struct pairs {
	struct pair *item; /* [count] owned; NULL: evenly spaced */
	size_t count;
};

/* What pairs_parse takes, for messages. */
extern const char pairs_words[];

/*
 * From a rule as it is written; false if it is none, or has a pair twice.
 * What p had is freed.
 */
bool pairs_parse(struct pairs *p, const char *rule);

/*
 * Layers 1, 2, ... of a student, each beside the teacher's at the same share
 * of its height, rounded half up and at least 1; last beside last.
 */
void pairs_even(struct pairs *p, size_t student, size_t teacher);

void pairs_copy(struct pairs *to, const struct pairs *from);
void pairs_free(struct pairs *p);

#endif
