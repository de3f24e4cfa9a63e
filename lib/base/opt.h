/*
 * Command lines, declared once: one table row gives an option's name, kind,
 * range, variable (which holds the default) and doc; the parser, -h and the
 * check of the manual page come from that row.
 *
 * Every program also has -h, --help and --version.  Long options take "--name
 * value" or
 * "--name=value"; options may stand after operands; "--" ends them.  An
 * unknown option, a malformed or repeated value: exit 2.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>

enum opt_kind {
	OPT_FLAG,   /* bool *: given or not */
	OPT_STRING, /* const char ** */
	OPT_LIST,   /* struct opt_list *: may be repeated */
	OPT_INT,    /* long long *: whole, in [min, max] */
	OPT_REAL,   /* double *: finite, in [min, max] */
	OPT_WORD,   /* int *: index of the value among the words of arg */
	OPT_READ,   /* const char **: a file or folder that is read */
	OPT_READS,  /* struct opt_list *: the same, may be repeated */
	OPT_WRITE   /* const char **: a file or folder that is written */
};

struct opt_list {
	const char **item; /* owned */
	size_t count;
	size_t room;
};

struct opt {
	const char *name; /* long name, or NULL */
	char letter;	  /* short name, or 0 */
	enum opt_kind kind;
	const char *arg; /* placeholder; for OPT_WORD "this|that" */
	double min, max; /* OPT_INT, OPT_REAL: the range, both included */
	void *value;	 /* its default stands there before parsing; a number
			    below min: none */
	const char *doc; /* one line, no full stop */
	bool given;	 /* set by opt_parse: it stood on the command line */
};

struct opt_program {
	const char *purpose;  /* one line for -h */
	const char *synopsis; /* "[-o FILE] PRED..." */
	struct opt *table;
	size_t count;
	size_t min_operands, max_operands;
};

/*
 * Parse argv; on return argv[1 .. n] are the operands and n is returned.
 * -h prints the help to stdout and exits 0.  What is written may be nothing
 * that is read, operands and stdin among that (base/apart.h).
 */
size_t opt_parse(const struct opt_program *program, int argc, char **argv);

/*
 * Of a program whose --version has more to tell, before opt_parse: prints the
 * release and a line of more, and exits 0, if argv asks for it.
 */
void opt_version(int argc, char **argv, const char *more);

/*
 * Set one option from a recipe: name is the long name.  False if there is no
 * such option; *problem (owned by the caller) says what was expected if the
 * value is malformed, and is NULL otherwise.
 */
bool opt_set(const struct opt_program *program, const char *name,
    const char *value, char **problem);

/* Append rows [count] to a table that has n; returns how many it has then. */
size_t opt_append(
    struct opt *table, size_t n, const struct opt *rows, size_t count);

/* Append to a list. */
void opt_add(struct opt_list *list, const char *text);

/* The row of a long name, or NULL. */
struct opt *opt_find(const struct opt_program *program, const char *name);

/* The long names near one that is not there (base/near.h). */
char *opt_near(const struct opt_program *program, const char *name);

/* The present value as text, owned by the caller ("" if unset). */
char *opt_text(const struct opt *option);

#endif
