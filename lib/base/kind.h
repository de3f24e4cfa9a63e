/*
 * Kinds of files and folders: what something is by its first bytes or by the
 * names in it, for messages about what a reader cannot take, with the command
 * that makes of it what the reader takes.
 */
#ifndef BASE_KIND_H
#define BASE_KIND_H

#include <stdbool.h>
#include <stddef.h>

/* Several are joined by |. */
enum file_kind {
	KIND_UNKNOWN = 0,	/* it may be anything */
	KIND_EXAMPLES = 1 << 0, /* what mtkd writes */
	KIND_TOKENS = 1 << 1,
	KIND_PACK = 1 << 2,
	KIND_PRED = 1 << 3,
	KIND_SOFT = 1 << 4,
	KIND_SCORES = 1 << 5,
	KIND_COMPARE = 1 << 6,
	KIND_TABLE = 1 << 7,	  /* another one of mtkd's */
	KIND_MODEL = 1 << 8,	  /* a folder */
	KIND_UNFINISHED = 1 << 9, /* the folder of a model in the making */
	KIND_RESUME = 1 << 10,
	KIND_CHECKPOINT = 1 << 11, /* the folder of another program's model */
	KIND_WEIGHTS = 1 << 12,	   /* a tensor file of some model's */
	KIND_TORCH = 1 << 13,	   /* what torch.save writes */
	KIND_VOCAB = 1 << 14,
	KIND_YAML = 1 << 15,
	KIND_TASKS = 1 << 16,  /* wanted only: YAML of tasks */
	KIND_RECIPE = 1 << 17, /* and of settings */
	KIND_TSV = 1 << 18,
	KIND_CSV = 1 << 19,
	KIND_JSON = 1 << 20,
	KIND_JSONL = 1 << 21,
	KIND_TEXT = 1 << 22,
	KIND_FOLDER = 1 << 23, /* of anything else */
	KIND_EMPTY = 1 << 24,
	KIND_FOREIGN = 1 << 25, /* of a program that has no business here */
};

/* What text is read as a task's own table, or as plain text. */
extern const unsigned kind_raw, kind_plain;

struct kind_found {
	enum file_kind kind;
	const char *name; /* "a pack", "compressed by gzip"; NULL: unknown */
	const char *mend; /* foreign: a command or advice for it, or NULL */
	bool sure;	  /* the first bytes are no chance */
};

/* The kinds of tables that provenance lines name: of "pred|soft" both. */
unsigned kind_of_words(const char *words);

/* What n bytes, the first of a file, are of; all of it if n is small. */
struct kind_found kind_of_bytes(const void *bytes, size_t n);

/* Does a word stand anywhere in n bytes? */
bool kind_has_word(const void *bytes, size_t n, const char *word);

/* Does a folder hold that name? */
bool kind_holds(const char *folder, const char *name);

/* The same of a path: a folder, or a file that has a beginning to look at. */
struct kind_found kind_of_path(const char *path);

/*
 * What makes one of the wanted kinds, joined by |, of what was found
 * at path: "; 'glue-pack ... FILE' makes one", or the page of the tool that
 * writes them.  Owned by the caller.
 */
char *kind_advice(
    const struct kind_found *found, const char *path, unsigned wanted);

/* "a pack or examples", owned by the caller. */
char *kind_names(unsigned wanted);

/*
 * Ends the program, naming path, kind and advice, if what was found is known
 * and not wanted.
 */
void kind_refuse(
    const struct kind_found *found, const char *path, unsigned wanted);

/* The same for bytes; for a path. */
void kind_refuse_bytes(
    const char *path, const void *bytes, size_t n, unsigned wanted);
void kind_refuse_path(const char *path, unsigned wanted);

/* The same where it is the folder of a model, of whatever kind. */
void kind_refuse_model(const char *path, unsigned wanted);

/* Ends the program so if path is a folder, where a file is wanted. */
void kind_refuse_folder(const char *path, unsigned wanted);

#endif
