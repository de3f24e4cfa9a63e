/*
 * What a careful person looks at first in the tables of a task, said in
 * lines.
 */
#ifndef CURATE_DATACHECK_H
#define CURATE_DATACHECK_H

#include <stddef.h>
#include <stdio.h>

#include "curate/datafacts.h"

struct datacheck {
	size_t problems; /* what would spoil a score */
	size_t notes;	 /* what may be as it should */
};

/* Print rows per label and lengths of each split, then problems and notes. */
struct datacheck datacheck_print(const struct datafacts *d, FILE *out);

#endif
