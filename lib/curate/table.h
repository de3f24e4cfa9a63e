/*
 * The file of a task with its columns found: rows as they stand there, in any
 * form, and which of their fields is what.
 *
 * Where there is a header, columns lie as its names say; rows are as wide as
 * the header, unless it is that of the layout, which may say otherwise.
 */
#ifndef CURATE_TABLE_H
#define CURATE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "curate/columns.h"
#include "curate/rawfile.h"
#include "corpus/task.h"

/* How a file is read where not as the task says; all zero: so. */
struct table_form {
	enum raw_form form;
	bool no_header; /* whatever the layout says */
	struct column_choice choice[TASK_FIELDS];
};

struct table {
	struct columns_wanted wanted;
	enum raw_form form;
	struct raw_file *file;
	struct columns columns; /* JSON lines: of the last row */
	size_t header;		/* columns of the header row; 0: none */
	bool quoted;		/* fields may hold tabs and line ends */
	bool whole;		/* lines keep the white space at their ends */
	size_t min_fields;	/* of a row; JSON lines: 0 */
	size_t max_fields;	/* 0: any */
	size_t wide_fields;	/* rows of so many are taken too; 0: of any */
	/* Private. */
	struct raw_row first; /* read in search of a header */
	bool pending;	      /* it is a row, not handed out yet */
	char **key;	      /* JSON lines: the last row's, copied */
	size_t keys, room;
};

/*
 * Open path; task, split, form and path must outlive the table.  A header that
 * lacks what is wanted ends the program.
 */
struct table *table_open(const struct task *task,
    const struct task_split *split, const struct table_form *form,
    const char *path);

/* The next row, valid until the one after; false at the end. */
bool table_next(struct table *t, struct raw_row *row);

/*
 * A row too short, of a line that lost its ends: read it with them.  False,
 * and nothing changed, if that makes it no row of the header's width, or one
 * of whose texts is blank.
 */
bool table_widen(struct table *t, struct raw_row *row);

/* The index of a field in a row that is wide enough, or (size_t)-1. */
size_t table_index(
    const struct table *t, const struct raw_row *row, enum task_field field);

/* What a row looks like that is not of the expected form, or NULL. */
const char *table_guess(const struct table *t, const struct raw_row *row);

void table_close(struct table *t);

#endif
