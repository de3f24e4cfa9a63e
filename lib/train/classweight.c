#include "train/classweight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "train/classrule.h"
#include "train/recipe.h"

/* Weights of one head: of classes, or of labels that do not and do apply. */
static double *
ones(const struct head *h)
{
	double *w = mem_alloc(h->outputs, 2 * sizeof(*w));

	for (size_t i = 0; i < 2 * h->outputs; i++)
		w[i] = 1;
	return w;
}

static double *
take_list(const struct head *h, struct classrule *l)
{
	bool set = h->labels.type == TASK_MULTILABEL;
	double *w = NULL;

	for (size_t i = 0; i < l->count; i++) {
		struct classrule_entry *e = &l->entry[i];
		int c = labels_find(&h->labels, e->label, strlen(e->label));

		if (c < 0)
			continue;
		e->used = true;
		if (w == NULL)
			w = ones(h);
		w[set ? 2 * (size_t)c + 1 : (size_t)c] = e->weight;
	}
	return w;
}

static void
check_used(const struct classrule *l, const struct head *h)
{
	for (size_t i = 0; i < l->count; i++)
		if (!l->entry[i].used && h != NULL)
			die("class-weights: head '%s' has no label '%s', "
			    "expected among %s",
			    h->name, l->entry[i].label,
			    labels_list(&h->labels));
		else if (!l->entry[i].used)
			die("class-weights: no head has the label '%s'",
			    l->entry[i].label);
}

/* Rows of each class, or with and without each label, added to count. */
static void
count_rows(double *count, const struct pack *p, const struct plan_source *s)
{
	size_t C = p->labels.classes;

	for (size_t i = 0; i < s->units; i++) {
		size_t r = s->unit[i].row;

		if (isnan(p->label[r]))
			continue;
		for (size_t c = 0; c < C && p->applies != NULL; c++)
			count[2 * c + p->applies[r * C + c]]++;
		if (p->applies == NULL)
			count[(size_t)p->label[r]]++;
	}
}

/* scikit-learn's "balanced": n / (k n_c), of k classes that have rows. */
static void
balance(double *w, size_t classes)
{
	double n = 0, k = 0;

	for (size_t c = 0; c < classes; c++) {
		n += w[c];
		k += w[c] > 0;
	}
	for (size_t c = 0; c < classes; c++)
		w[c] = w[c] > 0 ? n / (k * w[c]) : 0;
}

static double *
take_counts(const struct config *config, size_t head,
    const struct pack *const *packs, const size_t *of, const struct plan *plan)
{
	const struct head *h = &config->head[head];
	double *w = mem_zero(h->outputs, 2 * sizeof(*w));

	for (size_t i = 0; i < plan->packs; i++)
		if (of[i] == head)
			count_rows(w, packs[i], &plan->source[i]);
	if (h->labels.type == TASK_MULTILABEL)
		for (size_t c = 0; c < h->outputs; c++)
			balance(w + 2 * c, 2);
	else
		balance(w, h->outputs);
	return w;
}

static void
refuse_scores(const struct head *h)
{
	if (!labels_is_wide(&h->labels))
		die("class-weights: head '%s' is of type %s, which has no "
		    "classes",
		    h->name, labels_type_name(h->labels.type));
}

/* The weights of a head by a rule; own: it is of the head's task alone. */
static double *
weigh(struct classrule *rule, bool own, const struct config *c, size_t head,
    const struct pack *const *packs, const size_t *of, const struct plan *plan)
{
	const struct head *h = &c->head[head];
	double *w;

	if (own && (rule->balanced || rule->count > 0))
		refuse_scores(h);
	if (!labels_is_wide(&h->labels))
		return NULL;
	if (rule->balanced)
		return take_counts(c, head, packs, of, plan);
	w = take_list(h, rule);
	if (own)
		check_used(rule, h);
	return w;
}

double **
classweight_make(const struct recipe *r, const struct config *c,
    const struct pack *const *packs, const size_t *head,
    const struct plan *plan)
{
	double **weight = mem_zero(c->head_count, sizeof(*weight));
	struct classrule all, own;
	bool any = false;

	classrule_parse(&all, r->class_weights);
	for (size_t i = 0; i < c->head_count; i++) {
		const char *rule =
		    recipe_task(r, c->head[i].name).class_weights;

		if (rule != NULL) {
			classrule_parse(&own, rule);
			weight[i] = weigh(&own, true, c, i, packs, head, plan);
			classrule_free(&own);
		} else {
			weight[i] = weigh(&all, false, c, i, packs, head, plan);
		}
		any |= weight[i] != NULL;
	}
	check_used(&all, NULL);
	classrule_free(&all);
	if (any)
		return weight;
	free(weight);
	return NULL;
}

void
classweight_put(struct buf *out, const struct head *h, const double *weight)
{
	for (size_t c = 0; c < h->outputs; c++) {
		bool set = h->labels.type == TASK_MULTILABEL;
		char yes[NUM_TEXT], no[NUM_TEXT];

		num_put(yes, weight[set ? 2 * c + 1 : c]);
		num_put(no, weight[set ? 2 * c : c]);
		buf_print(out, "%s%s %s%s%s", c > 0 ? ", " : "",
		    h->labels.name[c], yes, set ? "/" : "", set ? no : "");
	}
}
