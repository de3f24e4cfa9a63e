#include "port/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "model/finite.h"
#include "model/modelfolder.h"
#include "port/exportconfig.h"
#include "port/onnxgraph.h"

const char export_types[] = "float32|float16|bfloat16|int8";
const char export_forms[] = "same|bert|distilbert|electra";

/* --- what can be exported as what --- */

static const struct head *
head_of(const struct model *m, const char *task, const struct exported *e)
{
	const struct head *h;
	int i = config_head(&m->config, task);

	if (i < 0)
		die("%s: no head '%s'", m->path, task);
	h = &m->config.head[i];
	if (h->kind != HEAD_LINEAR)
		die("%s: head '%s' is a SAN, expected a linear one: "
		    "%sForSequenceClassification has no other",
		    m->path, task, e->form->class);
	return h;
}

/* Such a network's classifier can be what m has before the answer. */
static void
check_pooler(const struct model *m, const struct exported *e)
{
	const struct form *f = e->form;
	enum pooler pooler = m->config.pooler;

	if (pooler == f->pooler)
		return;
	if (pooler != POOLER_NONE)
		die("%s: its pooler is not that of %sForSequenceClassification",
		    m->path, f->class);
	if (f->has_pooler)
		die("%s: no pooler, without which "
		    "%sForSequenceClassification cannot be",
		    m->path, f->class);
	if (2 * e->head->outputs > m->config.hidden)
		die("%s: no pooler, and %zu label%s: more than "
		    "%sForSequenceClassification of %zu features can have so",
		    m->path, e->head->outputs, num_s(e->head->outputs),
		    f->class, m->config.hidden);
}

static void
check_form(const struct model *m, const struct exported *e)
{
	const struct config *c = &m->config;
	const struct form *f = e->form;

	if (c->embedding > 0 && f->has_pooler)
		die("%s: embeddings of another width than the layers, which "
		    "%s has not",
		    m->path, f->class);
	if (!f->is_fixed)
		return;
	if (c->embedding > 0 || c->types > 0)
		die("%s: %s, which %s has not", m->path,
		    c->types > 0 ? "segment embeddings"
				 : "embeddings of another width",
		    f->class);
	if (c->norm_eps != 1e-12)
		die("%s: layer_norm_eps is %g, which in %s is 1e-12", m->path,
		    c->norm_eps, f->class);
}

static void
check(const struct model *m, const struct exported *e)
{
	if (e->mlm && !m->config.mlm)
		die("%s: no masked language model, such as mlm-pretrain makes",
		    m->path);
	if (e->onnx)
		return;
	check_form(m, e);
	if (e->head != NULL)
		check_pooler(m, e);
}

/* --- tensors --- */

/* The answer stands behind a layer that the model has not. */
static bool
passes_through(const struct model *m, const struct exported *e)
{
	return e->head != NULL && m->config.pooler == POOLER_NONE &&
	       !e->form->has_pooler;
}

/* BERT's name of a parameter; NULL: it stays behind. */
static char *
bert_name(
    const struct model *m, const struct param *p, const struct exported *e)
{
	bool pooler = text_starts(p->name, "bert.pooler.");

	if (p->head >= 0) {
		if (e->head != &m->config.head[p->head])
			return NULL;
		return mem_printf("classifier.%s",
		    p->name + strlen("heads.") + strlen(e->head->name) + 1);
	}
	if (pooler && e->head == NULL && (e->mlm || !e->form->has_pooler))
		return NULL;
	if (e->mlm ? text_starts(p->name, "cls.seq_relationship.")
		   : !text_starts(p->name, "bert."))
		return NULL;
	return mem_string(p->name);
}

/* Hugging Face's name of a tensor of BERT; of an encoder by itself, bare. */
static char *
own_name(const char *bert, const struct exported *e)
{
	char *own = form_own_name(e->form, bert), *bare;

	if (e->head != NULL || e->mlm)
		return own;
	bare = mem_string(own + strlen(e->form->prefix));
	free(own);
	return bare;
}

/* Numbers in the type of the file; owned. */
static void *
convert(const char *path, const char *name, const real *x, size_t n,
    enum st_type type)
{
	void *out = mem_alloc(n, st_type_size(type));

	for (size_t i = 0; i < n; i++) {
		uint16_t half;

		if (type != ST_F16) {
			((float *)out)[i] = (float)x[i];
			continue;
		}
		half = st_to_half((float)x[i]);
		if (isfinite(x[i]) && !isfinite(st_from_half(half)))
			die("%s: tensor '%s': %g is too large for float16",
			    path, name, (double)x[i]);
		((uint16_t *)out)[i] = half;
	}
	return out;
}

/* A file of tensors, and what must live until it is there. */
struct tensors {
	struct st_writer *file;
	const struct model *m;
	const struct exported *e;
	void **kept;
	size_t count, room;
};

/* Add one under what the network calls it. */
static void
add(struct tensors *t, const char *bert, size_t rank, const size_t *shape,
    const real *x)
{
	char *name = own_name(bert, t->e);
	size_t n = rank > 1 ? shape[0] * shape[1] : shape[0];

	t->kept = mem_grow(t->kept, &t->room, t->count + 1, sizeof(*t->kept));
	t->kept[t->count] = convert(t->m->path, name, x, n, t->e->type);
	st_add(t->file, name, t->e->type, rank, shape, t->kept[t->count++]);
	free(name);
}

/* Other programs know no BERT without segment embeddings: they are 0. */
static void
add_segments(struct tensors *t)
{
	size_t shape[2] = { EXPORT_SEGMENTS, config_embedding(&t->m->config) };
	real *none = mem_zero(shape[0] * shape[1], sizeof(*none));

	add(t, "bert.embeddings.token_type_embeddings.weight", 2, shape, none);
	free(none);
}

/*
 * Where a network's classifier has a layer before the answer that the model
 * has not, that layer gives z and -z of every logit z, and the answer is
 * f(z) - f(-z), which is z of a gelu and of a relu alike.
 */
static void
add_through(struct tensors *t)
{
	const struct model *m = t->m;
	const struct head *h = t->e->head;
	struct linear_offsets at = m->params.head[h - m->config.head].answer;
	size_t H = m->config.hidden, C = h->outputs;
	size_t square[2] = { H, H }, answer[2] = { C, H };
	real *w = mem_zero(H * H, sizeof(*w)), *b = mem_zero(H, sizeof(*b));
	real *z = mem_zero(C * H, sizeof(*z));

	for (size_t c = 0; c < C; c++) {
		for (size_t i = 0; i < H; i++) {
			w[c * H + i] = m->value[at.weight + c * H + i];
			w[(C + c) * H + i] = -w[c * H + i];
		}
		b[c] = m->value[at.bias + c];
		b[C + c] = -b[c];
		z[c * H + c] = 1;
		z[c * H + C + c] = -1;
	}
	add(t, "bert.pooler.dense.weight", 2, square, w);
	add(t, "bert.pooler.dense.bias", 1, square, b);
	add(t, "classifier.weight", 2, answer, z);
	memset(b, 0, H * sizeof(*b));
	add(t, "classifier.bias", 1, answer, b);
	free(w);
	free(b);
	free(z);
}

static void
note_left_out(const struct param *p)
{
	note("left out: %s", p->name);
}

static void
write_tensors(const struct model *m, const char *path, const struct exported *e)
{
	const struct params *p = &m->params;
	struct tensors t = { st_create(path), m, e, NULL, 0, 0 };

	st_put_meta(t.file, "format", "pt");
	if (m->config.types == 0 && e->form->has_segments)
		add_segments(&t);
	for (size_t i = 0; i < p->count; i++) {
		const struct param *q = &p->item[i];
		char *name = bert_name(m, q, e);

		if (name == NULL)
			note_left_out(q);
		else if (q->head < 0 || !passes_through(m, e))
			add(&t, name, q->rank, q->shape, m->value + q->offset);
		free(name);
	}
	if (passes_through(m, e))
		add_through(&t);
	st_commit(t.file);
	for (size_t i = 0; i < t.count; i++)
		free(t.kept[i]);
	free(t.kept);
}

static void
write_graph(const struct model *m, const char *file, const struct exported *k)
{
	const struct onnxgraph g = { m, k->head, k->mlm, k->int8 };

	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];

		if (!onnxgraph_has(&g, p))
			note_left_out(p);
	}
	onnxgraph_write(&g, file);
}

void
export_model(const struct model *m, const char *path, const struct export *x)
{
	struct exported e = { .form = form_of(x->as == EXPORT_SAME
						  ? m->config.network
						  : (enum network)(x->as - 1)),
		.mlm = x->mlm,
		.onnx = x->onnx,
		.int8 = x->int8,
		.type = x->type };
	struct config c;
	struct folder *f;
	char *file;

	if (x->task != NULL)
		e.head = head_of(m, x->task, &e);
	check(m, &e);
	model_check_finite(m, m->path);
	f = folder_begin(path);
	exportconfig_make(&c, m, &e);
	exportconfig_write(&c, f->at, &e);
	exportconfig_write_tokenizer(m, f->at, e.form);
	file = file_join(f->at, x->onnx ? "model.onnx" : "model.safetensors");
	(x->onnx ? write_graph : write_tensors)(m, file, &e);
	modelfolder_commit(f, false);
	config_free(&c);
	free(file);
}

/* The config of what answers: its heads, or that of the name task alone. */
static void
answering(struct config *c, const struct model *m, const char *task)
{
	int i = task != NULL ? config_head(&m->config, task) : -1;

	if (task != NULL && i < 0)
		die("%s: no head '%s'", m->path, task);
	config_copy(c, &m->config, task == NULL);
	if (task != NULL)
		config_add_head(c, &m->config.head[i]);
	c->mlm = c->next_sentence = false;
}

void
export_packed(const struct model *m, const char *path, const char *task,
    enum product_numbers numbers)
{
	struct config c;
	struct model *part;
	bool *fresh;

	model_check_finite(m, m->path);
	answering(&c, m, task);
	for (size_t i = 0; i < m->params.count; i++)
		if (text_starts(m->params.item[i].name, "cls."))
			note("left out: %s", m->params.item[i].name);
	fresh = mem_zero(c.head_count + 1, sizeof(*fresh));
	part = model_extend(m, &c, true, 0, fresh);
	model_save_packed(part, path, numbers);
	model_close(part);
	config_free(&c);
	free(fresh);
}
