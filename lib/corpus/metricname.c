#include "corpus/metricname.h"

#include "base/text.h"

const char *const metric_names[METRIC_COUNT + 1] = {
	[METRIC_ACCURACY] = "accuracy",
	[METRIC_F1] = "f1",
	[METRIC_MATTHEWS] = "matthews",
	[METRIC_PEARSON] = "pearson",
	[METRIC_SPEARMAN] = "spearman",
	[METRIC_F1_MACRO] = "f1_macro",
	[METRIC_F1_MICRO] = "f1_micro",
	[METRIC_F1_WEIGHTED] = "f1_weighted",
	[METRIC_BALANCED_ACCURACY] = "balanced_accuracy",
	[METRIC_ROC_AUC] = "roc_auc",
	[METRIC_AVERAGE_PRECISION] = "average_precision",
	[METRIC_F1_BEST] = "f1_best",
	[METRIC_F1_THRESHOLD] = "f1_threshold",
	[METRIC_ECE] = "ece",
	[METRIC_F1_SAMPLES] = "f1_samples",
	[METRIC_HAMMING_LOSS] = "hamming_loss",
};

const char *
metric_name(enum metric m)
{
	return metric_names[m];
}

int
metric_find(const char *name)
{
	return text_find(metric_names, name);
}

bool
metric_of_scores(enum metric m)
{
	return m == METRIC_PEARSON || m == METRIC_SPEARMAN;
}

bool
metric_of_probabilities(enum metric m)
{
	return m >= METRIC_ROC_AUC && m <= METRIC_ECE;
}

bool
metric_of_one_class(enum metric m)
{
	return metric_of_probabilities(m) && m != METRIC_ECE;
}

bool
metric_is_quality(enum metric m)
{
	return m != METRIC_F1_THRESHOLD && m != METRIC_ECE &&
	       m != METRIC_HAMMING_LOSS;
}

bool
metric_suits(enum metric m, const struct labels *l)
{
	bool scores = l->type == TASK_REGRESSION;

	if (metric_of_scores(m) != scores)
		return false;
	if (l->type == TASK_RANKING)
		return m == METRIC_ACCURACY || m == METRIC_ECE;
	if (l->type == TASK_MULTILABEL)
		return m != METRIC_F1 && m != METRIC_MATTHEWS &&
		       m != METRIC_BALANCED_ACCURACY;
	if (m == METRIC_F1_SAMPLES || m == METRIC_HAMMING_LOSS)
		return false;
	if (m == METRIC_F1 || m == METRIC_F1_BEST || m == METRIC_F1_THRESHOLD)
		return l->classes == 2;
	return true;
}

size_t
metric_usual(enum metric *list, enum task_type type)
{
	switch (type) {
	case TASK_REGRESSION:
		list[0] = METRIC_PEARSON;
		list[1] = METRIC_SPEARMAN;
		return 2;
	case TASK_MULTILABEL:
		list[0] = METRIC_F1_MICRO;
		list[1] = METRIC_F1_MACRO;
		return 2;
	case TASK_CLASSIFICATION:
	case TASK_RANKING:
		break;
	}
	list[0] = METRIC_ACCURACY;
	return 1;
}
