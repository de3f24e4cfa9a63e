/*
 * Readers: the rows of a task's own file, as published, become examples.
 *
 * Each line loses the white space at its ends and is split at tabs, without
 * quoting; columns lie as the split's layout says.  Labels stay as the file
 * prints them, and are checked: a label that the task does not know, a score
 * out of range, an empty id, a row too short or too wide end the program with
 * file and line.  What the layout allows to be skipped is skipped, and
 * counted.
 */
#ifndef CURATE_READER_H
#define CURATE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/example.h"
#include "corpus/numbering.h"
#include "curate/rawfile.h"
#include "curate/table.h"
#include "corpus/task.h"

struct reader_count {
	size_t rows;	   /* handed out */
	size_t skipped;	   /* the sum of the next three */
	size_t short_rows; /* too few fields, or an empty plain line */
	size_t gold;	   /* the gold label says that there is none */
	size_t labelled;   /* only those without a label are wanted */
	size_t bare;	   /* handed out without a label that others have */
	size_t empty;	   /* handed out with an empty text */
	size_t wide;	   /* handed out, wider than the header */
	size_t unsafe;	   /* handed out, tabs and line ends made spaces */
	/* Lines. */
	size_t first_short, first_gold, first_labelled, first_empty, first_wide,
	    first_unsafe;
};

/* All zero: as the task says. */
struct reader_options {
	struct table_form file;
	struct task_words number; /* labels of 0, 1, ...; none: the task's */
	struct numbering *found; /* take any label, and keep it here; or NULL */
	bool unlabelled; /* rows without a label, or with '-', are kept */
	bool only;	 /* and those that have one are not */
};

struct reader;

/*
 * Everything given must live as long as the reader; options may be NULL.  A
 * file of which every row is skipped ends the program.
 */
struct reader *reader_open(const struct task *task,
    const struct task_split *split, const char *path,
    const struct reader_options *options);

/* The columns of its first row. */
const struct columns *reader_columns(const struct reader *r);

/*
 * Plain lines: each becomes text_a of an unlabelled example whose id is the
 * line's number, from 0.  Tabs become spaces; empty lines are skipped.
 */
struct reader *reader_open_lines(const char *path);

/*
 * The next example, valid until the one after; its group (ranking) is the
 * text of the group column.  False at the end.
 */
bool reader_next(struct reader *r, struct example *e);

const struct reader_count *reader_counted(const struct reader *r);

/* Say on stderr what was skipped, or is odd, and why. */
void reader_report(const struct reader *r);

void reader_close(struct reader *r);

/*
 * Where in a benchmark's folder the split's file is, with the ending of its
 * form (.csv in place of .tsv); owned by the caller.
 */
char *reader_file(const struct task *task, const struct task_split *split,
    const char *folder, enum raw_form form);

#endif
