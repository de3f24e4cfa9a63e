/*
 * A small network with three heads, for the tests of the model: parameters
 * far from those of a new one, so that every gradient is felt.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "net/encoder.h"
#include "net/head.h"
#include "net/loss.h"

enum {
	NET_VOCAB = 23,
	NET_HIDDEN = 12,
	NET_ROWS = 6,
	NET_MOST = 80,
	NET_CLASSES = 3
};

/* What a pass is made of, and what it leaves. */
struct net {
	struct model *m;
	struct encoder *e;
	struct batch b;
	bool all;			  /* every token of the last layer */
	double hidden, attention, before; /* dropout rates */
	size_t head;
	struct loss_rule rule;
	const float *soft; /* [rows,C] or NULL */
	const bool *has_soft;
	real *states; /* [T,H] weights of hidden states in the
			 objective, with all; or NULL */
	real *grad, *dpooled;
	real logits[NET_ROWS * NET_CLASSES], dlogits[NET_ROWS * NET_CLASSES];
	real kept[NET_ROWS * NET_HIDDEN];
	struct loss_sum sum;
};

static inline void
net_config(struct config *c, enum pooler pooler)
{
	static char *labels[] = { "a", "b", "c" };
	const struct head heads[] = {
		{ .name = "three",
		    .labels = { TASK_CLASSIFICATION, 3, labels },
		    .outputs = 3 },
		{ .name = "score",
		    .labels = { .type = TASK_REGRESSION },
		    .outputs = 1 },
		{ .name = "rank",
		    .labels = { TASK_RANKING, 2, labels },
		    .outputs = 1 }
	};

	*c = (struct config){ .vocab = NET_VOCAB,
		.hidden = NET_HIDDEN,
		.layers = 2,
		.heads = 3,
		.inner = 20,
		.positions = NET_MOST,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.3,
		.pooler = pooler };
	for (size_t i = 0; i < COUNT(heads); i++)
		config_add_head(c, &heads[i]);
}

/* The config goes. */
static inline struct model *
net_model_of(struct config *c)
{
	struct model *m;
	struct rng r = rng_key(9, 9, 9);

	put_text_file("vocab.txt", "[PAD]\n");
	m = model_new(c, "vocab.txt", false, 5);
	for (size_t i = 0; i < m->params.total; i++)
		m->value[i] += (real)(0.1 * rng_normal(r, i));
	config_free(c);
	return m;
}

static inline struct model *
net_model(enum pooler pooler)
{
	struct config c;

	net_config(&c, pooler);
	return net_model_of(&c);
}

/* Six rows of 1 to 70 tokens: more than a block of queries. */
static inline void
net_batch(struct batch *b, size_t first, size_t count)
{
	static const size_t lengths[NET_ROWS] = { 5, 1, 70, 3, 8, 2 };
	static const float labels[NET_ROWS] = { 2, 0, 1, 1, 0, 2 };
	struct rng r = rng_key(4, 4, 4);
	size_t before = 0;

	batch_clear(b);
	for (size_t i = 0; i < first; i++)
		before += lengths[i];
	for (size_t i = first; i < first + count; i++) {
		int32_t token[NET_MOST];

		for (size_t k = 0; k < lengths[i]; k++)
			token[k] =
			    (int32_t)rng_below(r, 100 * i + k, NET_VOCAB);
		batch_add(b, token, lengths[i], (lengths[i] + 1) / 2);
		b->label[i - first] = labels[i];
		b->group[i - first] = (int32_t)(i / 2);
		b->from[i - first].row = i;
	}
	b->first_row = first;
	b->first_token = before;
}

static inline void
net_start(struct net *n, struct model *m, bool recompute)
{
	*n = (struct net){ .m = m, .e = encoder_new(m, true, recompute) };
	n->rule = (struct loss_rule){ .type = TASK_CLASSIFICATION,
		.outputs = NET_CLASSES,
		.temperature = 1,
		.hard_weight = 1,
		.weight = 1,
		.norm = NET_ROWS };
	net_batch(&n->b, 0, NET_ROWS);
	n->grad = mem_zero(m->params.total, sizeof(*n->grad));
	n->dpooled = mem_zero(NET_ROWS * NET_HIDDEN, sizeof(*n->dpooled));
}

static inline void
net_end(struct net *n)
{
	encoder_free(n->e);
	batch_free(&n->b);
	free(n->grad);
	free(n->dpooled);
}

static inline void
net_use_head(struct net *n, size_t head)
{
	const struct head *h = &n->m->config.head[head];

	n->head = head;
	n->rule.type = h->labels.type;
	n->rule.outputs = h->outputs;
}

static inline struct dropout
net_dropout(const struct net *n)
{
	return dropout_make(rng_key(8, 1, 3), n->before);
}

/* The loss, and with states the weighted sum of the last layer. */
static inline double
net_forward(struct net *n)
{
	struct encoder_dropout dropout = { 8, 3, n->hidden, n->attention };
	struct loss_rows rows = { .n = n->b.rows,
		.logits = n->logits,
		.label = n->b.label,
		.group = n->b.group,
		.soft = n->soft,
		.has_soft = n->has_soft };
	struct encoder_reads cls = encoder_reads_cls(&n->b);
	double more = 0;

	encoder_forward(n->e, &n->b, n->all ? NULL : &cls, &dropout);
	head_forward(n->logits, n->kept, n->m, n->head, encoder_pooled(n->e),
	    n->b.one, n->b.rows, net_dropout(n), n->b.first_row);
	n->sum = (struct loss_sum){ 0 };
	loss_backward(n->dlogits, &n->sum, &rows, &n->rule);
	for (size_t i = 0; n->states != NULL && i < n->b.tokens * NET_HIDDEN;
	     i++)
		more += (double)n->states[i] * (double)encoder_hidden(n->e)[i];
	return n->sum.loss + more;
}

/* Gradients of net_forward, added to grad. */
static inline void
net_backward(struct net *n)
{
	net_forward(n);
	head_backward(n->dpooled, n->grad, n->m, n->head, n->dlogits, n->kept,
	    n->b.one, n->b.rows, net_dropout(n), n->b.first_row);
	encoder_backward(n->e, n->grad, n->dpooled, n->states);
}

/* The largest difference of two arrays over the size of the second. */
static inline double
net_distance(const real *a, const real *b, size_t n)
{
	double most = 0, size = 1e-30;

	for (size_t i = 0; i < n; i++) {
		size = fmax(size, fabs((double)b[i]));
		most = fmax(most, fabs((double)a[i] - (double)b[i]));
	}
	return most / size;
}

#endif
