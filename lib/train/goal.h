/*
 * What a dev pack is judged by when the best epoch is chosen: the mean of its
 * own metrics, or one figure that glue-score(1) knows: a metric, or one of a
 * single label, "f1:LABEL".
 */
#ifndef TRAIN_GOAL_H
#define TRAIN_GOAL_H

#include <stdbool.h>

#include "data/pack.h"
#include "metric/rows.h"
#include "score/figures.h"

struct goal {
	const char *name; /* as it was given */
	bool mean;	  /* no figure: the mean */
	bool low;	  /* less is better */
	struct figures figures;
	size_t at; /* the figure's place among them */
};

#define GOAL_MEAN "mean"

/* Why a name is none, for messages, or NULL; owned by the caller. */
char *goal_problem(const char *name);

/*
 * The goal of that name, which must be one, for a pack.  A metric that does
 * not suit it, or a label that it does not have, ends the program.
 */
void goal_make(struct goal *g, const char *name, const struct pack *p);

double goal_value(const struct goal *g, const struct rows *r);

#endif
