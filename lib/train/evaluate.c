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

/* Those of the pack of which a higher value is a better one. */
static void
choose(struct evaluation *v, const struct pack *p)
{
	enum metric list[METRIC_COUNT];
	size_t n = pack_metrics(list, p);

	for (size_t i = 0; i < n; i++)
		if (metric_is_quality(list[i]))
			add_metric(v, list[i]);
}

/* Answers beside gold: the labelled rows, or the questions of a ranking. */
struct judged {
	size_t n;
	int *gold, *guess;
	double *truth, *score, *probability;
	uint8_t *applies;
};

static void
free_judged(struct judged *j)
{
	free(j->gold);
	free(j->guess);
	free(j->truth);
	free(j->score);
	free(j->probability);
	free(j->applies);
}

static void
judge_row(struct judged *j, const struct pack *p, const float *out, size_t C,
    size_t r)
{
	size_t n = j->n++;

	if (p->labels.type == TASK_REGRESSION) {
		j->truth[n] = (double)p->label[r];
		j->score[n] = (double)out[r];
		return;
	}
	for (size_t c = 0; c < C; c++)
		j->probability[n * C + c] = (double)out[r * C + c];
	if (p->applies != NULL)
		memcpy(j->applies + n * C, p->applies + r * C, C);
	j->gold[n] = (int)p->label[r];
	j->guess[n] = metric_argmax(out + r * C, C);
}

/* Class 1 is a right answer; a question's top candidate has the probability. */
static void
judge_questions(struct judged *j, const struct pack *p, const float *out)
{
	size_t r = 0;

	j->n = metric_hits(j->guess, p->label, out, p->group, p->rows);
	for (size_t q = 0; q < j->n; q++) {
		int32_t group = p->group[r];
		double top = 0;

		for (; r < p->rows && p->group[r] == group; r++)
			top = fmax(top, (double)out[r]);
		j->gold[q] = 1;
		j->probability[2 * q + (size_t)j->guess[q]] = top;
		j->probability[2 * q + (size_t)(1 - j->guess[q])] = 1 - top;
	}
}

static struct rows
judge(struct judged *j, const struct pack *p, const float *out, size_t C)
{
	bool scores = p->labels.type == TASK_REGRESSION;
	size_t n = p->rows, width = p->labels.type == TASK_RANKING ? 2 : C;

	*j = (struct judged){ .gold = mem_alloc(n, sizeof(int)),
		.guess = mem_alloc(n, sizeof(int)),
		.truth = mem_alloc(n, sizeof(double)),
		.score = mem_alloc(n, sizeof(double)),
		.probability = mem_alloc(n, width * sizeof(double)),
		.applies = mem_alloc(n, C) };
	if (p->labels.type == TASK_RANKING)
		judge_questions(j, p, out);
	for (size_t r = 0; r < n && p->labels.type != TASK_RANKING; r++)
		if (!isnan(p->label[r]))
			judge_row(j, p, out, C, r);
	return (struct rows){ .n = j->n,
		.classes = scores ? 0 : width,
		.gold = j->gold,
		.guess = j->guess,
		.probability = scores ? NULL : j->probability,
		.applies = p->applies != NULL ? j->applies : NULL,
		.threshold = 0.5,
		.truth = j->truth,
		.score = j->score };
}

void
evaluate_pack(struct evaluation *v, const struct goal *goal,
    const struct model *m, struct encoder *e, const struct pack *p, size_t head)
{
	size_t C = m->config.head[head].outputs;
	float *out = mem_alloc(p->rows, C * sizeof(*out));
	struct judged judged;
	struct rows rows;

	*v = (struct evaluation){ 0 };
	choose(v, p);
	predict_pack(out, m, e, p, head, NULL);
	rows = judge(&judged, p, out, C);
	v->rows = rows.n;
	for (size_t i = 0; i < v->metrics; i++)
		v->value[i] = rows_metric(&rows, v->metric[i]);
	v->goal = goal->mean ? (double)NAN : goal_value(goal, &rows);
	free_judged(&judged);
	free(out);
}

double
evaluate_worth(const struct evaluation *v, const struct goal *goal)
{
	double sum = 0;

	if (!goal->mean && goal->low)
		return isnan(v->goal) ? -1 : -v->goal;
	if (!goal->mean)
		return isnan(v->goal) ? 0 : v->goal;
	for (size_t i = 0; i < v->metrics; i++)
		sum += isnan(v->value[i]) ? 0 : v->value[i];
	return v->metrics > 0 ? sum / (double)v->metrics : 0;
}
