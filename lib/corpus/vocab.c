#include "corpus/vocab.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/vocabjson.h"

const char vocab_cases[] = "lower|keep";

static const char *const names[VOCAB_SPECIALS] = { "[PAD]", "[UNK]", "[CLS]",
	"[SEP]", "[MASK]" };

const char *
vocab_special_name(enum vocab_special s)
{
	return names[s];
}

/* Cut the text into lines, which become the pieces. */
static void
split(struct vocab *v, const char *path, size_t n)
{
	size_t room = 0;
	char *line = v->text, *end = v->text + n, *stop;

	for (; line < end; line = stop + 1) {
		stop = memchr(line, '\n', (size_t)(end - line));
		if (stop == NULL)
			stop = end;
		*stop = '\0';
		if (stop > line && stop[-1] == '\r')
			stop[-1] = '\0';
		if (v->size == INT32_MAX)
			die("%s: more pieces than ids", path);
		v->piece =
		    mem_grow(v->piece, &room, v->size + 1, sizeof(*v->piece));
		v->piece[v->size++] = line;
	}
}

/* Of doubled pieces the last one counts, as in Hugging Face's reader. */
static void
find_specials(struct vocab *v, const char *path)
{
	for (size_t s = 0; s < VOCAB_SPECIALS; s++)
		v->special[s] = -1;
	for (size_t i = 0; i < v->size; i++)
		for (size_t s = 0; s < VOCAB_SPECIALS; s++)
			if (strcmp(v->piece[i], names[s]) == 0)
				v->special[s] = (int32_t)i;
	for (size_t s = 0; s < VOCAB_SPECIALS; s++)
		if (v->special[s] < 0)
			die("%s: no %s among %zu pieces, expected a WordPiece "
			    "vocabulary",
			    path, names[s], v->size);
}

static bool
is_json(const char *path)
{
	return text_ends(path, ".json");
}

char *
vocab_text(const char *path, size_t *n, struct unicode_rules *rules)
{
	struct unicode_rules unused;

	return is_json(path)
		   ? vocabjson_read(path, n, rules != NULL ? rules : &unused)
		   : file_slurp(path, n);
}

char *
vocab_file(const char *path)
{
	char *file, *json;

	if (!file_is_directory(path))
		return mem_string(path);
	file = file_join(path, "vocab.txt");
	json = file_join(path, "tokenizer.json");
	if (file_exists(file) || !file_exists(json)) {
		free(json);
		return file;
	}
	free(file);
	return json;
}

static void
read_pieces(struct vocab *v, const char *path)
{
	size_t n, good, line = 1;

	v->told = is_json(path);
	v->text = vocab_text(path, &n, &v->rules);
	path = file_name(path);
	good = utf8_check(v->text, n);
	if (good == n)
		good = strlen(v->text);
	if (good < n) {
		for (size_t i = 0; i < good; i++)
			line += v->text[i] == '\n';
		die_at(path, line, "%s in a vocabulary",
		    v->text[good] == '\0' ? "a NUL byte" : "invalid UTF-8");
	}
	digest_sha256(v->digest, v->text, n);
	split(v, path, n);
	find_specials(v, path);
}

/* The key's value, if it is there and not null. */
static void
get_bool(const char *path, const struct conf *c, const char *key, bool *value)
{
	if (!conf_is_null(conf_get(c, key)))
		conf_get_bool(path, c, key, value);
}

static void
read_config(struct vocab *v, const char *folder)
{
	char *path = file_join(folder, "tokenizer_config.json");
	struct conf *c;
	bool lower = v->rules.lower;

	if (!file_exists(path)) {
		free(path);
		return;
	}
	c = conf_read_json(path);
	v->told = true;
	get_bool(path, c, "do_lower_case", &lower);
	if (lower != v->rules.lower)
		v->rules = unicode_rules(!lower);
	get_bool(path, c, "strip_accents", &v->rules.strip);
	get_bool(path, c, "tokenize_chinese_chars", &v->rules.chinese);
	conf_free(c);
	free(path);
}

struct vocab *
vocab_read(const char *path, bool cased)
{
	struct vocab *v = mem_zero(1, sizeof(*v));
	char *file = vocab_file(path);

	v->rules = unicode_rules(cased);
	read_pieces(v, file);
	if (file_is_directory(path))
		read_config(v, path);
	if (cased && v->rules.lower)
		die("%s: lower-cases its texts, but --cased was asked for",
		    path);
	v->cased = !v->rules.lower;
	free(file);
	return v;
}

void
vocab_free(struct vocab *v)
{
	free(v->piece);
	free(v->text);
	free(v);
}
