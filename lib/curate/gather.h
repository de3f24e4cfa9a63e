/*
 * All rows of a task's file set aside as examples, to be written in part and
 * in another order: the candidates of a ranking question stand together.
 */
#ifndef CURATE_GATHER_H
#define CURATE_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "curate/reader.h"
#include "curate/subset.h"

/* A unit is what no subset splits: a row, or the candidates of a question. */
struct gather;

/*
 * Read r, of a task or of plain lines (NULL), to its end; stratify: for
 * gather_cut_strata.
 */
struct gather *gather_rows(
    struct reader *r, const struct task *task, bool stratify);
void gather_free(struct gather *g);

bool gather_has_groups(const struct gather *g);
size_t gather_rows_read(const struct gather *g);
size_t gather_units(const struct gather *g);

/*
 * Clear keep [units] outside the fold, as stratify_cut does; the most rows
 * that texts tie together.
 */
size_t gather_cut_strata(const struct gather *g, bool *keep,
    const struct subset_fold *f, uint64_t seed);

/* Write the header row, and the rows of the units that keep [units] has. */
void gather_write(
    const struct gather *g, FILE *out, bool pair, const bool *keep);

#endif
