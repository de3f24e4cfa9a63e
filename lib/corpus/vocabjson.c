#include "corpus/vocabjson.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"

/* What is there must be BERT's; some versions left what is usual out. */
static void
expect(const char *path, const struct conf *c, const char *key,
    const char *expected)
{
	const struct conf *item = conf_get(c, key);

	if (item != NULL &&
	    (item->kind != CONF_SCALAR || strcmp(item->text, expected) != 0))
		die_at(path, item->line,
		    "\"%s\" is '%s', expected '%s': not BERT's tokenizer", key,
		    item->kind == CONF_SCALAR ? item->text : "a list or map",
		    expected);
}

/*
 * A part of the tokenizer, which is of this type, or a Sequence of one that
 * is; NULL if the file has none.  null means that nothing is done.
 */
static const struct conf *
part(const char *path, const struct conf *root, const char *key,
    const char *type, const char *list)
{
	const struct conf *c = conf_get(root, key);
	const struct conf *items = conf_get(c, list);
	const char *is = "nothing";

	if (c == NULL)
		return NULL;
	if (items != NULL && items->kind == CONF_LIST && items->count == 1)
		c = items->item[0];
	conf_get_text(path, c, "type", &is);
	if (strcmp(is, type) != 0)
		die_at(path, c->line,
		    "\"%s\" is of the type '%s', expected '%s': not BERT's "
		    "tokenizer",
		    key, is, type);
	return c;
}

/* A vocab.txt can hold it. */
static void
check_piece(const char *path, const char *piece, size_t line)
{
	size_t n = strlen(piece), length;
	const char *last = piece + n;

	while (last > piece && ((unsigned char)*--last & 0xc0) == 0x80)
		continue;
	if (strpbrk(piece, "\r\n") != NULL)
		die_at(path, line, "a piece with a line end");
	if (n > 0 && unicode_is_white(utf8_get(last, &length)))
		die_at(path, line, "piece '%s' ends in white space", piece);
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

		check_piece(path, key, item->line);
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

/* Tokens that are cut out of texts before all else. */
static void
take_added(const char *path, const struct conf *root, struct asked *asked)
{
	const struct conf *list = conf_get(root, "added_tokens");

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		long long id = -1;

		if (list->kind != CONF_LIST || list->item[i]->kind != CONF_MAP)
			die_at(path, list->line,
			    "\"added_tokens\", expected a list of maps");
		conf_get_int(path, list->item[i], "id", 0, INT32_MAX - 1, &id);
		asked_take(asked, path, list->item[i], id, false);
	}
}

static struct unicode_rules
read_rules(const char *path, const struct conf *root)
{
	const struct conf *c =
	    part(path, root, "normalizer", "BertNormalizer", "normalizers");
	struct unicode_rules rules;
	bool lower = true;

	part(path, root, "pre_tokenizer", "BertPreTokenizer", "pretokenizers");
	expect(path, c, "clean_text", "true");
	conf_get_bool(path, c, "lowercase", &lower);
	rules = unicode_rules(!lower);
	if (!conf_is_null(conf_get(c, "strip_accents")))
		conf_get_bool(path, c, "strip_accents", &rules.strip);
	conf_get_bool(path, c, "handle_chinese_chars", &rules.chinese);
	return rules;
}

/* --- what is put around the pieces --- */

/* A frame as "[CLS]:0 A:0 [SEP]:0", from a template's list; owned. */
static void
put_frame(struct buf *out, const char *path, const struct conf *list)
{
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct conf *piece =
		    conf_get(list->item[i], "SpecialToken");
		const char *id = "?";
		long long type = -1;

		if (piece == NULL)
			piece = conf_get(list->item[i], "Sequence");
		conf_get_text(path, piece, "id", &id);
		conf_get_int(path, piece, "type_id", 0, 1000, &type);
		buf_print(out, "%s%s:%lld", i > 0 ? " " : "", id, type);
	}
	buf_string(out);
}

static void
check_template(const char *path, const struct conf *c)
{
	static const char *const frames[][2] = {
		{ "single", "[CLS]:0 A:0 [SEP]:0" },
		{ "pair", "[CLS]:0 A:0 [SEP]:0 B:1 [SEP]:1" },
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		const struct conf *list = conf_get(c, frames[i][0]);

		buf_clear(&b);
		put_frame(&b, path, list);
		if (strcmp(b.data, frames[i][1]) != 0)
			die_at(path, list != NULL ? list->line : c->line,
			    "\"%s\" is '%s', expected '%s'", frames[i][0],
			    b.data, frames[i][1]);
	}
	buf_free(&b);
}

/* glue-pack puts [CLS] and [SEP] around as BERT does. */
static void
check_frame(const char *path, const struct conf *root)
{
	const struct conf *c = conf_get(root, "post_processor");
	const char *type = "nothing";

	if (conf_is_null(c))
		return;
	conf_get_text(path, c, "type", &type);
	if (strcmp(type, "TemplateProcessing") == 0)
		check_template(path, c);
	else if (strcmp(type, "BertProcessing") != 0)
		die_at(path, c->line,
		    "\"post_processor\" is of the type '%s', expected "
		    "'TemplateProcessing' or 'BertProcessing'",
		    type);
}

/* --- the whole --- */

struct vocabjson
vocabjson_read(const char *path, struct asked *asked)
{
	struct conf *root = conf_read_json(path);
	const struct conf *model = conf_get(root, "model");
	const struct conf *map = conf_get(model, "vocab");
	const char **piece;
	struct vocabjson json;
	struct buf text = { 0 };

	expect(path, model, "type", "WordPiece");
	if (map == NULL || map->kind != CONF_MAP)
		die("%s: no model with a vocab: not BERT's tokenizer", path);
	expect(path, model, "unk_token", "[UNK]");
	expect(path, model, "continuing_subword_prefix", "##");
	expect(path, model, "max_input_chars_per_word", "100");
	expect(path, conf_get(root, "truncation"), "direction", "Right");
	json.rules = read_rules(path, root);
	check_frame(path, root);
	take_added(path, root, asked);
	piece = order(path, map);
	for (size_t i = 0; i < map->count; i++) {
		buf_text(&text, piece[i]);
		buf_byte(&text, '\n');
	}
	json.size = text.size;
	buf_string(&text);
	json.text = text.data;
	free(piece);
	conf_free(root);
	return json;
}
