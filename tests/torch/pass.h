/*
 * One pass of a model over all rows of some packs, without dropout: states,
 * logits, the hard losses' sum and its gradient.  The parity tests compare
 * it with PyTorch's; dump.c writes it.
 */
#ifndef PASS_H
#define PASS_H

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/answer.h"
#include "net/encoder.h"
#include "net/loss.h"

enum { PASS_PACKS = 4 };

/* The rows of one pack in the batch, and what its head makes of them. */
struct pass_part {
	const struct pack *pack;
	size_t head, outputs;
	size_t first, tokens;	/* its first row, its first token */
	size_t *row;		/* [rows] places in the batch */
	real *logits, *dlogits; /* [rows, outputs] */
	double loss;		/* mean over rows, or questions */
};

struct pass {
	const struct model *m;
	struct batch b;
	struct encoder *e;
	struct answer *answer;
	struct pass_part part[PASS_PACKS];
	size_t parts;
	real *dpooled; /* [B,H] */
	real *dhidden; /* [T,H], what SAN heads read */
	real *grad;    /* [params.total] */
};

static inline void
pass_add(struct pass *s, const struct pack *p, size_t row, size_t token)
{
	struct pass_part *q = &s->part[s->parts++];

	q->pack = p;
	q->head = (size_t)config_head(&s->m->config, p->head);
	q->outputs = s->m->config.head[q->head].outputs;
	q->first = row;
	q->tokens = token;
	q->row = mem_alloc(p->rows, sizeof(*q->row));
	for (size_t r = 0; r < p->rows; r++)
		q->row[r] = row + r;
	q->logits = mem_alloc(p->rows * q->outputs, sizeof(real));
	q->dlogits = mem_alloc(p->rows * q->outputs, sizeof(real));
}

static inline void
pass_start(struct pass *s, const struct model *m,
    const struct pack *const *packs, size_t count, bool recompute)
{
	struct row_ref *rows;
	size_t n = 0, tokens = 0, H = m->config.hidden;

	*s = (struct pass){ .m = m };
	for (size_t i = 0; i < count; i++) {
		pass_add(s, packs[i], n, tokens);
		n += packs[i]->rows;
		tokens += packs[i]->tokens_total;
	}
	rows = mem_alloc(n, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		for (size_t r = 0; r < packs[i]->rows; r++)
			rows[s->part[i].first + r] = (struct row_ref){ i, r };
	batch_fill(&s->b, packs, rows, n);
	free(rows);
	s->e = encoder_new(m, true, recompute);
	s->answer = answer_new(m);
	s->dpooled = mem_alloc(n * H, sizeof(real));
	s->dhidden = mem_alloc(tokens * H, sizeof(real));
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
	struct loss_sum sum = { 0 };
	struct loss_rows rows = { .n = q->pack->rows,
		.logits = q->logits,
		.label = q->pack->label,
		.group = q->pack->group };
	struct loss_rule rule = { .type = q->pack->labels.type,
		.outputs = q->outputs,
		.temperature = 1,
		.hard_weight = 1,
		.weight = 1,
		.norm = (double)pass_units(q->pack) };

	answer_forward(s->answer, q->logits, q->head, s->e, &s->b, q->row,
	    q->pack->rows, NULL);
	loss_backward(q->dlogits, &sum, &rows, &rule);
	q->loss = sum.loss;
	answer_backward(
	    s->answer, s->dpooled, s->dhidden, s->grad, q->head, q->dlogits);
}

/*
 * Forward, then the heads' own gradients into a cleared grad; all: every
 * token is read, else [CLS] alone.
 */
static inline void
pass_forward(struct pass *s, bool all)
{
	size_t n = s->b.tokens * s->m->config.hidden;
	struct encoder_reads cls = encoder_reads_cls(&s->b);

	memset(s->grad, 0, s->m->params.total * sizeof(*s->grad));
	memset(s->dhidden, 0, n * sizeof(*s->dhidden));
	encoder_forward(s->e, &s->b, all ? NULL : &cls, NULL);
	for (size_t i = 0; i < s->parts; i++)
		pass_head(s, &s->part[i]);
}

/* Add the other gradients of the sum of the losses. */
static inline void
pass_backward(struct pass *s)
{
	encoder_backward(s->e, s->grad, s->dpooled, s->dhidden);
}

static inline void
pass_stop(struct pass *s)
{
	for (size_t i = 0; i < s->parts; i++) {
		free(s->part[i].row);
		free(s->part[i].logits);
		free(s->part[i].dlogits);
	}
	batch_free(&s->b);
	encoder_free(s->e);
	answer_free(s->answer);
	free(s->dpooled);
	free(s->dhidden);
	free(s->grad);
}

#endif
