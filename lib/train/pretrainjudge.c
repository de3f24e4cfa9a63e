#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/process.h"
#include "layer/embed.h"
#include "net/encoder.h"
#include "train/cost.h"
#include "train/pretrainer.h"

struct encoder_reads
pretrainer_reads(const struct masked_batch *b)
{
	return (struct encoder_reads){ b->token, b->start, b->reads };
}

const real *
pretrainer_states(const struct pretrainer *t, const struct encoder *e,
    const struct model *m, real **room, size_t *size)
{
	const struct masked_batch *b = t->batch;
	size_t H = m->config.hidden;

	if (!t->inside)
		return encoder_hidden(e);
	*room = mem_grow(*room, size, b->reads * H, sizeof(**room));
	embed_gather(*room, encoder_hidden(e), b->token, b->reads, H);
	return *room;
}

static void
put_metric(const struct loop *l, const char *metric, double value, double n)
{
	char text[NUM_TEXT];

	if (l->run.dev == NULL)
		return;
	num_put(text, value);
	fprintf(l->run.dev, "%zu\t%zu\t%s\t%s\t%.0f\n", l->run.state.updates,
	    l->run.state.tokens, metric, text, n);
}

/* What the held-out text comes to, in sums that processes can share. */
struct outcome {
	double loss, right, asked, next_right, feature, tokens;
};

static void
sum_outcomes(struct outcome *out)
{
	double all[] = { out->loss, out->right, out->asked, out->next_right,
		out->feature, out->tokens };

	process_sum(all, sizeof(all) / sizeof(all[0]));
	*out =
	    (struct outcome){ all[0], all[1], all[2], all[3], all[4], all[5] };
}

/* What the pieces asked for of the batch at hand come to. */
static void
judge_answers(struct pretrainer *t, struct outcome *out)
{
	const struct masked_batch *b = t->batch;
	struct mlm_rule rule = { 1, 0, 1, 1 };
	struct mlm_sum sum = { .hard = out->loss };
	const real *states = pretrainer_states(
	    t, t->loop.judge, t->student.m, &t->mine, &t->mine_room);

	mlm_pass(t->student.head, &sum, NULL, NULL, states, b->want, b->reads,
	    &rule, NULL, NULL);
	out->loss = sum.hard;
	out->right += (double)sum.right;
	out->asked += (double)sum.asked;
}

/* Sequences [first, first + n) of the held-out text. */
static void
evaluate_batch(
    struct pretrainer *t, struct outcome *out, const size_t *order, size_t n)
{
	struct encoder *judge = t->loop.judge;
	struct masked_batch *b = &t->whole;
	struct encoder_reads reads;
	struct loss_sum sum = { 0 };
	size_t right = 0;

	t->batch = b;
	masked_fill(b, t->dev, order, n, 0);
	reads = pretrainer_reads(b);
	if (t->inside)
		teach_begin(t->teach, judge, &b->b);
	encoder_forward(judge, &b->b, t->inside ? NULL : &reads, NULL);
	if (t->inside)
		teach_pass(t->teach, &sum, NULL, &b->b, 1);
	if (t->answers)
		judge_answers(t, out);
	if (t->recipe->next_sentence)
		mlm_next_pass(t->student.m, NULL, NULL, encoder_pooled(judge),
		    b->apart, b->b.rows, 1, &right);
	out->feature += sum.feature;
	out->next_right += (double)right;
	out->tokens += (double)b->b.tokens;
}

static void
put_metrics(struct loop *l, const struct outcome *out, size_t n)
{
	const struct pretrainer *t = l->self;

	if (t->answers) {
		put_metric(l, "loss", out->loss, out->asked);
		put_metric(l, "perplexity", exp(out->loss), out->asked);
		put_metric(l, "accuracy", out->right / out->asked, out->asked);
	}
	if (t->recipe->next_sentence)
		put_metric(
		    l, "next_sentence", out->next_right / (double)n, (double)n);
	if (t->inside)
		put_metric(l, "feature", out->feature, out->tokens);
}

/*
 * The held-out text, masked as in epoch 0 of its own.  What is best has the
 * lowest loss, of answers and from inside as in training.
 */
double
pretrainer_evaluate(struct loop *l)
{
	struct pretrainer *t = l->self;
	size_t n = masked_sequences(t->dev),
	       size = (size_t)t->recipe->batch_size;
	size_t *order = mem_alloc(n, sizeof(*order));
	struct outcome out = { 0 };

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = process_rank() * size; i < n;
	     i += process_count() * size)
		evaluate_batch(t, &out, order + i, n - i < size ? n - i : size);
	sum_outcomes(&out);
	if (t->answers)
		out.loss /= out.asked;
	if (t->inside)
		out.feature /= out.tokens;
	put_metrics(l, &out, n);
	free(order);
	if (!t->inside)
		return -out.loss;
	return -(t->recipe->answer_weight * out.loss + out.feature);
}

/* What reads a batch of so many rows of the longest length, besides weights. */
static size_t
reading_bytes(const struct pretrainer *t, const struct config *c, size_t rows,
    size_t longest, bool train)
{
	size_t asked = (size_t)ceil(t->recipe->mask * (double)(rows * longest));

	return encoder_bytes(c, t->student.m->product, longest * rows, rows,
		   longest, train, train && t->recipe->recompute) +
	       (t->answers ? mlm_bytes(c, asked, train && t->teacher.m != NULL)
			   : 0);
}

/* The teacher's: what teach.h knows of it, and its masked-LM head. */
static size_t
teacher_bytes(const struct pretrainer *t, size_t longest)
{
	const struct model *m = t->teacher.m;
	size_t rows = (size_t)t->recipe->batch_size, asked;

	if (m == NULL)
		return 0;
	if (!t->inside)
		return m->params.total * sizeof(real) +
		       reading_bytes(t, &m->config, rows, longest, false);
	asked = (size_t)ceil(t->recipe->mask * (double)(rows * longest));
	return teach_bytes(t->teach, rows * longest, rows, longest) +
	       (t->answers ? mlm_bytes(&m->config, asked, false) : 0);
}

static double
teacher_flops(const struct pretrainer *t, double length)
{
	if (t->teacher.m == NULL)
		return 0;
	if (!t->inside)
		return encoder_flops(&t->teacher.m->config, length);
	return teach_flops(t->teach, 0, (size_t)ceil(length)) / ceil(length);
}

/* Of a masked-LM head's decoder, for each token of the text. */
static double
decoder_flops(const struct pretrainer *t, const struct model *m, double each)
{
	return each * t->recipe->mask *
	       (double)(m->config.vocab * config_embedding(&m->config));
}

void
pretrainer_cost(const struct pretrainer *t)
{
	const struct model *m = t->student.m, *teacher = t->teacher.m;
	double rows = (double)masked_sequences(t->masked);
	double tokens = (double)masked_tokens(t->masked);
	double length = tokens / rows;
	double share = (double)t->loop.total / (double)t->loop.per_epoch;
	size_t longest = (size_t)ceil(length);
	struct cost cost = { .updates = t->loop.total,
		.per_epoch = t->loop.per_epoch,
		.rows = rows,
		.tokens = tokens * share,
		.flops = (cost_token_flops(&m->config, length) +
			     decoder_flops(t, m, 6)) *
			 tokens * share,
		.bytes = cost_parameter_bytes(m) + 4 * t->text.text.count +
			 reading_bytes(t, &m->config,
			     (size_t)t->recipe->batch_size, longest, true),
		.teacher_bytes = teacher_bytes(t, longest) };

	if (teacher != NULL)
		cost.teacher_flops =
		    (teacher_flops(t, length) + decoder_flops(t, teacher, 2)) *
		    tokens * share;
	cost.flops += cost.teacher_flops;
	cost.bytes += cost.teacher_bytes;
	fputs(t->recipe->text, stdout);
	cost_report(m, &cost);
}
