/*
 * Soft targets for the rows of a pack, joined by id.
 */
#ifndef TRAIN_SOFT_H
#define TRAIN_SOFT_H

#include <stdbool.h>
#include <stddef.h>

#include "data/pack.h"

struct soft {
	size_t width;
	float *value; /* [rows, width] in the order of the pack */
	bool *has;    /* [rows] if any file was for this pack */
};

/*
 * Read the files that are for one of packs, by task and split (a file without
 * provenance is for the only pack there is).  Several may share a pack if no
 * id is in two of them; together they have every row, unless some may be
 * missing.  A file for no pack, a missing, extra or doubled id, other labels:
 * the program ends, naming file, line and id.  soft [count] overwritten; has
 * is NULL where no file was.
 */
void soft_read(struct soft *soft, const struct pack *const *packs, size_t count,
    const char *const *files, size_t file_count, bool missing);

/* How many rows of a pack have none, where any file was for it. */
size_t soft_missing(const struct soft *s, const struct pack *pack);

void soft_free(struct soft *s);

#endif
