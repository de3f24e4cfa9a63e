/*
 * Folds by label: every fold has its share of each label, and no text stands
 * in two of them.  Rows that share a text, or whose texts are tied by others,
 * go to one fold together; so folds differ in size by more than one where
 * they must.  The same on every machine.
 */
#ifndef CURATE_STRATIFY_H
#define CURATE_STRATIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/example.h"
#include "curate/subset.h"

enum { STRATIFY_PARTS = 1000 }; /* folds at most */

struct stratify;

struct stratify *stratify_new(void);
void stratify_free(struct stratify *s);

/* The next row: its label or another name of its stratum, and its texts. */
void stratify_add(struct stratify *s, struct example_text stratum,
    struct example_text text_a, struct example_text text_b);

/* The last row is of this stratum, too. */
void stratify_also(struct stratify *s, struct example_text stratum);

/* The last row stays with those that have this text, too. */
void stratify_tie(struct stratify *s, struct example_text text);

size_t stratify_rows(const struct stratify *s);

/*
 * Clear keep [rows added] outside the fold.  *largest gets the most rows that
 * texts tie together.
 */
void stratify_cut(struct stratify *s, bool *keep, const struct subset_fold *f,
    uint64_t seed, size_t *largest);

#endif
