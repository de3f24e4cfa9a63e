#include "corpus/vocab.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/vocabasked.h"
#include "corpus/vocabjson.h"
#include "corpus/vocabsettings.h"

const char vocab_cases[] = "lower|keep";

/* --- pieces --- */

/* White space at the end of a line is no part of its piece. */
static void
cut_end(char *line, char *end)
{
	size_t length;

	while (end > line) {
		char *p = end - 1;

		while (p > line && ((unsigned char)*p & 0xc0) == 0x80)
			p--;
		if (!unicode_is_white(utf8_get(p, &length)))
			break;
		*(end = p) = '\0';
	}
}

/* Cut the text into lines, which become the pieces. */
static void
split(struct vocab *v, const char *path)
{
	size_t room = 0;
	char *line, *end, *stop;

	v->text = mem_copy(v->bytes, v->bytes_size + 1);
	end = v->text + v->bytes_size;
	for (line = v->text; line < end; line = stop + 1) {
		stop = memchr(line, '\n', (size_t)(end - line));
		if (stop == NULL)
			stop = end;
		*stop = '\0';
		cut_end(line, stop);
		if (v->size == INT32_MAX)
			die("%s: more pieces than ids", path);
		v->piece =
		    mem_grow(v->piece, &room, v->size + 1, sizeof(*v->piece));
		v->piece[v->size++] = line;
		if (line[0] != '\0')
			v->rows = v->size;
	}
	v->lines = v->size;
}

/* Of doubled pieces the last one counts, as in Hugging Face's reader. */
static void
find_specials(struct vocab *v)
{
	for (size_t s = 0; s < VOCAB_SPECIALS; s++)
		v->special[s] = -1;
	for (size_t i = 0; i < v->lines; i++) {
		int s = v->piece[i][0] == '[' ? vocab_special_find(v->piece[i])
					      : -1;

		if (s >= 0)
			v->special[s] = (int32_t)i;
	}
}

/* What is surely no vocabulary, or is of these kinds and cannot be one. */
static void
refuse_others(const struct vocab *v, const char *path, unsigned kinds)
{
	struct kind_found found = kind_of_bytes(v->bytes, v->bytes_size);

	if (found.sure || (kinds & (unsigned)found.kind) != 0)
		kind_refuse(&found, path, KIND_VOCAB);
}

static void
check_specials(const struct vocab *v, const char *path)
{
	for (size_t s = 0; s < VOCAB_SPECIALS; s++)
		if (v->special[s] < 0) {
			refuse_others(v, path,
			    KIND_TSV | KIND_CSV | KIND_YAML | KIND_JSONL |
				KIND_EXAMPLES | KIND_PRED | KIND_EMPTY);
			die("%s: no %s among %zu piece%s, expected a WordPiece "
			    "vocabulary",
			    path, vocab_special_name((enum vocab_special)s),
			    v->lines, num_s(v->lines));
		}
}

static void
check_text(const struct vocab *v, const char *path)
{
	size_t n = v->bytes_size, good = utf8_check(v->bytes, n), line = 1;

	refuse_others(v, path, 0);
	if (good == n)
		good = strlen(v->bytes);
	if (good == n)
		return;
	for (size_t i = 0; i < good; i++)
		line += v->bytes[i] == '\n';
	die_at(path, line, "%s in a vocabulary",
	    v->bytes[good] == '\0' ? "a NUL byte" : "invalid UTF-8");
}

/* --- files --- */

static bool
is_json(const char *path)
{
	return text_ends(path, ".json");
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
read_json(struct vocab *v, const char *path, struct asked *asked)
{
	struct vocabjson json = vocabjson_read(path, asked);

	v->bytes = json.text;
	v->bytes_size = json.size;
	v->rules = json.rules;
	v->told = true;
}

/* The pieces of a vocab.txt are those of the tokenizer.json beside it. */
static void
compare_json(
    struct vocab *v, const char *file, const char *path, struct asked *asked)
{
	struct vocab other = { 0 };

	read_json(&other, path, asked);
	split(&other, path);
	for (size_t i = 0; i < v->rows || i < other.rows; i++)
		if (i >= v->rows || i >= other.rows ||
		    strcmp(v->piece[i], other.piece[i]) != 0)
			die("%s: piece %zu is '%s', but '%s' in %s", path, i,
			    i < other.rows ? other.piece[i] : "",
			    i < v->rows ? v->piece[i] : "", file);
	v->rules = other.rules;
	v->told = true;
	free(other.piece);
	free(other.bytes);
	free(other.text);
}

static void
hash(struct vocab *v)
{
	struct buf b = { 0 };

	buf_add(&b, v->bytes, v->bytes_size);
	if (v->added.count > 0)
		added_json(&b, &v->added, 0);
	digest_sha256(v->digest, b.data != NULL ? b.data : "", b.size);
	buf_free(&b);
}

static void
read_folder(
    struct vocab *v, const char *path, const char *file, struct asked *asked)
{
	char *json = file_join(path, "tokenizer.json");

	if (!is_json(file) && file_exists(json))
		compare_json(v, file, json, asked);
	vocabsettings_read(v, path, asked);
	free(json);
}

struct vocab *
vocab_read_any(const char *path, bool cased)
{
	struct vocab *v = mem_zero(1, sizeof(*v));
	char *file = vocab_file(path);
	struct asked asked = { 0 };

	if (file_is_directory(path) && !file_exists(file))
		kind_refuse_path(
		    path, KIND_VOCAB | KIND_MODEL | KIND_CHECKPOINT);
	v->rules = unicode_rules(cased);
	if (is_json(file))
		read_json(v, file, &asked);
	else
		v->bytes = file_slurp(file, &v->bytes_size);
	check_text(v, file_name(file));
	split(v, file_name(file));
	find_specials(v);
	if (file_is_directory(path))
		read_folder(v, path, file, &asked);
	if (cased && v->rules.lower)
		die("%s: lower-cases its texts, but --cased was asked for",
		    path);
	v->cased = !v->rules.lower;
	asked_settle(&asked, v);
	hash(v);
	asked_free(&asked);
	free(file);
	return v;
}

struct vocab *
vocab_read(const char *path, bool cased)
{
	struct vocab *v = vocab_read_any(path, cased);
	char *file = vocab_file(path);

	check_specials(v, file_name(file));
	free(file);
	return v;
}

/* --- the whole --- */

struct vocab *
vocab_copy(const struct vocab *v)
{
	struct vocab *c = mem_copy(v, sizeof(*v));

	c->bytes = mem_copy(v->bytes, v->bytes_size + 1);
	c->text = mem_copy(v->text, v->bytes_size + 1);
	c->piece = mem_copy(v->piece, v->size * sizeof(*v->piece));
	for (size_t i = 0; i < v->lines; i++)
		c->piece[i] = c->text + (v->piece[i] - v->text);
	added_copy(&c->added, &v->added);
	for (size_t i = 0; i < c->added.count; i++)
		if ((size_t)c->added.item[i].id >= c->lines)
			c->piece[c->added.item[i].id] = c->added.item[i].text;
	return c;
}

void
vocab_free(struct vocab *v)
{
	added_free(&v->added);
	free(v->piece);
	free(v->bytes);
	free(v->text);
	free(v);
}

void
vocab_check_rows(const struct vocab *v, const char *path, size_t rows)
{
	if (v->rows == 0)
		die("%s: a vocabulary without a piece", path);
	if (v->rows <= rows)
		return;
	if (v->lines >= v->rows)
		die("%s: %zu piece%s, but the model has %zu", path, v->rows,
		    num_s(v->rows), rows);
	die("%s: the added token '%s' has the id %zu, but the model has %zu "
	    "row%s of word embeddings",
	    path, v->piece[v->rows - 1], v->rows - 1, rows, num_s(rows));
}

void
vocab_put_added(struct buf *out, const struct vocab *v)
{
	if (v->added.count == 0)
		return;
	buf_text(out, "  \"added_tokens_decoder\": ");
	added_json(out, &v->added, 4);
	buf_text(out, ",\n");
}
