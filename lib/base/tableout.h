/*
 * A table of ours on its way to a file: as it is, or as JSON.
 *
 * The JSON is one array with an object for each row, one a line, keyed by the
 * columns: text for those that hold names, numbers for the others; null for
 * nan and '-'.  The keys of the provenance line are left out.
 */
#ifndef BASE_TABLEOUT_H
#define BASE_TABLEOUT_H

#include <stdbool.h>
#include <stdio.h>

struct tableout {
	FILE *stream; /* write the table here */
	/* Private. */
	struct file_out *file;
	char *text; /* JSON: what was written */
	size_t size;
};

/* path as file_write has it.  Ends the program where that cannot be written. */
struct tableout *tableout_begin(const char *path, bool json);

/* names: the columns that hold names, "a|b".  Commits the file; frees t. */
void tableout_end(struct tableout *t, const char *names);

#endif
