#include "model/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/define.h"

const char head_kinds[] = "linear|san";
const char config_networks[] = "bert|distilbert|electra";

/* In the order of enum pooler. */
static const char poolers[] = "none|tanh|gelu|relu";

/* No size of a model is larger; layers cost memory before they are found. */
enum { MOST = 1 << 24, LAYERS = 1000 };

static size_t
need_size(const char *path, const struct conf *c, const char *key, int most)
{
	long long v;

	if (!conf_get_int(path, c, key, 1, most, &v))
		die_at(path, 0, "no \"%s\"", key);
	return (size_t)v;
}

static size_t
size_or(const char *path, const struct conf *c, const char *key, int least,
    size_t other)
{
	long long v = (long long)other;

	conf_get_int(path, c, key, least, MOST, &v);
	return (size_t)v;
}

/* Keys whose other values would need other arithmetic. */
static void
refuse_others(const char *path, const struct conf *c)
{
	/* the value, and another word for the same */
	static const char *const fixed[][3] = { { "model_type", "bert" },
		{ "hidden_act", "gelu", "gelu_python" },
		{ "position_embedding_type", "absolute" },
		{ "is_decoder", "false" }, { "add_cross_attention", "false" } };

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		const char *value;

		if (conf_get_text(path, c, fixed[i][0], &value) &&
		    strcmp(value, fixed[i][1]) != 0 &&
		    (fixed[i][2] == NULL || strcmp(value, fixed[i][2]) != 0))
			die_at(path, 0, "\"%s\" is '%s', expected '%s'",
			    fixed[i][0], value, fixed[i][1]);
	}
}

static void
read_labels(struct head *h, const char *path, const struct conf *c)
{
	const struct conf *list = conf_get(c, "labels");

	if (list == NULL || list->kind != CONF_LIST)
		return;
	if (list->count > HEAD_MOST)
		die_at(path, list->line, "%zu label%s, expected at most %d",
		    list->count, num_s(list->count), HEAD_MOST);
	for (size_t i = 0; i < list->count; i++) {
		const char *name = list->item[i]->text;

		if (list->item[i]->kind != CONF_SCALAR)
			die_at(path, list->line, "a label must be text");
		labels_add(&h->labels, name, strlen(name));
	}
}

/* A head of one class would answer it whatever it is asked. */
static void
check_labels(const struct head *h, const char *path, size_t line)
{
	bool classes = labels_is_wide(&h->labels);
	size_t which;

	if (classes && h->labels.classes == 0)
		die_at(path, line, "head %s: no labels", h->name);
	switch (labels_check(&h->labels, &which)) {
	case LABELS_NAME:
		die_at(path, line, "head %s: '%s' cannot name a label", h->name,
		    h->labels.name[which]);
	case LABELS_TWICE:
		die_at(path, line, "head %s: label '%s' stands twice", h->name,
		    h->labels.name[which]);
	case LABELS_COUNT:
		if (classes)
			die_at(path, line, "head %s: one label", h->name);
		break;
	case LABELS_GOOD:
		break;
	}
}

static void
read_head(
    struct head *h, const char *path, const char *name, const struct conf *c)
{
	const char *kind, *type;
	long long turns = 5;
	int number;

	if (!define_name_is_good(name))
		die_at(path, c->line, "'%s' cannot name a head", name);
	*h = (struct head){
		.name = mem_string(name), .dropout = 0.1, .memory_dropout = 0.1
	};
	conf_get_real(path, c, "dropout", 0, 0.99, &h->dropout);
	conf_get_real(path, c, "memory_dropout", 0, 0.99, &h->memory_dropout);
	conf_get_int(path, c, "turns", 1, 100, &turns);
	conf_get_bool(path, c, "uncertainty", &h->uncertainty);
	h->turns = (size_t)turns;
	if (conf_get_text(path, c, "kind", &kind)) {
		if ((number = text_word_find(head_kinds, kind)) < 0)
			die_at(path, c->line, "head %s: kind '%s', expected %s",
			    name, kind, text_word_list(head_kinds));
		h->kind = (enum head_kind)number;
	}
	if (conf_get_text(path, c, "type", &type)) {
		if ((number = labels_type_find(type)) < 0)
			die_at(path, c->line, "head %s: unknown type '%s'",
			    name, type);
		h->labels.type = (enum task_type)number;
	}
	read_labels(h, path, c);
	check_labels(h, path, c->line);
	h->outputs = labels_width(&h->labels);
}

/* The word of a key among words, as a number; other if there is none. */
static int
read_word(const char *path, const struct conf *c, const char *key,
    const char *words, int other)
{
	const char *text;
	int number;

	if (!conf_get_text(path, c, key, &text))
		return other;
	if ((number = text_word_find(words, text)) < 0)
		die_at(path, c->line, "%s '%s', expected %s", key, text,
		    text_word_list(words));
	return number;
}

void
config_take_ours(struct config *c, const char *path, const struct conf *json)
{
	const struct conf *ours = conf_get(json, "mtkd");
	const struct conf *heads = conf_get(ours, "heads");

	if (ours == NULL)
		return;
	c->pooler =
	    (enum pooler)read_word(path, ours, "pooler", poolers, POOLER_TANH);
	c->network = (enum network)read_word(
	    path, ours, "network", config_networks, (int)c->network);
	conf_get_bool(path, ours, "mlm", &c->mlm);
	conf_get_bool(path, ours, "next_sentence", &c->next_sentence);
	if (heads == NULL || heads->kind != CONF_MAP)
		return;
	c->head_count = heads->count;
	c->head = mem_alloc(heads->count, sizeof(*c->head));
	for (size_t i = 0; i < heads->count; i++)
		read_head(&c->head[i], path, heads->key[i], heads->item[i]);
}

void
config_take(struct config *c, const char *path, const struct conf *json)
{
	*c = (struct config){ .norm_eps = 1e-12,
		.init_range = 0.02,
		.hidden_dropout = 0.1,
		.attention_dropout = 0.1,
		.pooler = POOLER_TANH };
	refuse_others(path, json);
	c->vocab = need_size(path, json, "vocab_size", MOST);
	c->hidden = need_size(path, json, "hidden_size", MOST);
	c->embedding = size_or(path, json, "embedding_size", 1, c->hidden);
	if (c->embedding == c->hidden)
		c->embedding = 0;
	c->layers = need_size(path, json, "num_hidden_layers", LAYERS);
	c->heads = need_size(path, json, "num_attention_heads", MOST);
	c->inner = need_size(path, json, "intermediate_size", MOST);
	c->positions = size_or(path, json, "max_position_embeddings", 1, 512);
	c->types = size_or(path, json, "type_vocab_size", 0, 2);
	conf_get_real(path, json, "layer_norm_eps", 0, 1, &c->norm_eps);
	conf_get_real(path, json, "initializer_range", 0, 1, &c->init_range);
	conf_get_real(
	    path, json, "hidden_dropout_prob", 0, 0.99, &c->hidden_dropout);
	conf_get_real(path, json, "attention_probs_dropout_prob", 0, 0.99,
	    &c->attention_dropout);
	if (c->hidden % c->heads != 0)
		die_at(path, 0,
		    "hidden_size %zu is not a multiple of "
		    "num_attention_heads %zu",
		    c->hidden, c->heads);
	config_take_ours(c, path, json);
}

void
config_read(struct config *c, const char *path)
{
	struct conf *json = conf_read_json(path);

	config_take(c, path, json);
	conf_free(json);
}

static void
put_real(struct buf *b, const char *key, double value)
{
	char text[NUM_TEXT];

	num_put(text, value);
	buf_print(b, "\"%s\": %s", key, text);
}

static void
put_head(struct buf *b, const struct head *h)
{
	char *kind = text_word(head_kinds, (int)h->kind);

	buf_text(b, "      ");
	conf_put_json(b, h->name);
	buf_print(b, ": {\"kind\": \"%s\", \"type\": \"%s\", ", kind,
	    labels_type_name(h->labels.type));
	free(kind);
	if (h->kind == HEAD_SAN) {
		buf_print(b, "\"turns\": %zu, ", h->turns);
		put_real(b, "memory_dropout", h->memory_dropout);
		buf_text(b, ", ");
	}
	if (h->uncertainty)
		buf_text(b, "\"uncertainty\": true, ");
	buf_text(b, "\"labels\": [");
	for (size_t i = 0; i < h->labels.classes; i++) {
		buf_text(b, i > 0 ? ", " : "");
		conf_put_json(b, h->labels.name[i]);
	}
	buf_text(b, "], ");
	put_real(b, "dropout", h->dropout);
	buf_byte(b, '}');
}

void
config_put_ours(struct buf *b, const struct config *c)
{
	char *pooler = text_word(poolers, (int)c->pooler);
	char *network = text_word(config_networks, (int)c->network);

	buf_print(b, "  \"mtkd\": {\n    \"pooler\": \"%s\",\n", pooler);
	if (c->network != NETWORK_BERT)
		buf_print(b, "    \"network\": \"%s\",\n", network);
	buf_print(b, "    \"mlm\": %s,\n%s    \"heads\": {",
	    c->mlm ? "true" : "false",
	    c->next_sentence ? "    \"next_sentence\": true,\n" : "");
	for (size_t i = 0; i < c->head_count; i++) {
		buf_text(b, i > 0 ? ",\n" : "\n");
		put_head(b, &c->head[i]);
	}
	buf_text(b, c->head_count > 0 ? "\n    }\n  }\n" : "}\n  }\n");
	free(pooler);
	free(network);
}

void
config_put(struct buf *b, const struct config *c, const char *architecture,
    const char *type, const char *more)
{
	buf_print(b, "{\n  \"architectures\": [\"%s\"],\n  ", architecture);
	put_real(b, "attention_probs_dropout_prob", c->attention_dropout);
	if (c->embedding > 0)
		buf_print(b, ",\n  \"embedding_size\": %zu", c->embedding);
	buf_text(b, ",\n  \"hidden_act\": \"gelu\",\n  ");
	put_real(b, "hidden_dropout_prob", c->hidden_dropout);
	buf_print(b, ",\n  \"hidden_size\": %zu,\n  ", c->hidden);
	put_real(b, "initializer_range", c->init_range);
	buf_print(b, ",\n  \"intermediate_size\": %zu,\n  ", c->inner);
	put_real(b, "layer_norm_eps", c->norm_eps);
	buf_print(b,
	    ",\n  \"max_position_embeddings\": %zu,\n"
	    "  \"model_type\": \"%s\",\n"
	    "  \"num_attention_heads\": %zu,\n"
	    "  \"num_hidden_layers\": %zu,\n"
	    "  \"pad_token_id\": 0,\n"
	    "  \"type_vocab_size\": %zu,\n"
	    "  \"vocab_size\": %zu,\n%s",
	    c->positions, type, c->heads, c->layers, c->types, c->vocab, more);
	config_put_ours(b, c);
	buf_text(b, "}\n");
}

size_t
config_embedding(const struct config *c)
{
	return c->embedding > 0 ? c->embedding : c->hidden;
}

void
config_write(const struct config *c, const char *path)
{
	struct buf b = { 0 };

	config_put(&b, c, "BertModel", "bert", "");
	file_put(path, b.data, b.size);
	buf_free(&b);
}

int
config_head(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->head_count; i++)
		if (strcmp(c->head[i].name, name) == 0)
			return (int)i;
	return -1;
}

size_t
config_add_head(struct config *c, const struct head *head)
{
	struct head *h;

	c->head = mem_resize(c->head, c->head_count + 1, sizeof(*c->head));
	h = &c->head[c->head_count];
	*h = *head;
	h->name = mem_string(head->name);
	labels_copy(&h->labels, &head->labels);
	return c->head_count++;
}

size_t
config_add_projection(struct config *c, const char *name, size_t outputs)
{
	c->projection = mem_resize(
	    c->projection, c->projections + 1, sizeof(*c->projection));
	c->projection[c->projections] =
	    (struct projection){ mem_string(name), outputs };
	return c->projections++;
}

void
config_copy(struct config *to, const struct config *from, bool with_heads)
{
	*to = *from;
	to->head = NULL;
	to->head_count = 0;
	to->projection = NULL;
	to->projections = 0;
	if (!with_heads)
		to->mlm = to->next_sentence = false;
	for (size_t i = 0; with_heads && i < from->head_count; i++)
		config_add_head(to, &from->head[i]);
	for (size_t i = 0; with_heads && i < from->projections; i++)
		config_add_projection(
		    to, from->projection[i].name, from->projection[i].outputs);
}

void
config_free(struct config *c)
{
	for (size_t i = 0; i < c->head_count; i++) {
		labels_free(&c->head[i].labels);
		free(c->head[i].name);
	}
	free(c->head);
	for (size_t i = 0; i < c->projections; i++)
		free(c->projection[i].name);
	free(c->projection);
	*c = (struct config){ 0 };
}
