#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/task.h"
#include "port/form.h"
#include "port/import.h"
#include "port/importlabels.h"
#include "port/pickle.h"

/* The rows of a tensor; 0 if it is not there. */
static size_t
rows_of(const struct source *s, const char *name)
{
	long long i = source_find(s, name);

	return i >= 0 && s->item[i].is.rank > 0 ? s->item[i].is.shape[0] : 0;
}

/* --- what config.json says of a BertForSequenceClassification --- */

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
	else if (strcmp(type, "multi_label_classification") == 0)
		h->labels.type = TASK_MULTILABEL;
	else
		die_at(path, 0,
		    "problem_type '%s', expected "
		    "single_label_classification, multi_label_classification "
		    "or regression",
		    type);
}

/* Returns why its labels cannot be believed, or NULL. */
static char *
describe_classifier(
    struct head *h, const char *folder, const struct config *from)
{
	char *path = file_join(folder, "config.json"), *fault = NULL;
	const char *dropout = form_of(from->network)->dropout;
	struct conf *json = NULL;

	h->labels.type =
	    h->outputs == 1 ? TASK_REGRESSION : TASK_CLASSIFICATION;
	h->dropout = from->hidden_dropout;
	if (file_exists(path)) {
		json = conf_read_json(path);
		fault = import_labels_read(&h->labels, path, json);
		read_type(h, path, json);
		if (!conf_is_null(conf_get(json, dropout)))
			conf_get_real(
			    path, json, dropout, 0, 0.99, &h->dropout);
		conf_free(json);
	}
	free(path);
	return fault;
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
	t = o->labels != NULL ? task_seek(o->task, NULL)
			      : task_find(o->task, NULL);
	/* With --labels, a definition of another shape is another task's. */
	if (t != NULL &&
	    (o->labels == NULL || labels_width(&t->labels) == h->outputs))
		labels_copy(&h->labels, &t->labels);
	task_free(t);
}

/* What config.json says of a head of ours; false if it is not the same. */
static bool
take_ours(struct head *h, const struct config *from, bool by_name)
{
	int i = config_head(from, h->name);
	const struct head *ours = i >= 0 ? &from->head[i] : NULL;
	size_t which;

	if (ours == NULL || ours->outputs != h->outputs)
		return false;
	if (!by_name && labels_is_wide(&ours->labels) &&
	    h->labels.classes > 0 &&
	    labels_compare(&which, &h->labels, &ours->labels) != LABELS_SAME)
		return false;
	labels_free(&h->labels);
	labels_copy(&h->labels, &ours->labels);
	h->dropout = ours->dropout;
	h->turns = ours->turns;
	h->memory_dropout = ours->memory_dropout;
	return true;
}

/* Of a head of ours that config.json does not describe. */
static void
describe_unknown(struct head *h, const struct import *o, const char *path)
{
	if (h->outputs == 1 && o->labels == NULL)
		die("%s: head %s has one output and is not described: give "
		    "--labels score",
		    path, h->name);
	if (h->outputs == 1)
		h->labels.type = TASK_REGRESSION;
}

struct head
import_head(const struct import *o, const struct source *s, const char *folder,
    const struct config *from, size_t **order)
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
	char *fault = NULL;

	if ((h.outputs = rows_of(s, ours)) > 0) {
		h.kind = rows_of(s, san) > 0 ? HEAD_SAN : HEAD_LINEAR;
		if (!take_ours(&h, from, true))
			describe_unknown(&h, o, s->path);
	} else if ((h.outputs = rows_of(s, "classifier.weight")) > 0) {
		fault = describe_classifier(&h, folder, from);
		if (fault == NULL)
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
	import_labels_settle(&h, order, s->path, fault, o->labels);
	free(fault);
	free(ours);
	free(san);
	free(listed);
	free(answer);
	return h;
}
