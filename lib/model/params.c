#include "model/params.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "layer/product.h"

/* What one call of add needs to know besides name and shape. */
struct place {
	size_t depth;
	int head;
	bool layer; /* one of the encoder's */
};

/* Returns the offset of the new row. */
static size_t
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
	q->packed = p->apart > 0 && at.layer && q->rank == 2 &&
		    product_packs(rows, columns);
	q->offset = q->packed ? p->apart + p->names : p->total;
	if (q->packed)
		p->names += q->count;
	else
		p->total += q->count;
	if (at.head < 0)
		p->shared = p->total;
	return q->offset;
}

/* A linear map's weight [rows,columns] and bias [rows]. */
static struct linear_offsets
add_linear(struct params *p, struct place at, size_t rows, size_t columns,
    const char *name)
{
	struct linear_offsets o;

	o.weight = add(p, at, INIT_NORMAL, rows, columns, "%s.weight", name);
	o.bias = add(p, at, INIT_ZERO, rows, 0, "%s.bias", name);
	return o;
}

static struct linear_offsets
add_norm(struct params *p, struct place at, size_t H, const char *name)
{
	struct linear_offsets o;

	o.weight = add(p, at, INIT_ONE, H, 0, "%s.weight", name);
	o.bias = add(p, at, INIT_ZERO, H, 0, "%s.bias", name);
	return o;
}

static struct embedding_offsets
add_embeddings(struct params *p, const struct config *c)
{
	struct place at = { 0, -1, false };
	struct embedding_offsets o;
	struct linear_offsets norm;
	struct linear_offsets project = { PARAMS_NONE, PARAMS_NONE };
	size_t E = config_embedding(c);

	o.word = add(p, at, INIT_NORMAL, c->vocab, E,
	    "bert.embeddings.word_embeddings.weight");
	o.position = add(p, at, INIT_NORMAL, c->positions, E,
	    "bert.embeddings.position_embeddings.weight");
	o.type = PARAMS_NONE;
	if (c->types > 0)
		o.type = add(p, at, INIT_NORMAL, c->types, E,
		    "bert.embeddings.token_type_embeddings.weight");
	norm = add_norm(p, at, E, "bert.embeddings.LayerNorm");
	o.norm = norm.weight;
	o.norm_bias = norm.bias;
	if (c->embedding > 0)
		project =
		    add_linear(p, at, c->hidden, E, "bert.embeddings_project");
	o.project = project.weight;
	o.project_bias = project.bias;
	return o;
}

/* Three rows that make one array; the offset of the first. */
static size_t
add_three(struct params *p, struct place at, enum param_init init, size_t rows,
    size_t columns, const char *base, const char *end)
{
	size_t first = add(p, at, init, rows, columns,
	    "%s.attention.self.query.%s", base, end);

	add(p, at, init, rows, columns, "%s.attention.self.key.%s", base, end);
	add(p, at, init, rows, columns, "%s.attention.self.value.%s", base,
	    end);
	return first;
}

static struct layer_offsets
add_layer(struct params *p, const struct config *c, size_t layer)
{
	struct place at = { layer + 1, -1, true };
	size_t H = c->hidden, qkv, qkv_bias;
	struct linear_offsets out, norm1, inner, outer, norm2;
	char base[64], name[128];

	snprintf(base, sizeof(base), "bert.encoder.layer.%zu", layer);
	qkv = add_three(p, at, INIT_NORMAL, H, H, base, "weight");
	qkv_bias = add_three(p, at, INIT_ZERO, H, 0, base, "bias");
	snprintf(name, sizeof(name), "%s.attention.output.dense", base);
	out = add_linear(p, at, H, H, name);
	snprintf(name, sizeof(name), "%s.attention.output.LayerNorm", base);
	norm1 = add_norm(p, at, H, name);
	snprintf(name, sizeof(name), "%s.intermediate.dense", base);
	inner = add_linear(p, at, c->inner, H, name);
	snprintf(name, sizeof(name), "%s.output.dense", base);
	outer = add_linear(p, at, H, c->inner, name);
	snprintf(name, sizeof(name), "%s.output.LayerNorm", base);
	norm2 = add_norm(p, at, H, name);
	return (struct layer_offsets){ qkv, qkv_bias, out.weight, out.bias,
		norm1.weight, norm1.bias, inner.weight, inner.bias,
		outer.weight, outer.bias, norm2.weight, norm2.bias };
}

/* The answer module of 2019: query summary, attention, GRU, classifier. */
static struct san_offsets
add_san(struct params *p, struct place at, const char *n, size_t H)
{
	struct san_offsets o;

	o.query = add(p, at, INIT_NORMAL, 1, H, "heads.%s.san.query.weight", n);
	o.query_bias =
	    add(p, at, INIT_ZERO, 1, 0, "heads.%s.san.query.bias", n);
	o.attention =
	    add(p, at, INIT_NORMAL, H, H, "heads.%s.san.attention.weight", n);
	o.attention_bias =
	    add(p, at, INIT_ZERO, H, 0, "heads.%s.san.attention.bias", n);
	o.gru_input =
	    add(p, at, INIT_UNIFORM, 3 * H, H, "heads.%s.san.gru.weight_ih", n);
	o.gru_state =
	    add(p, at, INIT_UNIFORM, 3 * H, H, "heads.%s.san.gru.weight_hh", n);
	o.gru_input_bias =
	    add(p, at, INIT_UNIFORM, 3 * H, 0, "heads.%s.san.gru.bias_ih", n);
	o.gru_state_bias =
	    add(p, at, INIT_UNIFORM, 3 * H, 0, "heads.%s.san.gru.bias_hh", n);
	return o;
}

static struct head_offsets
add_head(struct params *p, const struct config *c, size_t i)
{
	const struct head *h = &c->head[i];
	struct place at = { c->layers + 2, (int)i, false };
	struct head_offsets o = { .uncertainty = PARAMS_NONE };
	size_t reads = c->hidden;
	char name[256];

	snprintf(name, sizeof(name), "heads.%s", h->name);
	if (h->kind == HEAD_SAN) {
		o.san = add_san(p, at, h->name, c->hidden);
		reads = 4 * c->hidden;
	}
	o.answer = add_linear(p, at, h->outputs, reads, name);
	if (h->uncertainty)
		o.uncertainty =
		    add(p, at, INIT_ZERO, 2, 0, "%s.uncertainty", name);
	return o;
}

static struct mlm_offsets
add_mlm(struct params *p, const struct config *c)
{
	struct place at = { c->layers + 2, -1, false };
	size_t E = config_embedding(c);
	struct linear_offsets dense =
	    add_linear(p, at, E, c->hidden, "cls.predictions.transform.dense");
	struct linear_offsets norm =
	    add_norm(p, at, E, "cls.predictions.transform.LayerNorm");

	return (struct mlm_offsets){ dense.weight, dense.bias, norm.weight,
		norm.bias,
		add(p, at, INIT_ZERO, c->vocab, 0, "cls.predictions.bias") };
}

/* Like the heads last of the shared ones: complete before the encoder's. */
static void
add_projections(struct params *p, const struct config *c)
{
	struct place at = { c->layers + 2, -1, false };

	p->projection = mem_zero(c->projections, sizeof(*p->projection));
	for (size_t i = 0; i < c->projections; i++) {
		p->projection[i] =
		    add(p, at, INIT_PROJECTION, c->projection[i].outputs,
			c->hidden, "%s", c->projection[i].name);
		p->item[p->count - 1].unsaved = true;
	}
}

static void
build(struct params *p, const struct config *c, size_t apart)
{
	struct place pooler = { c->layers + 1, -1, false };
	struct place next_sentence = { c->layers + 2, -1, false };

	*p = (struct params){ .apart = apart };
	p->layer = mem_zero(c->layers, sizeof(*p->layer));
	p->head = mem_zero(c->head_count, sizeof(*p->head));
	p->embeddings = add_embeddings(p, c);
	for (size_t l = 0; l < c->layers; l++)
		p->layer[l] = add_layer(p, c, l);
	if (c->pooler)
		p->pooler = add_linear(
		    p, pooler, c->hidden, c->hidden, "bert.pooler.dense");
	if (c->mlm)
		p->mlm = add_mlm(p, c);
	if (c->next_sentence)
		p->next_sentence = add_linear(
		    p, next_sentence, 2, c->hidden, "cls.seq_relationship");
	add_projections(p, c);
	for (size_t i = 0; i < c->head_count; i++)
		p->head[i] = add_head(p, c, i);
}

void
params_build(struct params *p, const struct config *c)
{
	build(p, c, 0);
}

/* Twice: names begin behind the block, whose size is known at its end. */
void
params_build_packed(struct params *p, const struct config *c)
{
	size_t total;

	build(p, c, 1);
	total = p->total;
	params_free(p);
	build(p, c, total + 1);
}

void
params_free(struct params *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->item[i].name);
	free(p->item);
	free(p->layer);
	free(p->head);
	free(p->projection);
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
