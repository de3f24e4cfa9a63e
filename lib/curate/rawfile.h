/*
 * The files of tasks, row by row, in any of their forms: fields between tabs,
 * fields between commas, or a JSON object on each line.
 *
 * Blank lines of CSV and JSON lines hold no row; they are passed over and
 * counted.
 */
#ifndef CURATE_RAWFILE_H
#define CURATE_RAWFILE_H

#include <stdbool.h>
#include <stddef.h>

enum raw_form { RAW_TSV, RAW_CSV, RAW_JSONL };

/* What a field is: text in TSV and CSV, where nothing tells more. */
enum raw_kind {
	RAW_TEXT,
	RAW_NUMBER,
	RAW_WORD,
	RAW_NULL,
	RAW_LIST,
	RAW_COMMAS, /* a list, in whose words commas became semicolons */
	RAW_NESTED
};

struct raw_row {
	size_t line;  /* where it starts, 1-based */
	size_t count; /* fields */
	char **field; /* ended by '\0'; "" where null or nested; a list of
			 words with commas between them */
	size_t *length;
	char **name;		   /* JSON lines: the fields' keys; else NULL */
	const enum raw_kind *kind; /* JSON lines; else NULL */
};

struct raw_file;

struct raw_file *raw_open(const char *path, enum raw_form form);
void raw_close(struct raw_file *f);

/* The next row, valid until the one after; false at the end. */
bool raw_next(struct raw_file *f, struct raw_row *row);

/*
 * TSV: read the last row again, and all after it, with fields in quotes or
 * with the white space at the ends of lines; that row alone with its ends.
 */
void raw_unquote(struct raw_file *f, struct raw_row *row);
void raw_keep_ends(struct raw_file *f, struct raw_row *row);
void raw_whole_row(struct raw_file *f, struct raw_row *row);

/* True if any field stands in a pair of quotes. */
bool raw_is_quoted(const struct raw_row *row);

size_t raw_blank(const struct raw_file *f, size_t *first);
const char *raw_path(const struct raw_file *f); /* for messages */

#endif
