/*
 * What packs are for: which may be trained on, and whether what is evaluated
 * was kept apart.
 */
#ifndef TRAIN_ROLES_H
#define TRAIN_ROLES_H

#include <stdbool.h>
#include <stddef.h>

#include "data/pack.h"

/*
 * Whether a split is kept for evaluation by its name: one that begins with a
 * word for it (dev, test, validation, ...), in upper or lower case.
 */
bool roles_held_out(const char *split);

/*
 * Ends the program, naming the option --train-on SPLIT that allows it, where a
 * pack to train on
 *	is of a split that is held out, or that a dev pack of its task is of
 *	(training splits, which begin with train, may be shared),
 *	holds the rows of another one, or
 *	holds those of a dev pack;
 * and where --dev has the rows of a pack twice, or a pack without labels.  Rows
 *are the same that have the same id and the same tokens in any order; a pack
 *holds those of another of its task where they share half of the smaller one's.
 * allowed [allowed_count]: splits that may be trained on whatever they hold,
 * with those that follow after a '_' ("dev" allows dev_matched);
 * of one that no pack is of, a warning tells.
 */
void roles_check(const struct pack *const *packs, size_t count,
    const struct pack *const *dev, size_t dev_count, const char *const *allowed,
    size_t allowed_count);

#endif
