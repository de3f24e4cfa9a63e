#include "port/exportconfig.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/vocab.h"

void
exportconfig_make(
    struct config *c, const struct model *m, const struct exported *e)
{
	config_copy(c, &m->config, false);
	c->network = form_network(e->form);
	if (c->types == 0 && e->form->has_segments)
		c->types = EXPORT_SEGMENTS;
	if (e->head != NULL)
		config_add_head(c, e->head);
	c->mlm = e->mlm;
	if (c->network == NETWORK_ELECTRA) /* else it would be taken for 128 */
		c->embedding = config_embedding(c);
	if (e->onnx)
		return;
	if (e->head != NULL)
		c->pooler = e->form->pooler;
	else if (e->mlm || !e->form->has_pooler)
		c->pooler = POOLER_NONE;
}

/* What Hugging Face's config.json says of a head. */
static void
put_head(struct buf *b, const struct head *h, const char *dropout)
{
	char text[NUM_TEXT];

	num_put(text, h->dropout);
	buf_print(b, "  \"%s\": %s,\n  \"id2label\": {", dropout, text);
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

/* A config.json with DistilBERT's keys. */
static void
put_distilbert(
    struct buf *b, const struct config *c, const char *class, const char *more)
{
	char hidden[NUM_TEXT], attention[NUM_TEXT], range[NUM_TEXT];

	num_put(hidden, c->hidden_dropout);
	num_put(attention, c->attention_dropout);
	num_put(range, c->init_range);
	buf_print(b,
	    "{\n  \"activation\": \"gelu\",\n"
	    "  \"architectures\": [\"%s\"],\n"
	    "  \"attention_dropout\": %s,\n"
	    "  \"dim\": %zu,\n  \"dropout\": %s,\n"
	    "  \"hidden_dim\": %zu,\n  \"initializer_range\": %s,\n"
	    "  \"max_position_embeddings\": %zu,\n"
	    "  \"model_type\": \"distilbert\",\n"
	    "  \"n_heads\": %zu,\n  \"n_layers\": %zu,\n"
	    "  \"pad_token_id\": 0,\n"
	    "  \"sinusoidal_pos_embds\": false,\n"
	    "  \"vocab_size\": %zu,\n%s",
	    class, attention, c->hidden, hidden, c->inner, range, c->positions,
	    c->heads, c->layers, c->vocab, more);
	config_put_ours(b, c);
	buf_text(b, "}\n");
}

static void
write_text(const char *folder, const char *name, const struct buf *b)
{
	char *path = file_join(folder, name);

	file_put(path, b->data, b->size);
	free(path);
}

void
exportconfig_write(
    const struct config *c, const char *folder, const struct exported *e)
{
	char *class = mem_printf("%s%s", e->form->class,
	    e->head != NULL ? "ForSequenceClassification"
	    : e->mlm	    ? "ForMaskedLM"
			    : "Model");
	struct buf text = { 0 }, more = { 0 };

	if (e->head != NULL)
		put_head(&more, e->head, e->form->dropout);
	buf_print(&more, "  \"torch_dtype\": \"%s\",\n",
	    e->type == ST_F16 ? "float16" : "float32");
	if (c->network == NETWORK_DISTILBERT)
		put_distilbert(&text, c, class, buf_string(&more));
	else
		config_put(&text, c, class, e->form->type, buf_string(&more));
	write_text(folder, "config.json", &text);
	buf_free(&text);
	buf_free(&more);
	free(class);
}

void
exportconfig_write_tokenizer(
    const struct model *m, const char *path, const struct form *f)
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
	buf_print(&settings,
	    "  \"strip_accents\": null,\n"
	    "  \"tokenize_chinese_chars\": true,\n"
	    "  \"tokenizer_class\": \"%s\"\n}\n",
	    f->tokenizer);
	buf_text(&specials, "}\n");
	buf_add(&vocab, m->pieces->bytes, m->pieces->bytes_size);
	write_text(path, "tokenizer_config.json", &settings);
	write_text(path, "special_tokens_map.json", &specials);
	write_text(path, "vocab.txt", &vocab);
	buf_free(&settings);
	buf_free(&specials);
	buf_free(&vocab);
}
