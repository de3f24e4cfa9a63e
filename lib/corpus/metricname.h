/*
 * The names of metrics, by which tasks, packs and scores know them.  What
 * they compute is in metric/metric.h and metric/probability.h.
 */
#ifndef CORPUS_METRICNAME_H
#define CORPUS_METRICNAME_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/labels.h"

enum metric {
	/* GLUE's */
	METRIC_ACCURACY,
	METRIC_F1,
	METRIC_MATTHEWS,
	METRIC_PEARSON,
	METRIC_SPEARMAN,
	/* of classes */
	METRIC_F1_MACRO,
	METRIC_F1_MICRO,
	METRIC_F1_WEIGHTED,
	METRIC_BALANCED_ACCURACY,
	/* of probabilities */
	METRIC_ROC_AUC,
	METRIC_AVERAGE_PRECISION,
	METRIC_F1_BEST,
	METRIC_F1_THRESHOLD,
	METRIC_ECE,
	/* of sets of labels */
	METRIC_F1_SAMPLES,
	METRIC_HAMMING_LOSS,
	METRIC_COUNT
};

/* "accuracy", "f1", "matthews", "pearson", "spearman" and on, then NULL. */
extern const char *const metric_names[];

/* The name of a metric; and back, or -1. */
const char *metric_name(enum metric m);
int metric_find(const char *name);

/* Pearson and Spearman compare scores; the others compare classes. */
bool metric_of_scores(enum metric m);

/* Those that the probabilities of the classes decide, not the answer alone. */
bool metric_of_probabilities(enum metric m);

/* Those of one class's probability, the class against all others. */
bool metric_of_one_class(enum metric m);

/* Whether a metric can be computed of answers to these labels. */
bool metric_suits(enum metric m, const struct labels *l);

/* Whether a higher value is a better one: not of a threshold or an error. */
bool metric_is_quality(enum metric m);

/*
 * The metrics of a task that names none: Pearson and Spearman of regression,
 * micro and macro F1 of multilabel, else accuracy.  list [2] overwritten;
 * returns how many.
 */
size_t metric_usual(enum metric *list, enum task_type type);

#endif
