/*
 * All rows of a task's file set aside as examples, to be written in part and
 * in another order: the candidates of a ranking question stand together.
 */
#ifndef CORPUS_GATHER_H
#define CORPUS_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "corpus/reader.h"

/* A unit is what no subset splits: a row, or the candidates of a question. */
struct gather;

/* Read r to its end; ranking: its rows have groups. */
struct gather *gather_rows(struct reader *r, bool ranking);
void gather_free(struct gather *g);

bool gather_has_groups(const struct gather *g);
size_t gather_units(const struct gather *g);

/* Write the header row, and the rows of the units that keep [units] has. */
void gather_write(
    const struct gather *g, FILE *out, bool pair, const bool *keep);

#endif
