#include "port/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/vocab.h"
#include "model/finite.h"
#include "model/modelfolder.h"
#include "port/onnxgraph.h"

const char export_types[] = "float32|float16|bfloat16|int8";

enum { SEGMENTS = 2 };

/* What an export holds. */
struct kind {
	const struct head *head; /* BertForSequenceClassification's, or NULL */
	bool mlm;		 /* BertForMaskedLM's, else BertModel alone */
	bool onnx;
	enum st_type type;
};

static const struct head *
head_of(const struct model *m, const char *task, bool onnx)
{
	const struct head *h;
	int i = config_head(&m->config, task);

	if (i < 0)
		die("%s: no head '%s'", m->path, task);
	h = &m->config.head[i];
	if (h->kind != HEAD_LINEAR)
		die("%s: head '%s' is a SAN, expected a linear one: "
		    "BertForSequenceClassification has no other",
		    m->path, task);
	if (!m->config.pooler && !onnx)
		die("%s: no pooler, without which "
		    "BertForSequenceClassification cannot be",
		    m->path);
	return h;
}

/* What Hugging Face's config.json says of a head. */
static void
put_head(struct buf *b, const struct head *h)
{
	char text[NUM_TEXT];

	num_put(text, h->dropout);
	buf_print(b, "  \"classifier_dropout\": %s,\n  \"id2label\": {", text);
	for (size_t i = 0; i < h->outputs; i++) {
		buf_print(b, "%s\n    \"%zu\": ", i > 0 ? "," : "", i);
		conf_put_json(b, labels_column(&h->labels, i));
	}
	buf_text(b, "\n  },\n  \"label2id\": {");
	for (size_t i = 0; i < h->outputs; i++) {
		buf_text(b, i > 0 ? ",\n    " : "\n    ");
		conf_put_json(b, labels_column(&h->labels, i));
		buf_print(b, ": %zu", i);
	}
	buf_text(b, "\n  },\n");
	if (h->labels.type != TASK_RANKING)
		buf_print(b, "  \"problem_type\": \"%s\",\n",
		    h->labels.type == TASK_REGRESSION ? "regression"
		    : h->labels.type == TASK_MULTILABEL
			? "multi_label_"
			  "classification"
			: "single_label_classification");
}

static void
write_text(const char *folder, const char *name, const struct buf *b)
{
	char *path = file_join(folder, name);
	struct file_out *out = file_write(path);

	if (b->size > 0)
		fwrite(b->data, 1, b->size, out->stream);
	file_commit(out);
	free(path);
}

static void
write_config(const struct model *m, const char *path, const struct kind *k)
{
	const char *class = k->head != NULL ? "BertForSequenceClassification"
			    : k->mlm	    ? "BertForMaskedLM"
					    : "BertModel";
	struct buf text = { 0 }, more = { 0 };
	char *dtype;
	struct config c;

	config_copy(&c, &m->config, false);
	if (c.types == 0)
		c.types = SEGMENTS;
	if (k->head != NULL) {
		config_add_head(&c, k->head);
		put_head(&more, k->head);
	}
	if (k->mlm) {
		c.mlm = true;
		c.pooler = false;
	}
	dtype = text_word(export_types, k->type == ST_F16);
	buf_print(&more, "  \"torch_dtype\": \"%s\",\n", dtype);
	free(dtype);
	config_put(&text, &c, class, buf_string(&more));
	write_text(path, "config.json", &text);
	config_free(&c);
	buf_free(&text);
	buf_free(&more);
}

static void
write_tokenizer(const struct model *m, const char *path)
{
	static const char *const keys[VOCAB_SPECIALS] = { "pad_token",
		"unk_token", "cls_token", "sep_token", "mask_token" };
	struct buf settings = { 0 }, specials = { 0 }, vocab = { 0 };

	buf_text(&settings, "{\n");
	vocab_put_added(&settings, m->pieces);
	buf_print(&settings,
	    "  \"do_lower_case\": %s,\n"
	    "  \"model_max_length\": %zu,\n",
	    m->cased ? "false" : "true", m->config.positions);
	buf_text(&specials, "{\n");
	for (size_t i = 0; i < VOCAB_SPECIALS; i++) {
		const char *name = vocab_special_name((enum vocab_special)i);

		buf_print(&settings, "  \"%s\": \"%s\",\n", keys[i], name);
		buf_print(&specials, "  \"%s\": \"%s\"%s\n", keys[i], name,
		    i + 1 < VOCAB_SPECIALS ? "," : "");
	}
	buf_text(&settings, "  \"strip_accents\": null,\n"
			    "  \"tokenize_chinese_chars\": true,\n"
			    "  \"tokenizer_class\": \"BertTokenizer\"\n}\n");
	buf_text(&specials, "}\n");
	buf_add(&vocab, m->pieces->bytes, m->pieces->bytes_size);
	write_text(path, "tokenizer_config.json", &settings);
	write_text(path, "special_tokens_map.json", &specials);
	write_text(path, "vocab.txt", &vocab);
	buf_free(&settings);
	buf_free(&specials);
	buf_free(&vocab);
}

/* Hugging Face's name of a parameter; NULL: it stays behind. */
static char *
name_of(const struct model *m, const struct param *p, const struct kind *k)
{
	if (p->head >= 0) {
		if (k->head != &m->config.head[p->head])
			return NULL;
		return mem_printf("classifier.%s",
		    p->name + strlen("heads.") + strlen(k->head->name) + 1);
	}
	if (k->mlm ? text_starts(p->name, "bert.pooler.") ||
			 text_starts(p->name, "cls.seq_relationship.")
		   : !text_starts(p->name, "bert."))
		return NULL;
	return mem_string(
	    k->head != NULL || k->mlm ? p->name : p->name + strlen("bert."));
}

/* The numbers of one parameter in the type of the file; owned. */
static void *
convert(const struct model *m, const struct param *p, enum st_type type)
{
	const real *x = m->value + p->offset;
	void *out = mem_alloc(p->count, st_type_size(type));

	for (size_t i = 0; i < p->count; i++) {
		uint16_t half;

		if (type != ST_F16) {
			((float *)out)[i] = (float)x[i];
			continue;
		}
		half = st_to_half((float)x[i]);
		if (isfinite(x[i]) && !isfinite(st_from_half(half)))
			die("%s: tensor '%s': %g is too large for float16",
			    m->path, p->name, (double)x[i]);
		((uint16_t *)out)[i] = half;
	}
	return out;
}

/* Other programs know no BERT without segment embeddings: they are 0. */
static void
add_segments(struct st_writer *w, const struct model *m, const struct kind *k,
    const void *none)
{
	static const char name[] =
	    "bert.embeddings.token_type_embeddings.weight";
	size_t shape[2] = { SEGMENTS, m->config.hidden };

	st_add(w, k->head != NULL || k->mlm ? name : name + strlen("bert."),
	    k->type, 2, shape, none);
}

static void
note_left_out(const struct param *p)
{
	note("left out: %s", p->name);
}

static void
write_tensors(const struct model *m, const char *file, const struct kind *k)
{
	const struct params *p = &m->params;
	void **copy = mem_zero(p->count, sizeof(*copy));
	void *none = mem_zero(SEGMENTS * m->config.hidden, sizeof(float));
	struct st_writer *w = st_create(file);

	st_put_meta(w, "format", "pt");
	if (m->config.types == 0)
		add_segments(w, m, k, none);
	for (size_t i = 0; i < p->count; i++) {
		const struct param *q = &p->item[i];
		char *name = name_of(m, q, k);

		if (name == NULL) {
			note_left_out(q);
			continue;
		}
		copy[i] = convert(m, q, k->type);
		st_add(w, name, k->type, q->rank, q->shape, copy[i]);
		free(name);
	}
	st_commit(w);
	for (size_t i = 0; i < p->count; i++)
		free(copy[i]);
	free(none);
	free(copy);
}

static void
write_graph(const struct model *m, const char *file, const struct kind *k)
{
	const struct onnxgraph g = { m, k->head, k->mlm };

	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];

		if (!onnxgraph_has(&g, p))
			note_left_out(p);
	}
	onnxgraph_write(&g, file);
}

void
export_model(const struct model *m, const char *path, const struct export *e)
{
	const struct kind k = { e->task != NULL ? head_of(m, e->task, e->onnx)
						: NULL,
		e->mlm, e->onnx, e->type };
	struct folder *f;
	char *file;

	if (e->mlm && !m->config.mlm)
		die("%s: no masked language model, such as mlm-pretrain makes",
		    m->path);
	model_check_finite(m, m->path);
	f = folder_begin(path);
	write_config(m, f->at, &k);
	write_tokenizer(m, f->at);
	file = file_join(f->at, e->onnx ? "model.onnx" : "model.safetensors");
	(e->onnx ? write_graph : write_tensors)(m, file, &k);
	modelfolder_commit(f, false);
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
