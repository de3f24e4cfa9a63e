/*
 * Models whose layers' weights are stored as products take them, in bfloat16
 * or int8 (layer/blocked.h; mtkd-model(5)): they are mapped and multiplied as
 * they lie in the file.  All else is float32.
 */
#ifndef MODEL_PACKED_H
#define MODEL_PACKED_H

#include <stdbool.h>

#include "model/model.h"

/* The numbers of the weights of a tensor file: float32, if it says nothing. */
enum product_numbers packed_numbers(const struct st *s);

/* Ends the program where they are packed, which path's reader cannot use. */
void packed_refuse(const struct st *s, const char *path);

/*
 * Add all parameters of m to w, its weights in these numbers, and say so in
 * the metadata.  Returns what must live until st_commit, for packed_free.
 */
void *packed_put(
    struct st_writer *w, const struct model *m, enum product_numbers numbers);
void packed_free(void *data);

/* Whether a tensor of that name goes with the packed parameters of p. */
bool packed_has(const struct params *p, const char *name);

/*
 * Hand the packed parameters of m->file to m->product.  Ends the program,
 * naming the tensor, where one is not there or in another shape, or scales are
 * damaged.
 */
void packed_give(const struct model *m);

#endif
