/*
 * A source of safetensors files.
 */
#ifndef PORT_SOURCEST_H
#define PORT_SOURCEST_H

#include "port/source.h"

struct source *source_safetensors(const char *path);

/* Add the tensors of another file; path lives as long as the source. */
void source_add_safetensors(struct source *s, const char *path);

#endif
