/*
 * What a careful person looks at first in the tables of a task, said in
 * lines.
 */
#ifndef CORPUS_DATACHECK_H
#define CORPUS_DATACHECK_H

#include <stddef.h>
#include <stdio.h>

#include "corpus/datafacts.h"

struct datacheck {
	size_t problems; /* what would spoil a score */
	size_t notes;	 /* what may be as it should */
};

/* Print rows per label and lengths of each split, then problems and notes. */
struct datacheck datacheck_print(const struct datafacts *d, FILE *out);

#endif
