/*
 * A model of one layer with a head of two classes, for tests that need one and
 * do not look at what it says.
 */
#ifndef SMALLMODEL_H
#define SMALLMODEL_H

#include "model/model.h"

/* pieces: of the vocabulary in vocab.txt; hidden is even. */
static inline struct model *
small_model(size_t pieces, size_t hidden, size_t positions, uint64_t seed)
{
	char *labels[] = { "a", "b" };
	struct config c = { .vocab = pieces,
		.hidden = hidden,
		.layers = 1,
		.heads = hidden / 2,
		.inner = hidden,
		.positions = positions,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.02,
		.pooler = true };
	const struct head h = { .name = "rte",
		.labels = { TASK_CLASSIFICATION, 2, labels },
		.outputs = 2 };
	struct model *m;

	config_add_head(&c, &h);
	m = model_new(&c, "vocab.txt", false, seed);
	config_free(&c);
	return m;
}

#endif
