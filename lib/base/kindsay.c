#include "base/kind.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

/* What is asked for, and the page that tells how it is made. */
static const struct {
	enum file_kind kind;
	const char *name, *page;
} asked[] = {
	{ KIND_EXAMPLES, "examples", "glue-read(1)" },
	{ KIND_TOKENS, "tokens", "wp-tokenize(1)" },
	{ KIND_PACK, "a pack", "glue-pack(1)" },
	{ KIND_PRED, "predictions", "mt-predict(1)" },
	{ KIND_SOFT, "soft targets", "ens-average(1)" },
	{ KIND_SCORES, "scores", "glue-score(1)" },
	{ KIND_COMPARE, "comparisons", "glue-score(1), --compare" },
	{ KIND_MODEL, "a model",
	    "mt-finetune(1), bert-import(1), model-new(1)" },
	{ KIND_CHECKPOINT, "a checkpoint of BERT", "bert-import(1)" },
	{ KIND_WEIGHTS, "a tensor file", "tensor-cat(1)" },
	{ KIND_VOCAB, "a vocabulary", "wp-train(1)" },
	{ KIND_TASKS, "definitions of tasks in YAML", "mtkd-tasks(5)" },
	{ KIND_RECIPE, "a recipe in YAML", "mtkd-recipe(5)" },
	{ KIND_TSV, "a table of tabs", NULL },
	{ KIND_CSV, "CSV", NULL },
	{ KIND_JSON, "JSON", NULL },
	{ KIND_JSONL, "JSON lines", NULL },
	{ KIND_TEXT, "plain text", NULL },
};

enum { ASKED = sizeof(asked) / sizeof(asked[0]) };

enum {
	RAW = KIND_TSV,
	CSV = KIND_CSV,
	JSONL = KIND_JSONL,
	TEXT = KIND_TEXT,
	EXAMPLES = KIND_EXAMPLES,
	TOKENS = KIND_TOKENS,
	PACK = KIND_PACK,
	PRED = KIND_PRED | KIND_SOFT,
	SCORES = KIND_SCORES,
	COMPARE = KIND_COMPARE,
	MODEL = KIND_MODEL,
	VOCAB = KIND_VOCAB,
	OTHERS = KIND_CHECKPOINT | KIND_TORCH
};

/* From what, to what, by which command; '@' stands for the file. */
static const struct {
	unsigned found, wanted;
	const char *command;
} way[] = {
	{ RAW, EXAMPLES, "glue-read -t TASK -s SPLIT @" },
	{ CSV, EXAMPLES, "glue-read -t TASK -s SPLIT --csv @" },
	{ JSONL, EXAMPLES, "glue-read -t TASK -s SPLIT --jsonl @" },
	{ TEXT, EXAMPLES, "glue-read -t lines @" },
	{ EXAMPLES, TOKENS, "wp-tokenize -v MODEL @" },
	{ RAW, TOKENS, "glue-read -t TASK -s SPLIT @ | wp-tokenize -v MODEL" },
	{ CSV, TOKENS,
	    "glue-read -t TASK -s SPLIT --csv @ | wp-tokenize -v MODEL" },
	{ JSONL, TOKENS,
	    "glue-read -t TASK -s SPLIT --jsonl @ | wp-tokenize -v MODEL" },
	{ TEXT, TOKENS, "glue-read -t lines @ | wp-tokenize -v MODEL" },
	{ TOKENS, PACK, "glue-pack -t TASK -s SPLIT -o PACK.st @" },
	{ EXAMPLES, PACK,
	    "wp-tokenize -v MODEL @ | glue-pack -t TASK -s SPLIT -o PACK.st" },
	{ RAW, PACK,
	    "glue-read -t TASK -s SPLIT @ | wp-tokenize -v MODEL | "
	    "glue-pack -t TASK -s SPLIT -o PACK.st" },
	{ CSV, PACK,
	    "glue-read -t TASK -s SPLIT --csv @ | wp-tokenize -v MODEL | "
	    "glue-pack -t TASK -s SPLIT -o PACK.st" },
	{ JSONL, PACK,
	    "glue-read -t TASK -s SPLIT --jsonl @ | wp-tokenize -v MODEL | "
	    "glue-pack -t TASK -s SPLIT -o PACK.st" },
	{ TEXT, PACK,
	    "glue-read -t lines @ | wp-tokenize -v MODEL | "
	    "glue-pack -t TASK -s SPLIT -o PACK.st" },
	{ PACK, KIND_PRED, "mt-predict -m MODEL @" },
	{ CSV | JSONL, KIND_PRED, "ens-average --probabilities @" },
	{ EXAMPLES, KIND_PRED, "mt-predict -m MODEL - <@" },
	{ PRED, SCORES, "glue-score -t TASK GOLD @" },
	{ PRED, COMPARE, "glue-score --compare -t TASK GOLD @ OTHER" },
	{ PACK, MODEL, "mt-finetune -i ENCODER -o MODEL @" },
	{ OTHERS, MODEL, "bert-import -o MODEL @" },
	{ VOCAB, MODEL, "model-new -v @ -o MODEL" },
	{ TEXT, VOCAB, "wp-train -o vocab.txt @" },
};

char *
kind_names(unsigned wanted)
{
	const char *word[ASKED];
	size_t n = 0;

	if (wanted == kind_plain)
		wanted = KIND_TEXT;
	if (wanted == kind_raw)
		wanted &= ~(unsigned)(KIND_VOCAB | KIND_JSON | KIND_TEXT);
	for (size_t i = 0; i < ASKED; i++)
		if ((wanted & (unsigned)asked[i].kind) != 0)
			word[n++] = asked[i].name;
	return text_list(word, n, " or ");
}

/* A path that a shell takes as it is. */
static const char *
shown(const char *path)
{
	bool plain = path[0] != '-' && path[0] != '\0' && path[0] != '<' &&
		     path[strspn(path,
			 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789._/+-")] == '\0';

	return plain ? path : "FILE";
}

static char *
filled(const char *command, const char *path)
{
	struct buf b = { 0 };

	for (const char *c = command; *c != '\0'; c++)
		if (*c == '@')
			buf_text(&b, shown(path));
		else
			buf_byte(&b, *c);
	buf_string(&b);
	return b.data;
}

static const char *
page_of(unsigned wanted)
{
	if (wanted == kind_raw || wanted == kind_plain)
		return NULL;
	for (size_t i = 0; i < ASKED; i++)
		if ((wanted & (unsigned)asked[i].kind) != 0 &&
		    asked[i].page != NULL)
			return asked[i].page;
	return NULL;
}

static char *
unfinished(const char *path)
{
	char *best = file_join(path, "best");
	bool there = kind_holds(best, "model.safetensors");
	char *text =
	    mem_printf("; the command that began it goes on where it was%s%s%s",
		there ? ", and " : "", there ? best : "",
		there ? " is the best so far" : "");

	free(best);
	return text;
}

char *
kind_advice(const struct kind_found *f, const char *path, unsigned wanted)
{
	const char *page = page_of(wanted);

	if (f->kind == KIND_FOREIGN)
		return f->mend != NULL
			   ? mem_printf("; %s", filled(f->mend, path))
			   : mem_string("");
	if (f->kind == KIND_UNFINISHED)
		return unfinished(path);
	if (f->kind == KIND_WEIGHTS && (wanted & MODEL) != 0)
		return mem_string("; the folder that it stands in is a model");
	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++)
		if ((way[i].found & (unsigned)f->kind) != 0 &&
		    (way[i].wanted & wanted) != 0) {
			char *command = filled(way[i].command, path);
			char *text = mem_printf("; '%s' makes %s", command,
			    kind_names(way[i].wanted & wanted));

			free(command);
			return text;
		}
	return page != NULL ? mem_printf("; see %s", page) : mem_string("");
}

void
kind_refuse(const struct kind_found *f, const char *path, unsigned wanted)
{
	/* of several foreign ones the name says what was expected itself */
	bool tells = f->kind == KIND_FOREIGN;

	if (f->kind == KIND_UNKNOWN || (wanted & (unsigned)f->kind) != 0)
		return;
	die_at(path, 0, "this is %s%s%s%s", f->name, tells ? "" : ", expected ",
	    tells ? "" : kind_names(wanted), kind_advice(f, path, wanted));
}

void
kind_refuse_bytes(
    const char *path, const void *bytes, size_t n, unsigned wanted)
{
	struct kind_found f = kind_of_bytes(bytes, n);

	kind_refuse(&f, path, wanted);
}

void
kind_refuse_path(const char *path, unsigned wanted)
{
	struct kind_found f = kind_of_path(path);

	kind_refuse(&f, path, wanted);
}

void
kind_refuse_model(const char *path, unsigned wanted)
{
	struct kind_found f = kind_of_path(path);

	if (f.kind == KIND_MODEL || f.kind == KIND_UNFINISHED ||
	    f.kind == KIND_CHECKPOINT)
		kind_refuse(&f, path, wanted);
}

void
kind_refuse_folder(const char *path, unsigned wanted)
{
	if (path != NULL && strcmp(path, "-") != 0 && file_is_directory(path))
		kind_refuse_path(path, wanted);
}
