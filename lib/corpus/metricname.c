#include "corpus/metricname.h"

#include "base/text.h"

const char *const metric_names[METRIC_COUNT + 1] = {
	[METRIC_ACCURACY] = "accuracy",
	[METRIC_F1] = "f1",
	[METRIC_MATTHEWS] = "matthews",
	[METRIC_PEARSON] = "pearson",
	[METRIC_SPEARMAN] = "spearman",
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

size_t
metric_usual(enum metric *list, bool scores)
{
	list[0] = scores ? METRIC_PEARSON : METRIC_ACCURACY;
	list[1] = METRIC_SPEARMAN;
	return scores ? 2 : 1;
}
