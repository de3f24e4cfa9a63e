/*
 * A source of several files that an index names.
 */
#ifndef PORT_SOURCEINDEX_H
#define PORT_SOURCEINDEX_H

#include "port/source.h"

/*
 * A model in several files of one of these kinds: the index, such as
 * model.safetensors.index.json, whose weight_map names the files beside it.
 * A tensor that stands in another file than the index says, or in none, ends
 * the program.
 */
struct source *source_index(const char *path, enum source_kind kind);

#endif
