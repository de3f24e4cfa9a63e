/*
 * Which field of a raw row is what: by the names in a header, or by place.
 */
#ifndef CURATE_COLUMNS_H
#define CURATE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "curate/rawfile.h"
#include "corpus/task.h"

/* A choice of the user's, in place of what the task says. */
struct column_choice {
	bool given;
	struct task_column column;
};

/*
 * Choose a column as the command line names it: none, a number as the layout
 * counts, or a name.  False if the text is none of these.
 */
bool column_choose(struct column_choice *c, const char *text);

struct columns {
	/* From 1; negative from the row's end; 0: none. */
	long long at[TASK_FIELDS];
	char *name[TASK_FIELDS]; /* as the header has it; NULL: by place */
	bool own;		 /* they lie as the split's layout has them */
	bool told;		 /* the names tell whose numbers labels are */
};

/* What columns are looked for: the task's, unless chosen otherwise. */
struct columns_wanted {
	const struct task *task;
	const struct task_split *split;
	const struct column_choice *choice; /* [TASK_FIELDS] */
	const char *path;		    /* for messages */
};

/* True if the fields of a row are names of such columns: a header. */
bool columns_are_named(
    const struct columns_wanted *w, char *const *field, size_t count);

/*
 * Find the columns among the names of a header at line.  What is not there,
 * or is there twice, ends the program with the names found and wanted; hint,
 * or NULL, is added to the message.
 */
void columns_by_name(struct columns *c, const struct columns_wanted *w,
    char *const *name, size_t count, size_t line, const char *hint);

/* Free the names. */
void columns_free(struct columns *c);

/* The columns by their places, where there is no header. */
void columns_by_place(struct columns *c, const struct columns_wanted *w);

#endif
