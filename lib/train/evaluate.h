/*
 * Evaluation on dev packs while training: each pack's metrics, and the value
 * by which the best epoch is chosen.
 */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "metric/rows.h"
#include "predict/predict.h"
#include "train/goal.h"

struct evaluation {
	size_t metrics;
	enum metric metric[METRIC_COUNT];
	double value[METRIC_COUNT]; /* nan where undefined */
	double goal;		    /* likewise, of the goal */
	size_t rows;		    /* labelled rows, or questions */
};

/* Rows without a label do not count; their number is not an error. */
void evaluate_pack(struct evaluation *v, const struct goal *goal,
    const struct model *m, struct encoder *e, const struct pack *p,
    size_t head);

/*
 * How good that is, more being better: the goal, its negative where less is
 * better, or for none the mean of the metrics as GLUE takes it.  Undefined
 * counts as 0, or where less is better as 1.
 */
double evaluate_worth(const struct evaluation *v, const struct goal *goal);

#endif
