/*
 * The learning rate over a run: update s of T uses lr * f(s / T), s = 0, 1,
 * ..., so with a warm-up the first update moves nothing.  w is the share of
 * updates that warms up; x = s / T.
 *
 *	triangle	x / w below w, then (1 - x) / (1 - w)
 *	bert-2019	x / w below w, then 1 - x: drops from 1 to 1 - w
 *	constant	x / w below w, then 1
 */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include <stddef.h>

enum schedule { SCHEDULE_TRIANGLE, SCHEDULE_BERT_2019, SCHEDULE_CONSTANT };

/* Their names, parted by '|', in that order. */
extern const char schedule_kinds[];

double schedule_factor(
    enum schedule kind, double warmup, size_t step, size_t total);

#endif
