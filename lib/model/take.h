/*
 * An encoder out of another one's layers: every second one, as DistilBERT
 * (Sanh et al. 2019) begins, or all with some of them drawn anew.
 */
#ifndef MODEL_TAKE_H
#define MODEL_TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

/* In a list of layers: one that is drawn anew. */
enum { TAKE_NEW = 0 };

/*
 * Read "2,4,new": layers from least to most, at most so many, in the order of
 * the text; fresh: also new ones, where least is 1.
 * layer	gets them, owned by the caller; NULL: the text is no such list
 * Returns how many.
 */
size_t take_parse(
    size_t **layer, const char *text, size_t least, size_t most, bool fresh);

/*
 * A model without heads, with the shape, vocabulary and embeddings of from,
 * whose layers are layer [count] of from's; what is new, and the pooler if
 * new_pooler, is drawn from seed with standard deviation init_range.  Ends the
 * program where from has not so many layers.
 */
struct model *model_take(const struct model *from, const size_t *layer,
    size_t count, bool new_pooler, double init_range, uint64_t seed);

#endif
