/*
 * Training updates over a pack's first batches in file order, dropout on: what
 * step and inside time.
 */
#ifndef BENCH_UPDATES_H
#define BENCH_UPDATES_H

#include <stdlib.h>

#include "predict/predict.h"
#include "train/update.h"

enum { ROWS = 32 };

static inline void
set_up(struct update *u, struct recipe *r, const struct model *m,
    const struct pack *const *pack, struct optimizer **o)
{
	static size_t head;
	static double weight = 1;
	struct optimizer_options options;

	recipe_start(r);
	head = predict_head(m, pack[0], NULL);
	options = recipe_optimizer(r);
	*o = optimizer_new(m, &options, 100000);
	*u = (struct update){ .recipe = r,
		.m = m,
		.packs = pack,
		.pack_count = 1,
		.head = &head,
		.weight = &weight };
	u->encoder = encoder_new(m, true, false);
	u->answer = answer_new(m);
	u->grad = mem_align(m->params.total, sizeof(real));
	update_start(u);
}

static inline void
update(struct update *u, struct optimizer *o, struct batch *b, size_t first,
    size_t step)
{
	struct row_ref rows[ROWS];
	struct loss_sum sum = { 0 };
	double norm;

	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct row_ref){ 0, first + i };
	batch_fill(b, u->packs, rows, ROWS);
	optimizer_touch(o, b);
	update_begin(u, step, o->total, 1);
	update_meet(u, b);
	update_pass(u, b, &sum);
	norm = optimizer_norm(o, u->grad, u->active);
	optimizer_step(o, u->m->value, u->grad, u->active, step, norm);
	model_changed(u->m);
}

static inline int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

#endif
