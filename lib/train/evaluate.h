/*
 * Evaluation on dev packs while training: each pack's metrics, and their
 * mean as GLUE takes it, by which the best epoch is chosen.
 */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "metric/rows.h"
#include "predict/predict.h"

struct evaluation {
	size_t metrics;
	enum metric metric[METRIC_COUNT];
	double value[METRIC_COUNT]; /* nan where undefined */
	size_t rows;		    /* labelled rows, or questions */
};

/* Rows without a label do not count; their number is not an error. */
void evaluate_pack(struct evaluation *v, const struct model *m,
    struct encoder *e, const struct pack *p, size_t head);

/* The mean of the metrics; an undefined one counts as 0. */
double evaluate_mean(const struct evaluation *v);

#endif
