#include "train/goal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"
#include "corpus/task.h"

/* Figures of a label that are no metrics by themselves. */
static const char *const of_label[] = { "precision", "recall", "f1", NULL };

/* The part before ':', owned by the caller; *label is what follows, or NULL. */
static char *
split(const char *name, const char **label)
{
	const char *colon = strchr(name, ':');

	*label = colon != NULL ? colon + 1 : NULL;
	return mem_stringn(
	    name, colon != NULL ? (size_t)(colon - name) : strlen(name));
}

static bool
is_known(const char *word, bool label)
{
	int found = metric_find(word);
	enum metric m = (enum metric)found;

	if (label && text_find(of_label, word) >= 0)
		return true;
	return found >= 0 && m != METRIC_F1_THRESHOLD &&
	       (!label || metric_of_one_class(m));
}

char *
goal_problem(const char *name)
{
	const char *label;
	char *word = split(name, &label), *problem = NULL;

	if (strcmp(name, GOAL_MEAN) == 0 || is_known(word, label != NULL))
		;
	else if (label != NULL)
		problem = mem_string("expected precision, recall, f1, roc_auc, "
				     "average_precision or f1_best before "
				     "':LABEL'");
	else if (strcmp(word, metric_name(METRIC_F1_THRESHOLD)) == 0)
		problem = mem_string("a threshold is no better or worse");
	else
		problem = mem_printf("expected mean, NAME:LABEL or among %s",
		    text_list(metric_names, SIZE_MAX, ", "));
	free(word);
	return problem;
}

void
goal_make(struct goal *g, const char *name, const struct pack *p)
{
	struct task task = { .path = (char *)(uintptr_t)p->path,
		.labels = p->labels };
	const char *label;
	char *word = split(name, &label);
	int metric = metric_find(word);

	*g = (struct goal){ .name = name,
		.mean = strcmp(name, GOAL_MEAN) == 0,
		.low = label == NULL && metric >= 0 &&
		       !metric_is_quality((enum metric)metric) };
	if (!g->mean) {
		bool one = label != NULL && text_find(of_label, word) >= 0;

		g->figures =
		    figures_choose(&task, one ? NULL : word, label != NULL);
		while (g->at < g->figures.count &&
		       strcmp(g->figures.name[g->at], name) != 0)
			g->at++;
		if (g->at == g->figures.count)
			die("%s: dev-metric '%s': no label '%s', expected one "
			    "of %s",
			    p->path, name, label, labels_list(&p->labels));
	}
	free(word);
}

double
goal_value(const struct goal *g, const struct rows *r)
{
	double *value = mem_alloc(g->figures.count, sizeof(*value));
	double one;

	figures_values(value, &g->figures, r);
	one = value[g->at];
	free(value);
	return one;
}
