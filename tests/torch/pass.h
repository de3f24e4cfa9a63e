/*
 * One pass of a model over all rows of some packs, without dropout: states,
 * logits, the hard losses' sum and its gradient.  The parity tests compare
 * it with PyTorch's; dump.c writes it.
 */
#ifndef PASS_H
#define PASS_H

#include <stdlib.h>

#include "base/mem.h"
#include "layer/kernel.h"
#include "model/encoder.h"
#include "model/head.h"
#include "model/loss.h"

enum { PASS_PACKS = 4 };

/* The rows of one pack in the batch, and what its head makes of them. */
struct pass_part {
	const struct pack *pack;
	size_t head, outputs;
	size_t first, tokens;	/* its first row, its first token */
	size_t *row;		/* [rows] places in the batch */
	real *logits, *dlogits; /* [rows, outputs] */
	real *kept;		/* [rows, H] */
	double loss;		/* mean over rows, or questions */
};

struct pass {
	const struct model *m;
	struct batch b;
	struct encoder *e;
	struct pass_part part[PASS_PACKS];
	size_t parts;
	real *dpooled; /* [B,H] */
	real *grad;    /* [params.total] */
};

static inline void
pass_add(struct pass *s, const struct pack *p)
{
	struct pass_part *q = &s->part[s->parts++];

	q->pack = p;
	q->head = (size_t)config_head(&s->m->config, p->head);
	q->outputs = s->m->config.head[q->head].outputs;
	q->first = s->b.rows;
	q->tokens = s->b.tokens;
	q->row = mem_alloc(p->rows, sizeof(*q->row));
	q->logits = mem_alloc(p->rows * q->outputs, sizeof(real));
	q->dlogits = mem_alloc(p->rows * q->outputs, sizeof(real));
	q->kept = mem_alloc(p->rows * s->m->config.hidden, sizeof(real));
	for (size_t r = 0; r < p->rows; r++) {
		size_t start = (size_t)p->starts[r];

		q->row[r] = s->b.rows;
		batch_add(&s->b, p->tokens + start,
		    (size_t)p->starts[r + 1] - start, (size_t)p->split[r]);
	}
}

static inline void
pass_start(struct pass *s, const struct model *m, struct pack *const *packs,
    size_t count, bool recompute)
{
	*s = (struct pass){ .m = m };
	batch_clear(&s->b);
	for (size_t i = 0; i < count; i++)
		pass_add(s, packs[i]);
	s->e = encoder_new(m, true, recompute);
	s->dpooled = mem_alloc(s->b.rows * m->config.hidden, sizeof(real));
	s->grad = mem_alloc(m->params.total, sizeof(real));
}

/* Rows of a pack, or questions. */
static inline size_t
pass_units(const struct pack *p)
{
	size_t n = 0;

	for (size_t r = 0; r < p->rows; r++)
		n += r == 0 || p->group[r] != p->group[r - 1];
	return n;
}

static inline void
pass_head(struct pass *s, struct pass_part *q)
{
	struct dropout none = { .scale = 1 };
	struct loss_sum sum = { 0 };
	struct loss_rows rows = { .n = q->pack->rows,
		.logits = q->logits,
		.label = q->pack->label,
		.group = q->pack->group };
	struct loss_rule rule = { .type = q->pack->type,
		.outputs = q->outputs,
		.temperature = 1,
		.hard_weight = 1,
		.weight = 1,
		.norm = (double)pass_units(q->pack) };

	head_forward(q->logits, q->kept, s->m, q->head, encoder_pooled(s->e),
	    q->row, q->pack->rows, none, 0);
	loss_backward(q->dlogits, &sum, &rows, &rule);
	q->loss = sum.loss;
	head_backward(s->dpooled, s->grad, s->m, q->head, q->dlogits, q->kept,
	    q->row, q->pack->rows, none, 0);
}

/*
 * Forward, then the heads' own gradients into a cleared grad; all as in
 * encoder_forward.
 */
static inline void
pass_forward(struct pass *s, bool all)
{
	memset(s->grad, 0, s->m->params.total * sizeof(*s->grad));
	encoder_forward(s->e, &s->b, all, NULL);
	for (size_t i = 0; i < s->parts; i++)
		pass_head(s, &s->part[i]);
}

/* Add the other gradients of the sum of the losses. */
static inline void
pass_backward(struct pass *s)
{
	encoder_backward(s->e, s->grad, s->dpooled, NULL);
}

static inline void
pass_stop(struct pass *s)
{
	for (size_t i = 0; i < s->parts; i++) {
		free(s->part[i].row);
		free(s->part[i].logits);
		free(s->part[i].dlogits);
		free(s->part[i].kept);
	}
	batch_free(&s->b);
	encoder_free(s->e);
	free(s->dpooled);
	free(s->grad);
}

#endif
