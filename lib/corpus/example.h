/*
 * Examples and tokens: tables with the columns id, label, text_a, and where
 * the task has them text_b and group (mtkd-examples(5)).  In a tokens table
 * the text columns hold ids of word pieces.
 */
#ifndef CORPUS_EXAMPLE_H
#define CORPUS_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum example_column {
	EXAMPLE_ID,
	EXAMPLE_LABEL,
	EXAMPLE_TEXT_A,
	EXAMPLE_NEEDED, /* those before it are always there */
	EXAMPLE_TEXT_B = EXAMPLE_NEEDED,
	EXAMPLE_GROUP,
	EXAMPLE_COLUMNS
};

/* "id", "label", "text_a", "text_b", "group", NULL; in words for messages. */
extern const char *const example_columns[EXAMPLE_COLUMNS + 1];
extern const char example_expected[];

struct example_text {
	const char *at; /* ended by '\0', and may hold one; NULL: no column */
	size_t size;
};

struct example {
	size_t line; /* in its file, for messages */
	struct example_text id, label, text_a, text_b, group;
	const char *fault; /* NULL, or after example_forgive what is wrong with
			      the row, of which any text may be missing */
};

struct tsv;
struct example_table;

/*
 * Open a table; kinds ("examples|tokens") as tsv_open has it.  Columns may
 * stand in any order; a missing or an unknown one ends the program.
 */
struct example_table *example_open(const char *path, const char *kinds);

/*
 * Open a table of examples that are to be answered: it may lack the column
 * label, and where others are allowed it may have them.
 */
struct example_table *example_open_unlabelled(const char *path, bool others);

/* The field of a column of the table below, in the present row. */
struct example_text example_field(const struct example_table *t, size_t column);

/* The column of the table below that one of ours is, or (size_t)-1. */
size_t example_column(const struct example_table *t, enum example_column c);

/* Bad rows do not end the program, as tsv_forgive has it. */
void example_forgive(struct example_table *t, bool replace);

/* True if example_next would not wait. */
bool example_ready(struct example_table *t);

/* The next row, valid until the one after; false at the end. */
bool example_next(struct example_table *t, struct example *e);

bool example_has_text_b(const struct example_table *t);
bool example_has_group(const struct example_table *t);

/* The table below, for its provenance and its name. */
const struct tsv *example_tsv(const struct example_table *t);

void example_close(struct example_table *t);

/* True if the label says that there is none ("-"). */
bool example_is_unlabelled(const struct example *e);

/* The header row, and a row of the same columns. */
void example_put_header(FILE *out, bool text_b, bool group);
void example_put(FILE *out, const struct example *e);

#endif
