/*
 * The names of GLUE's five metrics, by which tasks, packs and scores know
 * them.  What they compute is in metric/metric.h.
 */
#ifndef CORPUS_METRICNAME_H
#define CORPUS_METRICNAME_H

#include <stdbool.h>
#include <stddef.h>

enum metric {
	METRIC_ACCURACY,
	METRIC_F1,
	METRIC_MATTHEWS,
	METRIC_PEARSON,
	METRIC_SPEARMAN,
	METRIC_COUNT
};

/* "accuracy", "f1", "matthews", "pearson", "spearman", NULL. */
extern const char *const metric_names[];

/* The name of a metric; and back, or -1. */
const char *metric_name(enum metric m);
int metric_find(const char *name);

/* Pearson and Spearman compare scores; the others compare classes. */
bool metric_of_scores(enum metric m);

/*
 * The metrics of a task that names none: Pearson and Spearman of scores, else
 * accuracy.  list [2] overwritten; returns how many.
 */
size_t metric_usual(enum metric *list, bool scores);

#endif
