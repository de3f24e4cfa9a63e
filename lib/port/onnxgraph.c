#include "port/onnxgraph.h"

#include <float.h>
#include <math.h>

#include "base/text.h"
#include "port/onnx.h"
#include "port/onnxint8.h"

/* A graph as it grows, and the constants that all layers share. */
struct work {
	struct onnx *o;
	const struct model *m;
	bool int8;
	const char *half, *one, *root; /* of the error function's gelu */
	const char *scale;	       /* of attention's scores */
	const char *apart, *joined;    /* shapes: heads apart, and together */
	const char *mask;	       /* [B,1,1,S] what scores get added */
};

/* The parameter that begins there. */
static const struct param *
param_at(const struct work *w, size_t offset)
{
	const struct params *p = &w->m->params;
	size_t i = 0;

	while (p->item[i].offset != offset)
		i++;
	return &p->item[i];
}

/* One as a constant. */
static const char *
constant(const struct work *w, size_t offset)
{
	const struct param *p = param_at(w, offset);

	return onnx_reals(
	    w->o, p->name, w->m->value + offset, p->shape[0], p->shape[1]);
}

/* x W^T + b over the last axis, in float32. */
static const char *
linear(const struct work *w, const char *x, size_t weight, size_t bias)
{
	const struct param *p = param_at(w, weight);
	const char *turned = onnx_turned(
	    w->o, p->name, w->m->value + weight, p->shape[0], p->shape[1]);
	const char *product = onnx_node(w->o, "MatMul", x, turned, NULL);

	return onnx_node(w->o, "Add", product, constant(w, bias), NULL);
}

/* The same of the layers. */
static const char *
product(const struct work *w, const char *x, size_t weight, size_t bias)
{
	const struct param *p = param_at(w, weight);
	const char *y;

	if (!w->int8)
		return linear(w, x, weight, bias);
	y = onnxint8_product(
	    w->o, x, p->name, w->m->value + weight, p->shape[0], p->shape[1]);
	return onnx_node(w->o, "Add", y, constant(w, bias), NULL);
}

/* The same of the pooler and the heads, whose rows are few: x [B,K]. */
static const char *
answer(const struct work *w, const char *x, struct linear_offsets at)
{
	const char *y = onnx_node(
	    w->o, "Gemm", x, constant(w, at.weight), constant(w, at.bias));

	onnx_set_int(w->o, "transB", 1);
	return y;
}

static const char *
norm(const struct work *w, const char *x, size_t gain, size_t bias)
{
	const char *y = onnx_node(w->o, "LayerNormalization", x,
	    constant(w, gain), constant(w, bias));

	onnx_set_int(w->o, "axis", -1);
	onnx_set_float(w->o, "epsilon", w->m->config.norm_eps);
	return y;
}

/* By these operators other programs know it, and join them. */
static const char *
gelu(const struct work *w, const char *x)
{
	const char *e = onnx_node(w->o, "Div", x, w->root, NULL);

	e = onnx_node(w->o, "Erf", e, NULL, NULL);
	e = onnx_node(w->o, "Add", e, w->one, NULL);
	e = onnx_node(w->o, "Mul", x, e, NULL);
	return onnx_node(w->o, "Mul", e, w->half, NULL);
}

static const char *
squash(const struct work *w, const char *x, enum pooler pooler)
{
	if (pooler == POOLER_GELU)
		return gelu(w, x);
	return onnx_node(
	    w->o, pooler == POOLER_RELU ? "Relu" : "Tanh", x, NULL, NULL);
}

/* --- the encoder --- */

/* What is added to scores: 0, or where there is padding the least number. */
static const char *
mask(const struct work *w)
{
	struct onnx *o = w->o;
	const int64_t axes[] = { 1, 2 };
	const char *x = onnx_node(o, "Unsqueeze", "attention_mask",
	    onnx_ints(o, "mask.axes", axes, 2), NULL);

	x = onnx_node(o, "Cast", x, NULL, NULL);
	onnx_set_int(o, "to", ONNX_FLOAT);
	x = onnx_node(o, "Sub", w->one, x, NULL);
	return onnx_node(
	    o, "Mul", x, onnx_real(o, "mask.least", -FLT_MAX), NULL);
}

/* The first S position embeddings, [S,H]. */
static const char *
positions(const struct work *w, size_t table)
{
	struct onnx *o = w->o;
	const int64_t zero = 0;
	const char *start = onnx_ints(o, "positions.start", &zero, 1);
	const char *length = onnx_node(o, "Shape", "input_ids", NULL, NULL);

	onnx_set_int(o, "start", 1);
	return onnx_node(o, "Slice", constant(w, table), start, length);
}

static const char *
embeddings(const struct work *w)
{
	struct onnx *o = w->o;
	struct embedding_offsets at = w->m->params.embeddings;
	const char *x, *y;

	onnx_scope(o, "embeddings.");
	x = onnx_node(o, "Gather", constant(w, at.word), "input_ids", NULL);
	if (at.type != PARAMS_NONE) {
		y = onnx_node(
		    o, "Gather", constant(w, at.type), "token_type_ids", NULL);
		x = onnx_node(o, "Add", x, y, NULL);
	}
	x = onnx_node(o, "Add", x, positions(w, at.position), NULL);
	x = norm(w, x, at.norm, at.norm_bias);
	if (at.project == PARAMS_NONE)
		return x;
	return linear(w, x, at.project, at.project_bias);
}

/* Query, key or value with the heads apart: [B,A,S,d], of keys [B,A,d,S]. */
static const char *
heads(const struct work *w, const char *x, size_t weight, size_t bias, bool key)
{
	static const int64_t order[] = { 0, 2, 1, 3 },
			     turned[] = { 0, 2, 3, 1 };

	x = product(w, x, weight, bias);
	x = onnx_node(w->o, "Reshape", x, w->apart, NULL);
	x = onnx_node(w->o, "Transpose", x, NULL, NULL);
	onnx_set_ints(w->o, "perm", key ? turned : order, 4);
	return x;
}

static const char *
attention(const struct work *w, const char *x, const struct layer_offsets *at)
{
	struct onnx *o = w->o;
	size_t H = w->m->config.hidden, n = H * H;
	const int64_t order[] = { 0, 2, 1, 3 };
	const char *q = heads(w, x, at->qkv, at->qkv_bias, false);
	const char *k = heads(w, x, at->qkv + n, at->qkv_bias + H, true);
	const char *v =
	    heads(w, x, at->qkv + 2 * n, at->qkv_bias + 2 * H, false);
	const char *p = onnx_node(o, "MatMul", q, k, NULL);

	p = onnx_node(o, "Div", p, w->scale, NULL);
	p = onnx_node(o, "Add", p, w->mask, NULL);
	p = onnx_node(o, "Softmax", p, NULL, NULL);
	onnx_set_int(o, "axis", -1);
	p = onnx_node(o, "MatMul", p, v, NULL);
	p = onnx_node(o, "Transpose", p, NULL, NULL);
	onnx_set_ints(o, "perm", order, 4);
	p = onnx_node(o, "Reshape", p, w->joined, NULL);
	return product(w, p, at->out, at->out_bias);
}

static const char *
layer(const struct work *w, const char *x, size_t l)
{
	const struct layer_offsets *at = &w->m->params.layer[l];
	const char *middle, *y;

	onnx_scope(w->o, "layer.%zu.", l);
	y = attention(w, x, at);
	y = onnx_node(w->o, "Add", y, x, NULL);
	middle = norm(w, y, at->norm1, at->norm1_bias);
	y = product(w, middle, at->inner, at->inner_bias);
	y = product(w, gelu(w, y), at->outer, at->outer_bias);
	y = onnx_node(w->o, "Add", y, middle, NULL);
	return norm(w, y, at->norm2, at->norm2_bias);
}

static void
share(struct work *w)
{
	const struct config *c = &w->m->config;
	size_t d = c->hidden / c->heads;
	const int64_t apart[] = { 0, 0, (int64_t)c->heads, (int64_t)d };
	const int64_t joined[] = { 0, 0, (int64_t)c->hidden };

	w->one = onnx_real(w->o, "one", 1);
	w->half = onnx_real(w->o, "half", 0.5);
	w->root = onnx_real(w->o, "root_of_two", sqrt(2));
	w->scale = onnx_real(w->o, "scale", sqrt((double)d));
	w->apart = onnx_ints(w->o, "heads.apart", apart, 4);
	w->joined = onnx_ints(w->o, "heads.joined", joined, 3);
	w->mask = mask(w);
}

static const char *
encoder(struct work *w)
{
	const char *x;

	share(w);
	x = embeddings(w);
	for (size_t l = 0; l < w->m->config.layers; l++)
		x = layer(w, x, l);
	onnx_scope(w->o, "answer.");
	return x;
}

/* --- what it answers --- */

static void
put_logits(const struct work *w, const char *x, const struct head *h)
{
	const struct model *m = w->m;
	const struct onnx_dim dim[] = { { "batch_size", 0 },
		{ NULL, h->outputs } };

	x = onnx_node(w->o, "Gather", x, onnx_int(w->o, "cls", 0), NULL);
	onnx_set_int(w->o, "axis", 1);
	if (m->config.pooler != POOLER_NONE)
		x = squash(w, answer(w, x, m->params.pooler), m->config.pooler);
	answer(w, x, m->params.head[h - m->config.head].answer);
	onnx_rename(w->o, "logits");
	onnx_output(w->o, "logits", ONNX_FLOAT, 2, dim);
}

/* The masked language model, whose weights are the word embeddings. */
static void
put_pieces(const struct work *w, const char *x)
{
	const struct params *p = &w->m->params;
	const struct onnx_dim dim[] = { { "batch_size", 0 },
		{ "sequence_length", 0 }, { NULL, w->m->config.vocab } };
	const char *word;

	x = gelu(w, linear(w, x, p->mlm.dense, p->mlm.dense_bias));
	x = norm(w, x, p->mlm.norm, p->mlm.norm_bias);
	word = onnx_node(w->o, "Transpose",
	    param_at(w, p->embeddings.word)->name, NULL, NULL);
	x = onnx_node(w->o, "MatMul", x, word, NULL);
	onnx_node(w->o, "Add", x, constant(w, p->mlm.bias), NULL);
	onnx_rename(w->o, "logits");
	onnx_output(w->o, "logits", ONNX_FLOAT, 3, dim);
}

static void
put_states(const struct work *w)
{
	const struct onnx_dim dim[] = { { "batch_size", 0 },
		{ "sequence_length", 0 }, { NULL, w->m->config.hidden } };

	onnx_rename(w->o, "last_hidden_state");
	onnx_output(w->o, "last_hidden_state", ONNX_FLOAT, 3, dim);
}

void
onnxgraph_write(const struct onnxgraph *g, const char *path)
{
	static const char *const inputs[] = { "input_ids", "attention_mask",
		"token_type_ids" };
	const struct onnx_dim dim[] = { { "batch_size", 0 },
		{ "sequence_length", 0 } };
	struct work w = {
		.o = onnx_new("mtkd"), .m = g->model, .int8 = g->int8
	};
	const char *x;

	for (size_t i = 0; i < (g->model->config.types > 0 ? 3 : 2); i++)
		onnx_input(w.o, inputs[i], ONNX_INT64, 2, dim);
	x = encoder(&w);
	if (g->head != NULL)
		put_logits(&w, x, g->head);
	else if (g->mlm)
		put_pieces(&w, x);
	else
		put_states(&w);
	onnx_write(w.o, path);
	onnx_free(w.o);
}

bool
onnxgraph_has(const struct onnxgraph *g, const struct param *p)
{
	if (p->head >= 0)
		return g->head == &g->model->config.head[p->head];
	if (text_starts(p->name, "bert.pooler."))
		return g->head != NULL;
	if (text_starts(p->name, "cls.predictions."))
		return g->mlm;
	return text_starts(p->name, "bert.");
}
