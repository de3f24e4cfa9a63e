/*
 * Tab-separated text, read as a stream, without quoting: a '"' is data.
 * Every line is checked to be UTF-8 first, and to be no longer than
 * LINES_MOST (base/lines.h).  A '\r' at its end is never data.
 *
 * Our own tables: '\n' ends every line, the last one too; lines "#mtkd KIND
 * VERSION key=value ..." may stand before the header row; every row is as
 * wide as the header.  Raw tables, as tasks publish them: "\n" or "\r\n", the
 * last line may lack it, a byte order mark is dropped, each line loses the
 * white space at its ends, rows may differ in width.  They come apart through
 * libcsv, which this one file knows, and which reads fields in quotes where
 * they are asked for: then a field may hold tabs, quotes ("") and line ends,
 * and no white space is lost.
 */
#ifndef BASE_TSV_H
#define BASE_TSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct tsv;

struct tsv_row {
	size_t line;	   /* 1-based */
	size_t count;	   /* fields */
	char **field;	   /* each ended by '\0'; until the next row is read */
	size_t *length;	   /* in bytes, a field may hold '\0' */
	const char *fault; /* NULL, or after tsv_forgive what is wrong */
};

/*
 * Open one of our tables: provenance and header are read and checked.  Where
 * a provenance line stands, its kind must be one of kinds ("pred|soft") and
 * its version 1.
 */
struct tsv *tsv_open(const char *path, const char *kinds);

/*
 * From here on a bad row of one of our tables, or a bad one of plain lines,
 * does not end the program: tsv_next gives what fields it has and says in fault
 * what is wrong with it. With replace, U+FFFD stands for bytes that are not
 * UTF-8, which is no fault.
 */
void tsv_forgive(struct tsv *t, bool replace);

/* How many times bytes were replaced. */
size_t tsv_replaced(const struct tsv *t);

/* Open a raw table, or plain lines, for tsv_next_line. */
struct tsv *tsv_open_raw(const char *path);
struct tsv *tsv_open_plain(const char *path);

/*
 * Open a raw table of fields between commas, perhaps in quotes.  A blank line
 * is a row of no fields.
 */
struct tsv *tsv_open_csv(const char *path);

/*
 * Read the last row of a raw table again, and all after it: with fields in
 * quotes; with the white space at the ends of lines.
 */
void tsv_unquote(struct tsv *t, struct tsv_row *row);
void tsv_keep_ends(struct tsv *t, struct tsv_row *row);

/* Read the last row, without quotes, again with the white space at its ends. */
void tsv_whole_row(struct tsv *t, struct tsv_row *row);

/*
 * The next line of a raw table as it is, without its end: n bytes, valid until
 * the next; NULL at the end.
 */
const char *tsv_next_line(struct tsv *t, size_t *n);

/* After tsv_forgive: what is wrong with that line, or NULL. */
const char *tsv_line_fault(struct tsv *t);

/* The next row; false at the end. */
bool tsv_next(struct tsv *t, struct tsv_row *row);

/*
 * True if tsv_next would not wait: a whole line is there, or the end.  For
 * filters that answer at once but take what has piled up together.
 */
bool tsv_ready(struct tsv *t);

/* Column names of one of our tables. */
size_t tsv_columns(const struct tsv *t);
const char *tsv_column(const struct tsv *t, size_t i);

/* The column of that name, or (size_t)-1. */
size_t tsv_find(const struct tsv *t, const char *name);

/* The same; ends the program if it is not there. */
size_t tsv_need(const struct tsv *t, const char *name);

/*
 * For who finds the columns of one of our tables not to be what it wants.
 * tsv_refuse ends the program where the file is known for something else,
 * which it names; tsv_advice is "; '...' makes examples" for a table that is
 * no one of ours, or ""; tsv_near is "; did you mean ...?" of the columns that
 * are there, or "".  Both texts are owned by the caller.
 */
void tsv_refuse(const struct tsv *t);
char *tsv_advice(const struct tsv *t);
char *tsv_near(const struct tsv *t, const char *name);

/* The kind in the provenance line, or NULL. */
const char *tsv_kind(const struct tsv *t);

/* The value of a provenance key, or NULL. */
const char *tsv_meta(const struct tsv *t, const char *key);

/* The whole provenance line without '\n', or NULL: to hand it through. */
const char *tsv_provenance(const struct tsv *t);

const char *tsv_path(const struct tsv *t); /* for messages */
size_t tsv_line(const struct tsv *t);	   /* the last line read */

void tsv_close(struct tsv *t);

#endif
