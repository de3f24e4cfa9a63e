/*
 * A table of tokens becomes a pack: what its first line says is checked,
 * labels become classes or scores, groups numbers, pieces sequences.
 */
#ifndef DATA_PACKER_H
#define DATA_PACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/example.h"
#include "corpus/task.h"
#include "corpus/vocab.h"

struct packer_settings {
	const struct task *task;
	const char *split;
	size_t max_length; /* at least 4 */
	bool reversed;	   /* text_b stands first */
	/*
	 * What the tokens are ids of: the table's provenance must agree, and
	 * ids must be below its size.  NULL: the provenance alone says it.
	 */
	const struct vocab *vocab;
};

struct packer;

/*
 * Start the pack at path out from a table just opened.  Ends the program if
 * the table is of another task, split, shape or vocabulary, or does not say
 * which vocabulary.  The table and what settings point to must live on.
 */
struct packer *packer_create(const char *out, struct example_table *table,
    const struct packer_settings *settings);

/* Append the next row; false at the end.  A bad row ends the program. */
bool packer_next(struct packer *p);

/* Write the pack, say on stderr how many rows were cut, and free p. */
void packer_commit(struct packer *p);

#endif
