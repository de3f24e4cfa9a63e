#include "train/update.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
reserve(struct update_setting *u, size_t rows)
{
	size_t C = 1, H = u->m->config.hidden;

	if (rows <= u->room)
		return;
	for (size_t i = 0; i < u->m->config.head_count; i++)
		if (u->m->config.head[i].outputs > C)
			C = u->m->config.head[i].outputs;
	update_free(u);
	u->room = rows;
	u->logits = mem_alloc(rows, C * sizeof(real));
	u->dlogits = mem_alloc(rows, C * sizeof(real));
	u->dpooled = mem_alloc(rows, H * sizeof(real));
	u->targets = mem_alloc(rows, C * sizeof(float));
	u->labels = mem_alloc(rows, sizeof(float));
	u->groups = mem_alloc(rows, sizeof(int32_t));
	u->has_soft = mem_alloc(rows, sizeof(bool));
	u->rows = mem_alloc(rows, sizeof(size_t));
}

void
update_free(struct update_setting *u)
{
	free(u->logits);
	free(u->dlogits);
	free(u->dpooled);
	free(u->targets);
	free(u->labels);
	free(u->groups);
	free(u->has_soft);
	free(u->rows);
	u->logits = u->dlogits = u->dpooled = NULL;
	u->targets = u->labels = NULL;
	u->groups = NULL;
	u->has_soft = NULL;
	u->rows = NULL;
	u->room = 0;
}

/* Rows, or questions, of a batch: what its loss is the mean over. */
static size_t
units_of(const struct update_setting *u, const struct batch *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->rows; i++)
		n += !batch_goes_on(b, u->packs, i);
	return n;
}

/* The rows of one pack in a batch, with their targets side by side. */
static struct loss_rows
rows_of(struct update_setting *u, const struct batch *b, size_t pack)
{
	const struct soft *soft = u->soft != NULL ? &u->soft[pack] : NULL;
	struct loss_rows r = {
		.logits = u->logits, .label = u->labels, .group = u->groups
	};

	if (soft != NULL && soft->has != NULL) {
		r.soft = u->targets;
		r.has_soft = u->has_soft;
	}
	for (size_t i = 0; i < b->rows; i++) {
		size_t row = b->from[i].row;

		if (b->from[i].pack != pack)
			continue;
		u->rows[r.n] = i;
		u->labels[r.n] = b->label[i];
		u->groups[r.n] = b->group[i];
		if (r.soft != NULL) {
			memcpy(u->targets + r.n * soft->width,
			    soft->value + row * soft->width,
			    soft->width * sizeof(float));
			u->has_soft[r.n] = soft->has[row];
		}
		r.n++;
	}
	return r;
}

/* Zeros for what SAN heads add, if any head of the batch is one. */
static real *
hidden_gradient(struct update_setting *u, const struct batch *b)
{
	size_t H = u->m->config.hidden;
	bool wanted = false;

	for (size_t i = 0; i < b->rows; i++)
		wanted |= answer_reads_all(u->m, u->head[b->from[i].pack]);
	if (!wanted)
		return NULL;
	if (b->tokens > u->token_room) {
		u->token_room = b->tokens;
		u->dhidden =
		    mem_resize(u->dhidden, b->tokens, H * sizeof(real));
	}
	memset(u->dhidden, 0, b->tokens * H * sizeof(real));
	return u->dhidden;
}

/* The head's own weights of its two losses. */
static void
learn_weights(
    const struct update_setting *u, struct loss_rule *rule, size_t learned)
{
	const real *s = u->m->value + learned;

	rule->hard_weight = loss_learned_weight(rule->type, s[0]);
	rule->soft_weight = loss_learned_weight(rule->type, s[1]);
}

static size_t
count_rows(const struct batch *b, size_t pack)
{
	size_t n = 0;

	for (size_t i = 0; i < b->rows; i++)
		n += b->from[i].pack == pack;
	return n;
}

void
update_batch(struct update_setting *u, const struct batch *b,
    const struct batch *whole, size_t step, size_t total, double share,
    struct loss_sum *sum, bool *active, bool *in)
{
	const struct recipe *r = u->recipe;
	struct encoder_noise noise = { (uint64_t)r->seed, step, r->dropout,
		r->dropout };
	struct loss_rule rule = { .soft = (enum soft_loss)r->soft_loss,
		.temperature = r->temperature };
	struct answer_noise head_noise = { noise.seed, step };
	double units = r->loss_sum ? 1 : (double)units_of(u, whole);
	struct encoder_reads cls = encoder_reads_cls(b);
	real *dhidden = hidden_gradient(u, b);

	for (size_t i = 0; i < whole->rows; i++) {
		size_t pack = whole->from[i].pack;

		active[u->head[pack]] = in[pack] = true;
	}
	if (b->rows == 0)
		return;
	reserve(u, b->rows);
	rule.norm = units / share;
	encoder_forward(u->encoder, b, dhidden != NULL ? NULL : &cls, &noise);
	for (size_t k = 0; k < u->pack_count; k++) {
		struct loss_rows rows = rows_of(u, b, k);
		const struct head *h = &u->m->config.head[u->head[k]];
		size_t learned = u->m->params.head[u->head[k]].uncertainty;
		struct loss_sum before;
		double part;

		if (rows.n == 0)
			continue;
		rule.type = h->labels.type;
		rule.outputs = h->outputs;
		rule.weight = u->weight[k];
		mix_weights(
		    &r->mix, step, total, &rule.hard_weight, &rule.soft_weight);
		if (learned != PARAMS_NONE && rows.soft != NULL)
			learn_weights(u, &rule, learned);
		before = *sum;
		answer_forward(u->answer, u->logits, u->head[k], u->encoder, b,
		    u->rows, rows.n, &head_noise);
		loss_backward(u->dlogits, sum, &rows, &rule);
		answer_backward(u->answer, u->dpooled, dhidden, u->grad,
		    u->head[k], u->dlogits);
		if (learned == PARAMS_NONE || rows.soft == NULL)
			continue;
		part = share * (double)rows.n / (double)count_rows(whole, k);
		loss_learned_backward(u->grad + learned, sum,
		    u->m->value + learned, h->labels.type,
		    (sum->both_hard - before.both_hard) / part,
		    (sum->both_soft - before.both_soft) / part,
		    rule.weight * part);
	}
	encoder_backward(u->encoder, u->grad, u->dpooled, dhidden);
}
