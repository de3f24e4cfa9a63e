/*
 * What rows of each class weigh in the hard loss, by the rules class-weights
 * of a recipe (mtkd-recipe(5)).
 */
#ifndef TRAIN_CLASSWEIGHT_H
#define TRAIN_CLASSWEIGHT_H

#include "data/plan.h"
#include "model/config.h"

struct recipe;

/*
 * The weights of each head, [C], or of multilabel [C,2] of a label's absence
 * and presence; an entry, or all, NULL where nothing is weighed.  head [packs
 * of the plan]: of each pack; balanced counts the labelled rows of the plan.
 * Labels that no head has, and rules of a task without classes, end the
 * program.
 */
double **classweight_make(const struct recipe *r, const struct config *c,
    const struct pack *const *packs, const size_t *head,
    const struct plan *plan);

/* "a 0.5, b 2", or of multilabel "a 2/0.5" for presence and absence. */
void classweight_put(
    struct buf *out, const struct head *h, const double *weight);

#endif
