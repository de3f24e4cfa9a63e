#include "train/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
add_metric(struct evaluation *v, enum metric m)
{
	v->metric[v->metrics++] = m;
}

/* The metrics that the pack names, else those usual for its type. */
static void
choose(struct evaluation *v, const struct pack *p)
{
	const char *names = st_meta(p->file, "metrics");
	char *copy, *word, *rest;

	if (names == NULL) {
		v->metrics = metric_usual(v->metric, p->labels.type);
		return;
	}
	copy = mem_string(names);
	for (word = strtok_r(copy, ",", &rest); word != NULL;
	     word = strtok_r(NULL, ",", &rest)) {
		int found = metric_find(word);
		enum metric m = (enum metric)found;

		if (found >= 0 && v->metrics < METRIC_COUNT &&
		    metric_suits(m, &p->labels) && metric_is_quality(m))
			add_metric(v, m);
	}
	free(copy);
}

static void
measure_classes(
    struct evaluation *v, const struct pack *p, const float *out, size_t C)
{
	int *gold = mem_alloc(p->rows, sizeof(*gold));
	int *guess = mem_alloc(p->rows, sizeof(*guess));
	double *probability = mem_alloc(p->rows, C * sizeof(*probability));
	uint8_t *applies = mem_alloc(p->rows, C);
	struct rows rows = { .classes = C,
		.gold = gold,
		.guess = guess,
		.probability = probability,
		.applies = p->applies != NULL ? applies : NULL,
		.threshold = 0.5 };

	for (size_t r = 0; r < p->rows; r++) {
		if (isnan(p->label[r]))
			continue;
		for (size_t c = 0; c < C; c++)
			probability[v->rows * C + c] = (double)out[r * C + c];
		if (p->applies != NULL)
			memcpy(applies + v->rows * C, p->applies + r * C, C);
		gold[v->rows] = (int)p->label[r];
		guess[v->rows++] = metric_argmax(out + r * C, C);
	}
	rows.n = v->rows;
	for (size_t i = 0; i < v->metrics; i++)
		v->value[i] = rows_metric(&rows, v->metric[i]);
	free(gold);
	free(guess);
	free(applies);
	free(probability);
}

static void
measure_scores(struct evaluation *v, const struct pack *p, const float *out)
{
	double *gold = mem_alloc(p->rows, sizeof(*gold));
	double *score = mem_alloc(p->rows, sizeof(*score));

	for (size_t r = 0; r < p->rows; r++) {
		if (isnan(p->label[r]))
			continue;
		gold[v->rows] = (double)p->label[r];
		score[v->rows++] = (double)out[r];
	}
	for (size_t i = 0; i < v->metrics; i++)
		v->value[i] = metric_scores(v->metric[i], gold, score, v->rows);
	free(gold);
	free(score);
}

void
evaluate_pack(struct evaluation *v, const struct model *m, struct encoder *e,
    const struct pack *p, size_t head)
{
	size_t C = m->config.head[head].outputs;
	float *out = mem_alloc(p->rows, C * sizeof(*out));

	*v = (struct evaluation){ 0 };
	choose(v, p);
	predict_pack(out, m, e, p, head, NULL);
	if (labels_is_wide(&p->labels)) {
		measure_classes(v, p, out, C);
	} else if (p->labels.type == TASK_REGRESSION) {
		measure_scores(v, p, out);
	} else {
		int *hit = mem_alloc(p->rows, sizeof(*hit));

		v->rows = metric_hits(hit, p->label, out, p->group, p->rows);
		v->value[0] = metric_ranking(p->label, out, p->group, p->rows);
		free(hit);
	}
	free(out);
}

double
evaluate_mean(const struct evaluation *v)
{
	double sum = 0;

	for (size_t i = 0; i < v->metrics; i++)
		sum += isnan(v->value[i]) ? 0 : v->value[i];
	return v->metrics > 0 ? sum / (double)v->metrics : 0;
}
