#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "port/form.h"
#include "port/import.h"
#include "port/pickle.h"

/* --- what an mt-dnn checkpoint has in it --- */

/* A checkpoint's settings that are BERT's, as the text of a config.json. */
static char *
config_text(const struct pickle_value *config, size_t *n)
{
	static const char *const keys[] = { "vocab_size", "hidden_size",
		"num_hidden_layers", "num_attention_heads", "intermediate_size",
		"max_position_embeddings", "type_vocab_size", "layer_norm_eps",
		"initializer_range", "hidden_dropout_prob",
		"attention_probs_dropout_prob", "hidden_act" };
	struct buf b = { 0 };
	char text[NUM_TEXT];

	buf_text(&b, "{\"model_type\": \"bert\"");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct pickle_value *v = pickle_get(config, keys[i]);

		if (v == NULL)
			continue;
		buf_print(&b, ", \"%s\": ", keys[i]);
		if (v->kind == PICKLE_INT)
			buf_print(&b, "%lld", v->number);
		else if (v->kind == PICKLE_REAL)
			buf_add(&b, text, num_put(text, v->real));
		else
			conf_put_json(
			    &b, v->kind == PICKLE_TEXT ? v->text : "");
	}
	buf_byte(&b, '}');
	*n = b.size;
	return b.data;
}

/* Another network's encoder than BERT's has no place here. */
static void
check_encoder(const struct source *s)
{
	const struct pickle_value *v = pickle_get(s->config, "encoder_type");

	bool numbered =
	    v != NULL && (v->kind == PICKLE_INT ||
			     (v->kind == PICKLE_OBJECT && v->number >= 0));

	if (v == NULL || (numbered && v->number == 1) ||
	    (v->kind == PICKLE_OBJECT && strcmp(v->text, "BERT") == 0))
		return;
	if (numbered)
		die("%s: its encoder_type is %lld, expected 1, which is BERT",
		    s->path, v->number);
	die("%s: its encoder_type is '%s', expected BERT", s->path,
	    v->kind == PICKLE_OBJECT ? v->text : pickle_kind_name(v->kind));
}

static void
config_of_checkpoint(struct config *c, const struct source *s)
{
	size_t n;
	char *text = config_text(s->config, &n);
	struct conf *json = conf_json(s->path, text, n);

	check_encoder(s);
	config_take(c, s->path, json);
	conf_free(json);
	free(text);
}

/* --- other networks than BERT --- */

static void
put_scalar(struct buf *b, const char *key, const char *text)
{
	double number;

	buf_print(b, "\"%s\": ", key);
	if (num_real(text, -1e30, 1e30, &number))
		buf_text(b, text);
	else
		conf_put_json(b, text);
	buf_text(b, ", ");
}

static void
config_of_form(struct config *c, const char *path, const struct conf *json,
    const struct form *f, bool with_head)
{
	struct buf b = { 0 };
	struct conf *bert;

	buf_byte(&b, '{');
	for (const struct form_key *k = f->key; k->key != NULL; k++) {
		const char *text = k->usual;

		if (!conf_get_text(path, json, k->own, &text) &&
		    k->other != NULL)
			conf_get_text(path, json, k->other, &text);
		if (text != NULL)
			put_scalar(&b, k->key, text);
	}
	buf_text(&b, "\"model_type\": \"bert\"}");
	bert = conf_json(path, b.data, b.size);
	config_take(c, path, bert);
	c->network = form_network(f);
	c->pooler = with_head ? f->pooler : POOLER_NONE;
	config_take_ours(c, path, json);
	note("%s: %s", path, f->is);
	conf_free(bert);
	buf_free(&b);
}

/* --- files --- */

/* The config.json of a folder, or its bert_config.json, or NULL. */
static char *
config_path(const char *folder)
{
	static const char *const names[] = { "config.json",
		"bert_config.json" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = file_join(folder, names[i]);

		if (file_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

void
import_config(struct config *c, const struct source *s, const char *folder,
    bool with_head)
{
	const char *type = "bert";
	const struct form *f;
	struct conf *json;
	char *path;

	if (s->config != NULL && pickle_get(s->config, "hidden_size") != NULL) {
		config_of_checkpoint(c, s);
		return;
	}
	path = config_path(folder);
	if (path == NULL)
		die("%s: neither config.json nor bert_config.json is there",
		    folder);
	json = conf_read_json(path);
	conf_get_text(path, json, "model_type", &type);
	f = form_find(type);
	if (f != NULL && f->key != NULL)
		config_of_form(c, path, json, f, with_head);
	else
		config_take(c, path, json);
	conf_free(json);
	free(path);
}

void
import_check_head(const char *folder)
{
	char *path = file_join(folder, "config.json");
	struct conf *json = file_exists(path) ? conf_read_json(path) : NULL;
	const struct conf *list = conf_get(json, "architectures");

	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (list->item[i]->kind == CONF_SCALAR &&
		    (text_ends(list->item[i]->text, "ForTokenClassification") ||
			text_ends(list->item[i]->text, "ForQuestionAnswering")))
			die_at(path, list->line,
			    "\"architectures\" is '%s', whose head answers "
			    "for tokens: expected one for texts",
			    list->item[i]->text);
	conf_free(json);
	free(path);
}
