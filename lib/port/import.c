#include "port/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/vocab.h"
#include "port/pickle.h"
#include "port/sourceindex.h"
#include "port/sourcest.h"
#include "port/sourcetf.h"
#include "port/sourcetorch.h"

/* --- files --- */

static struct source *
open_file(const char *path)
{
	char *index = mem_printf("%s.index", path);
	struct source *s;
	char *prefix;

	if (text_ends(path, ".safetensors")) {
		s = source_safetensors(path);
	} else if (text_ends(path, ".bin.index.json")) {
		s = source_index(path, SOURCE_TORCH);
	} else if (text_ends(path, ".json")) {
		s = source_index(path, SOURCE_SAFETENSORS);
	} else if (text_ends(path, ".index")) {
		prefix = mem_stringn(path, strlen(path) - strlen(".index"));
		s = source_tensorflow(prefix);
		free(prefix);
	} else if (!file_exists(path) && file_exists(index)) {
		s = source_tensorflow(path);
	} else {
		s = source_torch(path);
	}
	free(index);
	return s;
}

static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_string(".");
	return mem_stringn(path, slash == path ? 1 : (size_t)(slash - path));
}

struct source *
import_source(const char *path, char **folder)
{
	static const char *const names[] = { "model.safetensors",
		"model.safetensors.index.json", "pytorch_model.bin",
		"pytorch_model.bin.index.json", "bert_model.ckpt.index" };
	/* what other libraries save, and parts of models */
	static const char *const others[] = { "tf_model.h5",
		"flax_model.msgpack", "rust_model.ot", "saved_model.pb",
		"model.onnx", "adapter_model.safetensors",
		"adapter_model.bin" };

	if (!file_is_directory(path)) {
		*folder = folder_of(path);
		return open_file(path);
	}
	*folder = mem_string(path);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *file = file_join(path, names[i]);
		struct source *s = file_exists(file) ? open_file(file) : NULL;

		free(file);
		if (s != NULL)
			return s;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char *file = file_join(path, others[i]);

		if (file_exists(file))
			die("%s: not read; expected model.safetensors, "
			    "pytorch_model.bin or bert_model.ckpt.index, which "
			    "Transformers makes of it",
			    file);
		free(file);
	}
	kind_refuse_model(path, KIND_CHECKPOINT);
	die("%s: neither model.safetensors nor pytorch_model.bin is there, nor "
	    "the index of either, nor bert_model.ckpt.index; name the "
	    "checkpoint's file",
	    path);
}

/* --- vocabulary --- */

/* A vocabulary of lower-cased text has no capitals but in "[UNK]". */
static const char *
capital_piece(const struct vocab *v)
{
	for (size_t i = 0; i < v->size; i++) {
		const char *p = v->piece[i];

		for (size_t k = 0; p[0] != '[' && p[k] != '\0'; k++)
			if (p[k] >= 'A' && p[k] <= 'Z')
				return p;
	}
	return NULL;
}

/* A model's folder says whether text is lower-cased, and no more. */
static void
check_rule(const char *path, const char *key, bool is, bool plain)
{
	if (is != plain)
		die("%s: its tokenizer's \"%s\" is '%s', expected '%s' as "
		    "BERT has it",
		    path, key, is ? "true" : "false", plain ? "true" : "false");
}

static void
check_vocab(const struct vocab *v, const char *path, const struct config *c)
{
	struct unicode_rules plain = unicode_rules(v->cased);
	const char *capital = v->cased || v->told ? NULL : capital_piece(v);

	vocab_check_rows(v, path, c->vocab);
	if (v->rows < c->vocab)
		note("%s: %zu piece%s; the model has %zu, the last are unused",
		    path, v->rows, num_s(v->rows), c->vocab);
	if (capital != NULL)
		die("%s: cased, since it has '%s'; say --cased (no "
		    "tokenizer_config.json says do_lower_case)",
		    path, capital);
	check_rule(path, "strip_accents", v->rules.strip, plain.strip);
	check_rule(
	    path, "tokenize_chinese_chars", v->rules.chinese, plain.chinese);
}

/* The vocabulary's file or folder, which fits. */
static const char *
find_vocab(const struct import *o, const char *folder, const struct config *c)
{
	const char *place = o->vocab != NULL ? o->vocab : folder;
	char *path = vocab_file(place);
	struct vocab *v;

	if (o->vocab == NULL && !file_exists(path))
		die("%s: not there; name the vocabulary with -v", path);
	v = vocab_read(place, o->cased);
	check_vocab(v, path, c);
	vocab_free(v);
	free(path);
	return place;
}

/* --- the whole --- */

static void
choose_layers(
    const struct import *o, const struct config *from, struct config *c)
{
	for (size_t i = 0; i < o->layers; i++)
		if (o->layer[i] >= from->layers)
			die("%s: no layer %zu: it has 0 to %zu", o->path,
			    o->layer[i], from->layers - 1);
	if (o->layers > 0)
		c->layers = o->layers;
}

/* Row i of an array [rows,width] becomes what row order[i] was. */
static void
move_rows(real *x, const size_t *order, size_t rows, size_t width)
{
	real *old = mem_copy(x, rows * width * sizeof(*x));

	for (size_t i = 0; i < rows; i++)
		memcpy(
		    x + i * width, old + order[i] * width, width * sizeof(*x));
	free(old);
}

/* The head's outputs in another order. */
static void
move_outputs(struct model *m, const size_t *order)
{
	const struct linear_offsets *at = &m->params.head[0].answer;
	const struct head *h = &m->config.head[0];
	char *name = mem_printf("heads.%s.weight", h->name);

	move_rows(m->value + at->weight, order, h->outputs,
	    params_find(&m->params, name)->shape[1]);
	move_rows(m->value + at->bias, order, h->outputs, 1);
	free(name);
}

/* Patterns are of the names as they were, or as they are then. */
static void
ignore_and_rename(
    const struct import *o, struct source *s, const struct config *from)
{
	bool *met = mem_zero(o->ignores, sizeof(*met));

	for (size_t i = 0; i < o->ignores; i++)
		met[i] = import_ignore(s, o->ignore[i]);
	import_names(s, from);
	for (size_t i = 0; i < o->ignores; i++)
		if (!import_ignore(s, o->ignore[i]) && !met[i])
			die("%s: no tensor of the name '%s'", s->path,
			    o->ignore[i]);
	free(met);
}

struct model *
import_model(const struct import *o)
{
	char *folder;
	const char *vocab;
	struct source *s = import_source(o->path, &folder);
	struct config from, c;
	struct model *m;
	size_t *order = NULL;

	import_config(&from, s, folder, o->task != NULL);
	ignore_and_rename(o, s, &from);
	if (o->task != NULL)
		import_check_head(folder);
	vocab = find_vocab(o, folder, &from);
	config_copy(&c, &from, false);
	choose_layers(o, &from, &c);
	c.mlm = o->mlm;
	c.pooler = o->no_pooler ? POOLER_NONE : from.pooler;
	if (o->task != NULL) {
		struct head h = import_head(o, s, folder, &from, &order);

		config_add_head(&c, &h);
		labels_free(&h.labels);
	}
	m = model_blank(&c, vocab, o->cased);
	import_numbers(m, s, &from, o);
	if (order != NULL)
		move_outputs(m, order);
	free(order);
	config_free(&from);
	config_free(&c);
	source_free(s);
	free(folder);
	return m;
}
