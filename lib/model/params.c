#include "model/params.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { EMBEDDINGS = 5, PER_LAYER = 16 };

/* What one call of add needs to know besides name and shape. */
struct place {
	size_t depth;
	int head;
};

static void
add(struct params *p, struct place at, enum param_init init, size_t rows,
    size_t columns, const char *format, ...)
{
	struct param *q;
	char name[512];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	p->item = mem_grow(p->item, &p->room, p->count + 1, sizeof(*p->item));
	q = &p->item[p->count++];
	*q = (struct param){ .name = mem_string(name),
		.depth = at.depth,
		.head = at.head,
		.init = init };
	q->rank = columns > 0 ? 2 : 1;
	q->shape[0] = rows;
	q->shape[1] = columns;
	q->count = rows * (columns > 0 ? columns : 1);
	q->plain = q->rank == 1;
	q->offset = p->total;
	p->total += q->count;
	if (at.head < 0)
		p->shared = p->total;
}

/* A linear map's weight [rows,columns] and bias [rows]. */
static void
add_linear(struct params *p, struct place at, size_t rows, size_t columns,
    const char *name)
{
	add(p, at, INIT_NORMAL, rows, columns, "%s.weight", name);
	add(p, at, INIT_ZERO, rows, 0, "%s.bias", name);
}

static void
add_norm(struct params *p, struct place at, size_t H, const char *name)
{
	add(p, at, INIT_ONE, H, 0, "%s.weight", name);
	add(p, at, INIT_ZERO, H, 0, "%s.bias", name);
}

static void
add_layer(struct params *p, const struct config *c, size_t layer)
{
	static const char *const three[] = { "query", "key", "value" };
	struct place at = { layer + 1, -1 };
	size_t H = c->hidden;
	char base[64], name[128];

	snprintf(base, sizeof(base), "bert.encoder.layer.%zu", layer);
	for (size_t i = 0; i < 3; i++)
		add(p, at, INIT_NORMAL, H, H, "%s.attention.self.%s.weight",
		    base, three[i]);
	for (size_t i = 0; i < 3; i++)
		add(p, at, INIT_ZERO, H, 0, "%s.attention.self.%s.bias", base,
		    three[i]);
	snprintf(name, sizeof(name), "%s.attention.output.dense", base);
	add_linear(p, at, H, H, name);
	snprintf(name, sizeof(name), "%s.attention.output.LayerNorm", base);
	add_norm(p, at, H, name);
	snprintf(name, sizeof(name), "%s.intermediate.dense", base);
	add_linear(p, at, c->inner, H, name);
	snprintf(name, sizeof(name), "%s.output.dense", base);
	add_linear(p, at, H, c->inner, name);
	snprintf(name, sizeof(name), "%s.output.LayerNorm", base);
	add_norm(p, at, H, name);
}

/* The answer module of 2019: query summary, attention, GRU, classifier. */
static void
add_san(struct params *p, struct place at, const struct head *h, size_t H)
{
	const char *n = h->name;

	add(p, at, INIT_NORMAL, 1, H, "heads.%s.san.query.weight", n);
	add(p, at, INIT_ZERO, 1, 0, "heads.%s.san.query.bias", n);
	add(p, at, INIT_NORMAL, H, H, "heads.%s.san.attention.weight", n);
	add(p, at, INIT_ZERO, H, 0, "heads.%s.san.attention.bias", n);
	add(p, at, INIT_UNIFORM, 3 * H, H, "heads.%s.san.gru.weight_ih", n);
	add(p, at, INIT_UNIFORM, 3 * H, H, "heads.%s.san.gru.weight_hh", n);
	add(p, at, INIT_UNIFORM, 3 * H, 0, "heads.%s.san.gru.bias_ih", n);
	add(p, at, INIT_UNIFORM, 3 * H, 0, "heads.%s.san.gru.bias_hh", n);
	add(p, at, INIT_NORMAL, h->outputs, 4 * H, "heads.%s.weight", n);
	add(p, at, INIT_ZERO, h->outputs, 0, "heads.%s.bias", n);
}

static void
add_mlm(struct params *p, const struct config *c)
{
	struct place at = { c->layers + 2, -1 };

	add_linear(
	    p, at, c->hidden, c->hidden, "cls.predictions.transform.dense");
	add_norm(p, at, c->hidden, "cls.predictions.transform.LayerNorm");
	add(p, at, INIT_ZERO, c->vocab, 0, "cls.predictions.bias");
}

static void
add_next_sentence(struct params *p, const struct config *c)
{
	struct place at = { c->layers + 2, -1 };

	add_linear(p, at, 2, c->hidden, "cls.seq_relationship");
}

void
params_build(struct params *p, const struct config *c)
{
	struct place at = { 0, -1 };

	*p = (struct params){ 0 };
	add(p, at, INIT_NORMAL, c->vocab, c->hidden,
	    "bert.embeddings.word_embeddings.weight");
	add(p, at, INIT_NORMAL, c->positions, c->hidden,
	    "bert.embeddings.position_embeddings.weight");
	add(p, at, INIT_NORMAL, c->types, c->hidden,
	    "bert.embeddings.token_type_embeddings.weight");
	add_norm(p, at, c->hidden, "bert.embeddings.LayerNorm");
	for (size_t l = 0; l < c->layers; l++)
		add_layer(p, c, l);
	at.depth = c->layers + 1;
	if (c->pooler)
		add_linear(p, at, c->hidden, c->hidden, "bert.pooler.dense");
	if (c->mlm)
		add_mlm(p, c);
	if (c->next_sentence)
		add_next_sentence(p, c);
	at.depth = c->layers + 2;
	for (size_t i = 0; i < c->head_count; i++) {
		const struct head *h = &c->head[i];
		char name[256];

		at.head = (int)i;
		snprintf(name, sizeof(name), "heads.%s", h->name);
		if (h->kind == HEAD_SAN)
			add_san(p, at, h, c->hidden);
		else
			add_linear(p, at, h->outputs, c->hidden, name);
		if (h->uncertainty)
			add(p, at, INIT_ZERO, 2, 0, "%s.uncertainty", name);
	}
}

void
params_free(struct params *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->item[i].name);
	free(p->item);
	*p = (struct params){ 0 };
}

const struct param *
params_find(const struct params *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->item[i].name, name) == 0)
			return &p->item[i];
	return NULL;
}

struct outer_params
params_outer(const struct params *p)
{
	const struct param *e = p->item;
	const struct param *w = params_find(p, "bert.pooler.dense.weight");
	struct outer_params o = { e[0].offset, e[1].offset, e[2].offset,
		e[3].offset, e[4].offset, 0, 0 };

	if (w != NULL) {
		o.pooler = w[0].offset;
		o.pooler_bias = w[1].offset;
	}
	return o;
}

struct layer_params
params_layer(const struct params *p, size_t layer)
{
	const struct param *e = p->item + EMBEDDINGS + PER_LAYER * layer;

	return (struct layer_params){ e[0].offset, e[3].offset, e[6].offset,
		e[7].offset, e[8].offset, e[9].offset, e[10].offset,
		e[11].offset, e[12].offset, e[13].offset, e[14].offset,
		e[15].offset };
}

const struct param *
params_head(const struct params *p, size_t head)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->item[i].head == (int)head)
			return &p->item[i];
	return NULL;
}

const struct param *
params_uncertainty(const struct params *p, size_t head)
{
	static const char end[] = ".uncertainty";

	for (size_t i = 0; i < p->count; i++) {
		const char *name = p->item[i].name;
		size_t n = strlen(name);

		if (p->item[i].head == (int)head && n > sizeof(end) &&
		    strcmp(name + n - (sizeof(end) - 1), end) == 0)
			return &p->item[i];
	}
	return NULL;
}
