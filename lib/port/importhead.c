#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/task.h"
#include "port/import.h"
#include "port/pickle.h"

/* The rows of a tensor; 0 if it is not there. */
static size_t
rows_of(const struct source *s, const char *name)
{
	long long i = source_find(s, name);

	return i >= 0 && s->item[i].is.rank > 0 ? s->item[i].is.shape[0] : 0;
}

/* --- what config.json says of a BertForSequenceClassification --- */

/* id2label: {"0": "no", "1": "yes"}, in any order. */
static void
read_labels(struct head *h, const char *path, const struct conf *json)
{
	const struct conf *map = conf_get(json, "id2label");
	char key[NUM_TEXT];

	if (map == NULL || map->kind != CONF_MAP)
		return;
	for (size_t i = 0; i < map->count; i++) {
		const char *label;

		num_put(key, (double)i);
		if (!conf_get_text(path, map, key, &label))
			die_at(path, map->line,
			    "id2label: no label %zu of "
			    "%zu",
			    i, map->count);
		labels_add(&h->labels, label, strlen(label));
	}
}

static void
read_type(struct head *h, const char *path, const struct conf *json)
{
	const char *type;

	if (conf_is_null(conf_get(json, "problem_type"))) {
		h->labels.type =
		    h->outputs == 1 ? TASK_REGRESSION : TASK_CLASSIFICATION;
		return;
	}
	conf_get_text(path, json, "problem_type", &type);
	if (strcmp(type, "regression") == 0)
		h->labels.type = TASK_REGRESSION;
	else if (strcmp(type, "single_label_classification") == 0)
		h->labels.type = TASK_CLASSIFICATION;
	else
		die_at(path, 0,
		    "problem_type '%s', expected "
		    "single_label_classification or regression",
		    type);
}

static void
describe_classifier(
    struct head *h, const char *folder, const struct config *from)
{
	char *path = file_join(folder, "config.json");
	struct conf *json = NULL;

	h->labels.type =
	    h->outputs == 1 ? TASK_REGRESSION : TASK_CLASSIFICATION;
	h->dropout = from->hidden_dropout;
	if (file_exists(path)) {
		json = conf_read_json(path);
		read_labels(h, path, json);
		read_type(h, path, json);
		if (!conf_is_null(conf_get(json, "classifier_dropout")))
			conf_get_real(path, json, "classifier_dropout", 0, 0.99,
			    &h->dropout);
		conf_free(json);
	}
	free(path);
}

/* --- what an mt-dnn checkpoint and the task's definition say --- */

static void
describe_listed(struct head *h, const struct import *o, const struct source *s)
{
	const struct pickle_value *v = NULL;
	struct task *t;

	if (s->config != NULL) {
		v = pickle_get(s->config, "answer_num_turn");
		if (v != NULL && v->kind == PICKLE_INT && v->number > 0 &&
		    v->number <= 100)
			h->turns = (size_t)v->number;
		v = pickle_get(s->config, "answer_mem_drop_p");
		if (v != NULL && v->kind == PICKLE_REAL && v->real >= 0 &&
		    v->real < 1)
			h->memory_dropout = v->real;
	}
	h->labels.type =
	    h->outputs == 1 ? TASK_REGRESSION : TASK_CLASSIFICATION;
	if (o->labels != NULL)
		return;
	t = task_find(o->task, NULL);
	labels_copy(&h->labels, &t->labels);
	task_free(t);
}

/* --- labels --- */

static void
split_labels(struct head *h, const char *labels)
{
	labels_free(&h->labels);
	labels_split(&h->labels, labels);
	h->labels.type =
	    h->outputs == 1 ? TASK_REGRESSION : TASK_CLASSIFICATION;
}

static void
check_labels(struct head *h, const char *path)
{
	size_t which;

	if (h->labels.type == TASK_REGRESSION)
		labels_free(&h->labels); /* its one column has no class */
	if (h->labels.type != TASK_CLASSIFICATION) {
		if (h->outputs != 1)
			die("%s: head %s is no classification, but has %zu "
			    "outputs",
			    path, h->name, h->outputs);
		return;
	}
	if (h->labels.classes == 0)
		die("%s: head %s has %zu outputs and no labels: give --labels",
		    path, h->name, h->outputs);
	if (h->labels.classes != h->outputs)
		die("%s: head %s has %zu outputs, but %zu labels", path,
		    h->name, h->outputs, h->labels.classes);
	switch (labels_check(&h->labels, &which)) {
	case LABELS_NAME:
		die("%s: head %s: label '%s' is empty, or has a comma, "
		    "tab or newline in it",
		    path, h->name, h->labels.name[which]);
	case LABELS_TWICE:
		die("%s: head %s: label '%s' stands twice", path, h->name,
		    h->labels.name[which]);
	case LABELS_COUNT:
	case LABELS_GOOD:
		break;
	}
}

/* What config.json says of a head of ours, where it is the same head. */
static void
take_ours(struct head *h, const struct config *from, bool by_name)
{
	int i = config_head(from, h->name);
	const struct head *ours = i >= 0 ? &from->head[i] : NULL;
	size_t which;

	if (ours == NULL || ours->outputs != h->outputs)
		return;
	if (!by_name && ours->labels.type == TASK_CLASSIFICATION &&
	    h->labels.classes > 0 &&
	    labels_compare(&which, &h->labels, &ours->labels) != LABELS_SAME)
		return;
	labels_free(&h->labels);
	labels_copy(&h->labels, &ours->labels);
	h->dropout = ours->dropout;
	h->turns = ours->turns;
	h->memory_dropout = ours->memory_dropout;
}

struct head
import_head(const struct import *o, const struct source *s, const char *folder,
    const struct config *from)
{
	struct head h = { .name = (char *)(uintptr_t)o->task,
		.dropout = 0.1,
		.turns = 5,
		.memory_dropout = 0.1 };
	char *ours = mem_printf("heads.%s.weight", o->task);
	char *san = mem_printf("heads.%s.san.query.weight", o->task);
	char *listed = mem_printf("scoring_list.%zu.weight", o->head);
	char *answer =
	    mem_printf("scoring_list.%zu.classifier.proj.weight", o->head);

	if ((h.outputs = rows_of(s, ours)) > 0) {
		h.kind = rows_of(s, san) > 0 ? HEAD_SAN : HEAD_LINEAR;
		take_ours(&h, from, true);
	} else if ((h.outputs = rows_of(s, "classifier.weight")) > 0) {
		describe_classifier(&h, folder, from);
		take_ours(&h, from, false);
	} else if ((h.outputs = rows_of(s, listed)) > 0) {
		describe_listed(&h, o, s);
	} else if ((h.outputs = rows_of(s, answer)) > 0) {
		h.kind = HEAD_SAN;
		describe_listed(&h, o, s);
	} else {
		die("%s: no head: neither %s, classifier.weight, %s nor %s is "
		    "there",
		    s->path, ours, listed, answer);
	}
	if (o->labels != NULL)
		split_labels(&h, o->labels);
	check_labels(&h, s->path);
	free(ours);
	free(san);
	free(listed);
	free(answer);
	return h;
}
