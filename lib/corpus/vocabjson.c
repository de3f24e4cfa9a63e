#include "corpus/vocabjson.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"

/* What is there must be BERT's; some versions left what is usual out. */
static void
expect(const char *path, const struct conf *c, const char *key,
    const char *expected)
{
	const struct conf *item = conf_get(c, key);

	if (item != NULL &&
	    (item->kind != CONF_SCALAR || strcmp(item->text, expected) != 0))
		die_at(path, item->line,
		    "\"%s\" is not %s: not BERT's tokenizer", key, expected);
}

/* The pieces of {"piece": id, ...} by id. */
static const char **
order(const char *path, const struct conf *map)
{
	const char **piece = mem_zero(map->count, sizeof(*piece));

	for (size_t i = 0; i < map->count; i++) {
		const char *key = map->key[i];
		const struct conf *item = map->item[i];
		long long id;

		if (strchr(key, '\n') != NULL || strchr(key, '\r') != NULL)
			die_at(path, item->line, "a piece with a line end");
		if (item->kind != CONF_SCALAR || item->quoted ||
		    !num_int(item->text, 0, (long long)map->count - 1, &id))
			die_at(path, item->line,
			    "piece '%s': no id from 0 to %zu", key,
			    map->count - 1);
		if (piece[id] != NULL)
			die_at(path, item->line,
			    "pieces '%s' and '%s' have the id %lld", piece[id],
			    key, id);
		piece[id] = key;
	}
	return piece;
}

/* Tokens beside the pieces would be cut out of texts before all else. */
static void
note_added(const char *path, const struct conf *root, const struct conf *map)
{
	const struct conf *list = conf_get(root, "added_tokens");

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const char *text;

		if (conf_get_text(path, list->item[i], "content", &text) &&
		    conf_get(map, text) == NULL)
			note("%s: left out: added token '%s'", path, text);
	}
}

static void
read_rules(
    const char *path, const struct conf *root, struct unicode_rules *rules)
{
	const struct conf *c = conf_get(root, "normalizer");
	bool lower = true;

	expect(path, c, "type", "BertNormalizer");
	expect(path, c, "clean_text", "true");
	expect(
	    path, conf_get(root, "pre_tokenizer"), "type", "BertPreTokenizer");
	conf_get_bool(path, c, "lowercase", &lower);
	*rules = unicode_rules(!lower);
	if (!conf_is_null(conf_get(c, "strip_accents")))
		conf_get_bool(path, c, "strip_accents", &rules->strip);
	conf_get_bool(path, c, "handle_chinese_chars", &rules->chinese);
}

char *
vocabjson_read(const char *path, size_t *n, struct unicode_rules *rules)
{
	struct conf *root = conf_read_json(path);
	const struct conf *model = conf_get(root, "model");
	const struct conf *map = conf_get(model, "vocab");
	const char **piece;
	struct buf text = { 0 };

	if (map == NULL || map->kind != CONF_MAP)
		die("%s: no model with a vocab: not BERT's tokenizer", path);
	expect(path, model, "type", "WordPiece");
	expect(path, model, "unk_token", "[UNK]");
	expect(path, model, "continuing_subword_prefix", "##");
	expect(path, model, "max_input_chars_per_word", "100");
	read_rules(path, root, rules);
	note_added(path, root, map);
	piece = order(path, map);
	for (size_t i = 0; i < map->count; i++) {
		buf_text(&text, piece[i]);
		buf_byte(&text, '\n');
	}
	*n = text.size;
	buf_string(&text);
	free(piece);
	conf_free(root);
	return text.data;
}
