#include "train/update.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
free_scratch(struct update *u)
{
	free(u->logits);
	free(u->dlogits);
	free(u->dpooled);
	free(u->targets);
	free(u->labels);
	free(u->applies);
	free(u->groups);
	free(u->has_soft);
	free(u->rows);
	u->logits = u->dlogits = u->dpooled = NULL;
	u->targets = u->labels = NULL;
	u->applies = NULL;
	u->groups = NULL;
	u->has_soft = NULL;
	u->rows = NULL;
	u->room = 0;
}

static void
reserve(struct update *u, size_t rows)
{
	size_t C = 1, H = u->m->config.hidden;

	if (rows <= u->room)
		return;
	for (size_t i = 0; i < u->m->config.head_count; i++)
		if (u->m->config.head[i].outputs > C)
			C = u->m->config.head[i].outputs;
	free_scratch(u);
	u->room = rows;
	u->logits = mem_alloc(rows, C * sizeof(real));
	u->dlogits = mem_alloc(rows, C * sizeof(real));
	u->dpooled = mem_alloc(rows, H * sizeof(real));
	u->targets = mem_alloc(rows, C * sizeof(float));
	u->labels = mem_alloc(rows, sizeof(float));
	u->applies = mem_alloc(rows, C);
	u->groups = mem_alloc(rows, sizeof(int32_t));
	u->has_soft = mem_alloc(rows, sizeof(bool));
	u->rows = mem_alloc(rows, sizeof(size_t));
}

void
update_start(struct update *u)
{
	u->active = mem_zero(u->m->config.head_count, sizeof(*u->active));
	u->in = mem_zero(u->pack_count, sizeof(*u->in));
	u->count = mem_zero(u->pack_count, sizeof(*u->count));
}

void
update_free(struct update *u)
{
	free_scratch(u);
	free(u->dhidden);
	free(u->active);
	free(u->in);
	free(u->count);
}

void
update_begin(struct update *u, size_t step, size_t total, double share)
{
	u->step = step;
	u->share = share;
	mix_weights(&u->recipe->mix, step, total, &u->hard, &u->soft_weight);
	memset(u->active, 0, u->m->config.head_count * sizeof(*u->active));
	memset(u->in, 0, u->pack_count * sizeof(*u->in));
}

/* A row that a student learns from inside alone has no loss of its own. */
static bool
has_target(const struct update *u, const struct batch *b, size_t i)
{
	size_t pack = b->from[i].pack;

	if (u->teach == NULL || !isnan(b->label[i]) ||
	    teach_answers(u->teach, pack) ||
	    u->packs[pack]->labels.type == TASK_RANKING)
		return true;
	return u->soft != NULL && u->soft[pack].has != NULL &&
	       u->soft[pack].has[b->from[i].row];
}

void
update_meet(struct update *u, const struct batch *b)
{
	u->units = 0;
	memset(u->count, 0, u->pack_count * sizeof(*u->count));
	for (size_t i = 0; i < b->rows; i++) {
		size_t pack = b->from[i].pack;

		u->count[pack]++;
		u->in[pack] = true;
		u->active[u->head[pack]] |= u->recipe->answer_weight > 0;
		u->units +=
		    has_target(u, b, i) && !batch_goes_on(b, u->packs, i);
	}
	u->tokens = (double)b->tokens;
	if (u->units == 0)
		u->units = 1;
}

/* The rows of one pack in a batch, with their targets side by side. */
static struct loss_rows
rows_of(struct update *u, const struct batch *b, size_t pack)
{
	const struct soft *soft = u->soft != NULL ? &u->soft[pack] : NULL;
	bool taught = u->teach != NULL && teach_answers(u->teach, pack);
	const struct pack *p = u->packs[pack];
	size_t C = u->m->config.head[u->head[pack]].outputs;
	struct loss_rows r = { .logits = u->logits,
		.label = u->labels,
		.applies = u->applies,
		.group = u->groups };

	if (taught || (soft != NULL && soft->has != NULL)) {
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
		if (p->applies != NULL)
			memcpy(u->applies + r.n * C, p->applies + row * C, C);
		if (r.soft != NULL) {
			memcpy(u->targets + r.n * C,
			    taught ? teach_soft(u->teach, i)
				   : soft->value + row * C,
			    C * sizeof(float));
			u->has_soft[r.n] = taught || soft->has[row];
		}
		r.n++;
	}
	return r;
}

/* Zeros for what SAN heads add, if any head of the batch is one. */
static real *
hidden_gradient(struct update *u, const struct batch *b)
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

/* How the rows of a pack count: a head may have weights of its own. */
static struct loss_rule
rule_of(const struct update *u, size_t pack, size_t learned)
{
	const struct recipe *r = u->recipe;
	const struct head *h = &u->m->config.head[u->head[pack]];
	const real *s;
	struct loss_rule rule = { .type = h->labels.type,
		.outputs = h->outputs,
		.soft = (enum soft_loss)r->soft_loss,
		.temperature = r->temperature,
		.hard_weight = u->hard,
		.soft_weight = u->soft_weight,
		.weight = u->weight[pack],
		.class_weight = u->class_weight != NULL
				    ? u->class_weight[u->head[pack]]
				    : NULL,
		.norm = (r->loss_sum ? 1 : u->units) / u->share };

	if (learned == PARAMS_NONE)
		return rule;
	s = u->m->value + learned;
	rule.hard_weight = loss_learned_weight(h->labels.type, s[0]);
	rule.soft_weight = loss_learned_weight(h->labels.type, s[1]);
	return rule;
}

/* The rows of one pack: their losses, and the gradients of their head. */
static void
pass_pack(struct update *u, const struct batch *b, size_t pack, real *dhidden,
    struct loss_sum *sum)
{
	struct answer_dropout dropout = { (uint64_t)u->recipe->seed, u->step };
	struct loss_rows rows = rows_of(u, b, pack);
	size_t head = u->head[pack], learned = PARAMS_NONE;
	struct loss_sum before = *sum;
	struct loss_rule rule;
	double part;

	if (rows.n == 0)
		return;
	if (rows.soft != NULL)
		learned = u->m->params.head[head].uncertainty;
	rule = rule_of(u, pack, learned);
	answer_forward(u->answer, u->logits, head, u->encoder, b, u->rows,
	    rows.n, &dropout);
	loss_backward(u->dlogits, sum, &rows, &rule);
	answer_backward(
	    u->answer, u->dpooled, dhidden, u->grad, head, u->dlogits);
	if (learned == PARAMS_NONE)
		return;
	part = u->share * (double)rows.n / (double)u->count[pack];
	loss_learned_backward(u->grad + learned, sum, u->m->value + learned,
	    rule.type, (sum->both_hard - before.both_hard) / part,
	    (sum->both_soft - before.both_soft) / part, rule.weight * part);
}

void
update_pass(struct update *u, const struct batch *b, struct loss_sum *sum)
{
	const struct recipe *r = u->recipe;
	struct encoder_dropout dropout = { (uint64_t)r->seed, u->step,
		r->dropout, r->dropout };
	struct encoder_reads cls = encoder_reads_cls(b);
	real *dhidden;
	bool all;

	if (b->rows == 0)
		return;
	reserve(u, b->rows);
	dhidden = hidden_gradient(u, b);
	all = dhidden != NULL;
	if (u->teach != NULL)
		all |= teach_begin(u->teach, u->encoder, b);
	encoder_forward(u->encoder, b, all ? NULL : &cls, &dropout);
	if (u->teach != NULL)
		teach_pass(u->teach, sum, u->grad, b, u->tokens / u->share);
	for (size_t k = 0; k < u->pack_count; k++)
		pass_pack(u, b, k, dhidden, sum);
	encoder_backward(u->encoder, u->grad, u->dpooled, dhidden);
}
