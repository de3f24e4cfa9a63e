/*
 * A source of files that torch.save wrote.
 */
#ifndef PORT_SOURCETORCH_H
#define PORT_SOURCETORCH_H

#include "port/source.h"

/*
 * A file of torch.save: the zip layout or the one before it, holding a state
 * dictionary, or mt-dnn's {state, config, ...}.  The pickle in it is parsed,
 * never executed (pickle.h).
 */
struct source *source_torch(const char *path);

/* Add the tensors of another file; path lives as long as the source. */
void source_add_torch(struct source *s, const char *path);

#endif
