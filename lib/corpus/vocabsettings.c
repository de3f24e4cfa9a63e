#include "corpus/vocabsettings.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

/* A file of the folder as a tree, or NULL if it is not there. */
static struct conf *
read_file(const char *folder, const char *name, char **path)
{
	struct conf *c;

	*path = file_join(folder, name);
	if (!file_exists(*path))
		return NULL;
	c = conf_read_json(*path);
	if (c->kind != CONF_MAP)
		die_at(*path, c->line, "expected a map");
	return c;
}

static const char *
shown(const struct conf *c)
{
	return c->kind == CONF_SCALAR ? c->text : "a list or map";
}

static _Noreturn void
refuse(const char *path, const char *key, const struct conf *value,
    const char *expected)
{
	die_at(path, value->line, "\"%s\" is '%s', expected %s", key,
	    shown(value), expected);
}

/* --- what must be BERT's --- */

/* A key, if it is there and not null, has one of these values. */
static const struct {
	const char *key, *value;
} fixed[] = {
	{ "do_basic_tokenize", "true" },
	{ "do_word_tokenize", "true" },
	{ "do_subword_tokenize", "true" },
	{ "word_tokenizer_type", "basic" },
	{ "subword_tokenizer_type", "wordpiece" },
	{ "clean_text", "true" },
	{ "split_special_tokens", "false" },
	{ "wordpieces_prefix", "##" },
	{ "max_input_chars_per_word", "100" },
	{ "truncation_side", "right" },
};

/* Classes of Transformers that cut texts as BERT's does. */
static const char *const classes[] = { "BertTokenizer", "DistilBertTokenizer",
	"ElectraTokenizer", "MobileBertTokenizer", "ConvBertTokenizer",
	"SqueezeBertTokenizer", "LxmertTokenizer" };

/* Those that are whatever their tokenizer.json says. */
static const char *const backends[] = { "PreTrainedTokenizer",
	"TokenizersBackend" };

static bool
is_class(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(list[i]);

		if (text_starts(name, list[i]) &&
		    (name[n] == '\0' || strcmp(name + n, "Fast") == 0))
			return true;
	}
	return false;
}

static void
check_class(const char *path, const struct conf *c, bool json)
{
	const struct conf *class = conf_get(c, "tokenizer_class");

	if (conf_is_null(class))
		return;
	if (class->kind == CONF_SCALAR &&
	    (is_class(
		 class->text, classes, sizeof(classes) / sizeof(classes[0])) ||
		(json && is_class(class->text, backends,
			     sizeof(backends) / sizeof(backends[0])))))
		return;
	refuse(path, "tokenizer_class", class,
	    "BertTokenizer or one that cuts texts as it does");
}

static void
check_fixed(const char *path, const struct conf *c)
{
	const struct conf *value;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		value = conf_get(c, fixed[i].key);
		if (!conf_is_null(value) &&
		    (value->kind != CONF_SCALAR ||
			strcmp(value->text, fixed[i].value) != 0))
			refuse(path, fixed[i].key, value, fixed[i].value);
	}
	for (size_t i = 0; c != NULL && i < c->count; i++)
		if (text_ends(c->key[i], "_kwargs") && c->item[i]->count > 0)
			refuse(path, c->key[i], c->item[i],
			    "none: not BERT's tokenizer");
	value = conf_get(conf_get(c, "auto_map"), "AutoTokenizer");
	if (!conf_is_null(value))
		die_at(path, value->line,
		    "\"auto_map\" names a tokenizer's own code, expected "
		    "BERT's tokenizer");
}

/* Words that are never split: only those that are not split anyway. */
static void
check_never_split(const char *path, const struct conf *c)
{
	const struct conf *list = conf_get(c, "never_split");

	if (conf_is_null(list))
		return;
	if (list->kind != CONF_LIST)
		refuse(path, "never_split", list, "a list");
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i]->kind != CONF_SCALAR ||
		    vocab_special_find(list->item[i]->text) < 0)
			refuse(path, "never_split", list->item[i],
			    "none but the special pieces");
}

/* --- how texts are prepared --- */

/* A switch, if it is told; a tokenizer.json may not say otherwise. */
static void
take_switch(const struct vocab *v, const char *path, const struct conf *c,
    const char *key, const char *other, bool *value)
{
	bool told = *value;

	if (conf_is_null(conf_get(c, key)))
		return;
	conf_get_bool(path, c, key, &told);
	if (v->told && told != *value)
		die_at(path, conf_get(c, key)->line,
		    "\"%s\" is '%s', but tokenizer.json has \"%s\" '%s'", key,
		    told ? "true" : "false", other, told ? "false" : "true");
	*value = told;
}

static void
take_rules(struct vocab *v, const char *path, const struct conf *c)
{
	bool lower = v->rules.lower;

	take_switch(v, path, c, "do_lower_case", "lowercase", &lower);
	if (lower != v->rules.lower)
		v->rules = unicode_rules(!lower);
	take_switch(
	    v, path, c, "strip_accents", "strip_accents", &v->rules.strip);
	take_switch(v, path, c, "tokenize_chinese_chars",
	    "handle_chinese_chars", &v->rules.chinese);
	v->told = true;
}

/* --- added tokens --- */

/* Numbers of a map's items by their ids, as Transformers adds them. */
struct numbered {
	long long id;
	size_t nth;
};

static int
by_id(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;

	return a->id != b->id ? (a->id > b->id) - (a->id < b->id)
			      : (a->nth > b->nth) - (a->nth < b->nth);
}

static long long
id_of(const char *path, const char *text, size_t line)
{
	long long id;

	if (!num_int(text, 0, INT32_MAX - 1, &id))
		die_at(path, line, "an added token of the id '%s'", text);
	return id;
}

/* added_tokens_decoder: {"30": {"content": "[ENT]", ...}, ...} */
static void
take_decoder(struct asked *asked, const char *path, const struct conf *map)
{
	struct numbered *n = mem_alloc(map->count, sizeof(*n));

	if (map->kind != CONF_MAP)
		refuse(path, "added_tokens_decoder", map, "a map");
	for (size_t i = 0; i < map->count; i++)
		n[i] = (struct numbered){
			id_of(path, map->key[i], map->item[i]->line), i
		};
	if (map->count > 0)
		qsort(n, map->count, sizeof(*n), by_id);
	for (size_t i = 0; i < map->count; i++)
		asked_take(asked, path, map->item[n[i].nth], n[i].id, false);
	free(n);
}

/* Is a text the value of a key ...token, or among the extra ones? */
static bool
is_listed(const struct conf *c, const char *text)
{
	const struct conf *extra = conf_get(c, "extra_special_tokens");

	if (conf_is_null(extra))
		extra = conf_get(c, "additional_special_tokens");
	for (size_t i = 0; extra != NULL && i < extra->count; i++)
		if (extra->item[i]->kind == CONF_SCALAR &&
		    strcmp(extra->item[i]->text, text) == 0)
			return true;
	for (size_t i = 0; c != NULL && i < c->count; i++)
		if (text_ends(c->key[i], "_token") &&
		    c->item[i]->kind == CONF_SCALAR &&
		    strcmp(c->item[i]->text, text) == 0)
			return true;
	return false;
}

/* added_tokens.json: {"[ENT]": 30, ...} */
static void
take_plain(struct asked *asked, const char *path, const struct conf *map,
    const struct conf *config)
{
	struct numbered *n = mem_alloc(map->count, sizeof(*n));

	for (size_t i = 0; i < map->count; i++)
		n[i] = (struct numbered){
			id_of(path, shown(map->item[i]), map->item[i]->line), i
		};
	if (map->count > 0)
		qsort(n, map->count, sizeof(*n), by_id);
	for (size_t i = 0; i < map->count; i++) {
		char *text = map->key[n[i].nth];
		struct conf token = { .kind = CONF_SCALAR,
			.quoted = true,
			.text = text,
			.line = map->item[n[i].nth]->line };

		asked_take(
		    asked, path, &token, n[i].id, is_listed(config, text));
	}
	free(n);
}

/* The text of a token, which is told as text or as a map. */
static const struct conf *
content(const struct conf *c)
{
	const struct conf *text = conf_get(c, "content");

	return text != NULL ? text : c;
}

/* "mask_token": "[MASK]" and so on; others are tokens that were added. */
static void
take_named(struct asked *asked, const char *path, const struct conf *c)
{
	static const char *const keys[VOCAB_SPECIALS] = { "pad_token",
		"unk_token", "cls_token", "sep_token", "mask_token" };

	for (size_t i = 0; i < c->count; i++) {
		const struct conf *value = c->item[i];
		size_t s = 0;

		while (s < VOCAB_SPECIALS && strcmp(c->key[i], keys[s]) != 0)
			s++;
		if (s < VOCAB_SPECIALS &&
		    strcmp(shown(content(value)),
			vocab_special_name((enum vocab_special)s)) != 0)
			refuse(path, c->key[i], content(value),
			    vocab_special_name((enum vocab_special)s));
		if (text_ends(c->key[i], "_token") &&
		    (value->kind == CONF_MAP ||
			(value->kind == CONF_SCALAR && value->quoted)))
			asked_take(asked, path, value, -1, true);
	}
}

static void
take_extra(struct asked *asked, const char *path, const struct conf *c)
{
	static const char *const keys[] = { "extra_special_tokens",
		"additional_special_tokens" };

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		const struct conf *list = conf_get(c, keys[k]);

		if (conf_is_null(list))
			continue;
		if (list->kind == CONF_SCALAR)
			refuse(path, keys[k], list, "a list or map of tokens");
		for (size_t i = 0; i < list->count; i++)
			asked_take(asked, path, list->item[i], -1, true);
	}
}

/* --- the whole --- */

void
vocabsettings_read(struct vocab *v, const char *folder, struct asked *asked)
{
	char *model_path, *config_path, *map_path, *added_path;
	struct conf *model = read_file(folder, "config.json", &model_path);
	struct conf *config =
	    read_file(folder, "tokenizer_config.json", &config_path);
	struct conf *map =
	    read_file(folder, "special_tokens_map.json", &map_path);
	struct conf *added =
	    read_file(folder, "added_tokens.json", &added_path);
	const struct conf *decoder = conf_get(config, "added_tokens_decoder");

	check_class(model_path,
	    conf_is_null(conf_get(config, "tokenizer_class")) ? model : NULL,
	    v->told);
	check_class(config_path, config, v->told);
	check_fixed(config_path, config);
	check_never_split(config_path, config);
	if (!conf_is_null(decoder))
		take_decoder(asked, config_path, decoder);
	/* where there is one, Transformers looks at no other file */
	asked->closed = !conf_is_null(decoder);
	if (added != NULL)
		take_plain(asked, added_path, added, config);
	if (map != NULL) {
		take_named(asked, map_path, map);
		take_extra(asked, map_path, map);
	}
	asked->closed = false;
	if (config != NULL) {
		take_named(asked, config_path, config);
		take_extra(asked, config_path, config);
	}
	if (config != NULL)
		take_rules(v, config_path, config);
	conf_free(model);
	conf_free(config);
	conf_free(map);
	conf_free(added);
	free(model_path);
	free(config_path);
	free(map_path);
	free(added_path);
}
