#include "base/kind.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

enum { START = 1 << 14 }; /* bytes that are looked at */

/* What something is called, and in provenance lines. */
static const struct {
	enum file_kind kind;
	const char *name, *word;
} called[] = {
	{ KIND_EXAMPLES, "a table of examples", "examples" },
	{ KIND_TOKENS, "a table of tokens", "tokens" },
	{ KIND_PACK, "a pack", NULL },
	{ KIND_PRED, "a table of predictions", "pred" },
	{ KIND_SOFT, "a table of soft targets", "soft" },
	{ KIND_SCORES, "a table of scores", "scores" },
	{ KIND_COMPARE, "a table of comparisons", "compare" },
	{ KIND_TABLE, "another table of mtkd's", NULL },
	{ KIND_MODEL, "the folder of a model", NULL },
	{ KIND_UNFINISHED, "the folder of an unfinished model", NULL },
	{ KIND_RESUME, "what an unfinished training is resumed from", NULL },
	{ KIND_CHECKPOINT, "the folder of another program's model", NULL },
	{ KIND_WEIGHTS, "the tensor file of a model", NULL },
	{ KIND_TORCH, "a checkpoint of PyTorch", NULL },
	{ KIND_VOCAB, "a vocabulary", NULL },
	{ KIND_YAML, "YAML", NULL },
	{ KIND_TSV, "a table of tabs that is not mtkd's own", NULL },
	{ KIND_CSV, "CSV", NULL },
	{ KIND_JSON, "JSON", NULL },
	{ KIND_JSONL, "JSON lines", NULL },
	{ KIND_TEXT, "plain text", NULL },
	{ KIND_FOLDER, "a directory", NULL },
	{ KIND_EMPTY, "empty", NULL },
};

enum { CALLED = sizeof(called) / sizeof(called[0]) };

static const struct {
	const char *start;
	size_t size; /* 0: text, in any case, after white space */
	const char *name, *mend;
} foreign[] = {
	{ "version https://git-lfs", 23,
	    "a pointer of Git LFS in place of the file",
	    "'git lfs pull' fetches it" },
	{ "<!doctype html", 0, "an HTML page in place of the file",
	    "was the download refused?" },
	{ "<html", 0, "an HTML page in place of the file",
	    "was the download refused?" },
	{ "<?xml", 0, "an XML page in place of the file",
	    "was the download refused?" },
	{ "\x89HDF\r\n\x1a\n", 8, "an HDF5 file, such as Keras writes", NULL },
	{ "GGUF", 4, "a GGUF file of llama.cpp", NULL },
	{ "PAR1", 4, "a Parquet file", "export it as CSV" },
	{ "ARROW1", 6, "an Arrow file", "export it as CSV" },
	{ "\xff\xff\xff\xff", 4, "an Arrow stream", "export it as CSV" },
	{ "\x1f\x8b", 2, "compressed by gzip", "'gzip -d @' unpacks it" },
	{ "BZh", 3, "compressed by bzip2", "'bzip2 -d @' unpacks it" },
	{ "\xfd"
	  "7zXZ",
	    5, "compressed by xz", "'xz -d @' unpacks it" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed by zstd",
	    "'zstd -d @' unpacks it" },
	{ "7z\xbc\xaf\x27\x1c", 6, "compressed by 7-Zip",
	    "'7z x @' unpacks it" },
	{ "\xd0\xcf\x11\xe0", 4, "a spreadsheet or document of old",
	    "export it as CSV" },
	{ "SQLite format 3", 15, "an SQLite database", "export it as CSV" },
	{ "%PDF-", 5, "a PDF document", NULL },
	{ "\xff\xfe", 2, "UTF-16 text, expected UTF-8",
	    "'iconv -f UTF-16 -t UTF-8 @ >FILE' writes UTF-8" },
	{ "\xfe\xff", 2, "UTF-16 text, expected UTF-8",
	    "'iconv -f UTF-16 -t UTF-8 @ >FILE' writes UTF-8" },
	{ "\x7f"
	  "ELF",
	    4, "a program", NULL },
	{ "\x89PNG", 4, "an image", NULL },
	{ "\xff\xd8\xff", 3, "an image", NULL },
	{ "\x93NUMPY", 6, "an array of numpy's", NULL },
};

const unsigned kind_raw = KIND_TSV | KIND_CSV | KIND_JSONL | KIND_TEXT |
			  KIND_JSON | KIND_YAML | KIND_VOCAB | KIND_EMPTY;

const unsigned kind_plain = KIND_TSV | KIND_CSV | KIND_JSONL | KIND_TEXT |
			    KIND_JSON | KIND_YAML | KIND_VOCAB;

unsigned
kind_of_words(const char *words)
{
	unsigned mask = 0;

	for (size_t i = 0; i < CALLED; i++)
		if (called[i].word != NULL &&
		    text_word_find(words, called[i].word) >= 0)
			mask |= (unsigned)called[i].kind;
	return mask;
}

/* --- bytes --- */

struct bytes {
	const char *at;
	size_t n;
};

static bool
has(struct bytes b, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length <= b.n; i++)
		if (memcmp(b.at + i, word, length) == 0)
			return true;
	return false;
}

bool
kind_has_word(const void *bytes, size_t n, const char *word)
{
	return has((struct bytes){ bytes, n }, word);
}

static bool
starts(struct bytes b, const char *word)
{
	size_t length = strlen(word);

	return b.n >= length && memcmp(b.at, word, length) == 0;
}

/* A word in any case, after white space. */
static bool
starts_as(struct bytes b, const char *word)
{
	while (b.n > 0 && strchr(" \t\r\n", *b.at) != NULL && *b.at != '\0') {
		b.at++;
		b.n--;
	}
	for (; *word != '\0'; word++, b.at++, b.n--)
		if (b.n == 0 || text_lower(*b.at) != *word)
			return false;
	return true;
}

/* The first line of b, without its end, which b loses. */
static struct bytes
take_line(struct bytes *b)
{
	const char *end = b->n > 0 ? memchr(b->at, '\n', b->n) : NULL;
	size_t n = end != NULL ? (size_t)(end - b->at) : b->n;
	struct bytes line = { b->at, text_line(b->at, n) };

	n += end != NULL;
	b->at += n;
	b->n -= n;
	return line;
}

static size_t
count(struct bytes b, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < b.n; i++)
		n += b.at[i] == c;
	return n;
}

static struct kind_found
found(enum file_kind kind)
{
	struct kind_found f = { .kind = kind };

	for (size_t i = 0; i < CALLED; i++)
		if (called[i].kind == kind)
			f.name = called[i].name;
	return f;
}

static struct kind_found
surely(enum file_kind kind)
{
	struct kind_found f = found(kind);

	f.sure = true;
	return f;
}

static struct kind_found
others(const char *name, const char *mend)
{
	return (struct kind_found){ KIND_FOREIGN, name, mend, true };
}

/* --- files that are no text --- */

static bool
is_tensors(struct bytes b)
{
	return b.n >= 10 && b.at[8] == '{' &&
	       memcmp(b.at + 4, "\0\0\0\0", 4) == 0;
}

static struct kind_found
of_tensors(struct bytes b)
{
	if (has(b, "\"resume "))
		return surely(KIND_RESUME);
	if (!has(b, "\"model ") && has(b, "\"pack "))
		return surely(KIND_PACK);
	return surely(KIND_WEIGHTS);
}

static struct kind_found
of_zip(struct bytes b)
{
	static const char csv[] = "export it as CSV, and use --csv";

	if (has(b, "data.pkl"))
		return surely(KIND_TORCH);
	if (has(b, "[Content_Types].xml") || has(b, "_rels/.rels") ||
	    has(b, "mimetypeapplication/vnd"))
		return others("a spreadsheet or document (a zip archive)", csv);
	return others("a zip archive", "'unzip @' unpacks it");
}

static struct kind_found
of_foreign(struct bytes b)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		size_t size = foreign[i].size;

		if (size == 0 ? starts_as(b, foreign[i].start)
			      : b.n >= size &&
				    memcmp(b.at, foreign[i].start, size) == 0)
			return others(foreign[i].name, foreign[i].mend);
	}
	return found(KIND_UNKNOWN);
}

/* --- text --- */

/* A table whose first line says what it is. */
static struct kind_found
of_provenance(struct bytes line)
{
	line.at += strlen("#mtkd ");
	line.n -= strlen("#mtkd ");
	for (size_t i = 0; i < CALLED; i++) {
		const char *word = called[i].word;
		size_t n = word != NULL ? strlen(word) : 0;

		if (n > 0 && line.n > n && starts(line, word) &&
		    line.at[n] == ' ')
			return surely(called[i].kind);
	}
	return surely(KIND_TABLE);
}

/* Fields of numbers after the first one. */
static bool
is_numbers(struct bytes line)
{
	size_t tab = 0;

	while (tab < line.n && line.at[tab] != '\t')
		tab++;
	for (size_t i = tab; i < line.n; i++)
		if (strchr("0123456789.-+e\tnaif", line.at[i]) == NULL)
			return false;
	return tab < line.n;
}

static struct kind_found
of_table(struct bytes header, struct bytes second)
{
	if (starts(header, "id\tlabel\ttext_a"))
		return found(KIND_EXAMPLES);
	if (starts(header, "task\tsplit\tmetric\tvalue"))
		return found(KIND_SCORES);
	if (starts(header, "id\t") && is_numbers(second))
		return found(KIND_PRED);
	return found(KIND_TSV);
}

/* "key: value", "key:", with the key perhaps in quotes. */
static bool
is_yaml(struct bytes line)
{
	size_t i = 0;

	while (i < line.n && line.at[i] != '\0' &&
	       strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789-_\"'",
		   line.at[i]) != NULL)
		i++;
	return i > 0 && i < line.n && line.at[i] == ':' &&
	       (i + 1 == line.n || line.at[i + 1] == ' ' ||
		   line.at[i + 1] == '\t');
}

/* Fields between commas: the same number in both lines, or some in quotes. */
static bool
is_csv(struct bytes header, struct bytes second, char comma)
{
	size_t n = count(header, comma);

	return n > 0 && (count(second, comma) == n || count(second, '"') > 0 ||
			    header.at[0] == '"');
}

static struct kind_found
of_lines(struct bytes b)
{
	struct bytes rest = b, line = take_line(&rest), second;

	if (starts(line, "#mtkd "))
		return of_provenance(line);
	if (has(b, "[PAD]\n") || has(b, "[UNK]\n") || has(b, "[PAD]\r\n"))
		return found(KIND_VOCAB);
	while (rest.n > 0 && (line.n == 0 || starts(line, "#") ||
				 (line.n == 3 && starts(line, "---"))))
		line = take_line(&rest);
	second = take_line(&rest);
	if (starts(line, "{") || starts(line, "["))
		return found(line.at[0] == '{' && line.n > 1 &&
				     line.at[line.n - 1] == '}'
				 ? KIND_JSONL
				 : KIND_JSON);
	if (is_yaml(line))
		return found(KIND_YAML);
	if (count(line, '\t') > 0)
		return of_table(line, second);
	if (is_csv(line, second, ','))
		return found(KIND_CSV);
	if (is_csv(line, second, ';'))
		return (struct kind_found){ KIND_FOREIGN,
			"a table of fields between ';'",
			"export it with ',' or tabs", false };
	return found(KIND_TEXT);
}

/* Bytes that may be cut within a letter are UTF-8, and hold no NUL. */
static bool
is_text(struct bytes b)
{
	size_t valid = utf8_check(b.at, b.n);

	return memchr(b.at, '\0', b.n) == NULL &&
	       (valid == b.n || (b.n == START && valid + 4 > b.n));
}

struct kind_found
kind_of_bytes(const void *bytes, size_t n)
{
	struct bytes b = { bytes, n < START ? n : START };
	struct kind_found k;

	if (n == 0)
		return found(KIND_EMPTY);
	if (starts(b, "PK\003\004"))
		return of_zip(b);
	if (is_tensors(b))
		return of_tensors(b);
	if (b.n >= 2 && b.at[0] == '\x80' && b.at[1] >= 2 && b.at[1] <= 5)
		return surely(KIND_TORCH);
	k = of_foreign(b);
	if (k.kind != KIND_UNKNOWN)
		return k;
	if (starts(b, "\xef\xbb\xbf")) {
		b.at += 3;
		b.n -= 3;
	}
	return is_text(b) ? of_lines(b) : k;
}

/* --- paths --- */

bool
kind_holds(const char *folder, const char *name)
{
	char *path = file_join(folder, name);
	bool there = file_exists(path);

	free(path);
	return there;
}

/* One of its files has the word "mtkd" in its first bytes. */
static bool
is_ours(const char *folder, const char *name)
{
	char *path = file_join(folder, name);
	char start[START];
	struct bytes b = { start, file_start(path, start, sizeof(start)) };

	free(path);
	return has(b, "\"mtkd\"");
}

/* Its model.safetensors is one, whole enough to tell. */
static bool
holds_weights(const char *folder)
{
	char *path = file_join(folder, "model.safetensors");
	char start[START];
	size_t n = file_start(path, start, sizeof(start));

	free(path);
	return kind_of_bytes(start, n).kind == KIND_WEIGHTS;
}

/* Ours are sealed by their last file; a damaged one is ours still. */
static struct kind_found
of_folder(const char *path)
{
	bool weights = kind_holds(path, "model.safetensors");
	bool ours = is_ours(path, "config.json");

	if (is_ours(path, "model.safetensors") ||
	    (ours && weights && !holds_weights(path)))
		return found(KIND_MODEL);
	/* a log beside weights is that of the model whose they were */
	if (kind_holds(path, "resume.safetensors") ||
	    (!weights && (ours || kind_holds(path, "log.tsv"))))
		return found(KIND_UNFINISHED);
	if (weights || kind_holds(path, "config.json") ||
	    kind_holds(path, "bert_config.json") ||
	    kind_holds(path, "pytorch_model.bin"))
		return found(KIND_CHECKPOINT);
	return found(KIND_FOLDER);
}

struct kind_found
kind_of_path(const char *path)
{
	char start[START];
	struct stat st;
	size_t n;

	if (file_is_directory(path))
		return of_folder(path);
	n = file_start(path, start, sizeof(start));
	if (n > 0 || (stat(path, &st) == 0 && S_ISREG(st.st_mode)))
		return kind_of_bytes(start, n);
	return found(KIND_UNKNOWN);
}
