/*
 * Optimisers over the parameter table.  g gradient, t the update's number
 * from 1, lr the rate after schedule and layer-wise decay, b1 0.9, b2 0.999:
 *
 *	adamax		m = b1 m + (1-b1) g;  u = max(b2 u, |g| + 1e-8)
 *			p -= lr / (1 - b1^t) * m / u	(torch.optim.Adamax)
 *	adamax-2019	the same m; u = max(b2 u, |g| + 1e-6)
 *			p -= lr (m / (u + 1e-6) + 0.01 p)	(the 2019 code)
 *	adamw		v = b2 v + (1-b2) g^2;  p -= lr 0.01 p
 *			p -= lr (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + 1e-8)
 *	bert-adam	p -= lr (m / (sqrt(v) + 1e-6) + 0.01 p), no decay of
 *			biases and norms	(Devlin et al. 2019)
 *	lamb		r = (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + 1e-6) +
 *			0.01 p;  p -= lr |p| / |r| r, the norms being those
 *			of a whole parameter; biases and norms have no decay
 *			and the ratio 1	(You et al. 2020)
 *
 * An update moves the shared parameters and the heads that took part; each
 * head counts its own updates.  Gradients are clipped by their global norm.
 * Where nothing decays, word embeddings that no batch has met yet are passed
 * over: with m = 0 the dense update would not move them either.  Those that
 * the update's batches have not stay behind, and go through the updates that
 * they missed when a batch has them again: the same numbers, fetched once.
 */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include <stdbool.h>
#include <stdint.h>

#include "data/batch.h"
#include "model/model.h"
#include "train/schedule.h"

enum optimizer_kind { ADAMAX, ADAMAX_2019, ADAMW, BERT_ADAM, LAMB };

/* Their names, parted by '|', in that order. */
extern const char optimizer_kinds[];

struct optimizer_options {
	enum optimizer_kind kind;
	enum schedule schedule;
	double learning_rate, warmup;
	double clip;	     /* largest gradient norm; 0: no bound */
	double weight_decay; /* negative: the kind's own */
	double layer_decay;  /* rate of depth k: times this^(layers + 2 - k) */
	size_t freeze; /* depths below this stay: 0 none, 1 embeddings, ... */
};

struct optimizer {
	struct optimizer_options options;
	const struct model *m;
	size_t total;	      /* updates of the run */
	real *first, *second; /* [params.total] moments */
	size_t *head_step;    /* [heads] updates of each head so far */
	bool sparse;	      /* word embeddings by touched rows */
	uint8_t *touched;     /* [vocab] 1: a batch had this word */
	size_t *row;	      /* [rows] touched words, ascending */
	size_t rows;
	uint8_t *met; /* [vocab] 1: a batch of the update has this word */
	size_t *word; /* [words] those, as they came */
	size_t words;
	struct rule *late; /* [lates] updates since all words were settled */
	uint16_t *behind; /* [vocab] how many of them a word has been through */
	size_t lates;
	struct piece *piece; /* work, in pieces of fixed size */
	size_t pieces, piece_room;
	struct rule *rule; /* [params.count] of the update at hand */
	double *partial; /* sums of squares of pieces, with lamb of two kinds */
	size_t partial_room;
};

struct optimizer *optimizer_new(const struct model *m,
    const struct optimizer_options *options, size_t total);
void optimizer_free(struct optimizer *o);

/*
 * Tell which words a batch has, before its forward pass: their embeddings are
 * then up to date.
 */
void optimizer_touch(struct optimizer *o, const struct batch *b);

/* Bring all up to date, to be looked at or saved: m->value, and moments. */
void optimizer_settle(struct optimizer *o);

/* After touched was loaded from a file. */
void optimizer_index_touched(struct optimizer *o);

/*
 * The norm of the gradients, unclipped, of update number step (from 0) in
 * which the heads active [heads] took part.
 */
double optimizer_norm(
    struct optimizer *o, const real *grad, const bool *active);

/*
 * Move value [params.total], clipping by the norm just computed, and set the
 * gradients to 0.  Returns the learning rate used.
 */
double optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm);

#endif
