/*
 * Joins by id: each id of one side takes its row of a prediction table; what
 * it means that there is none, or that rows are left over, the caller says.
 */
#ifndef DATA_JOIN_H
#define DATA_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/pred.h"

#define JOIN_NONE ((size_t)-1)

struct join {
	const struct pred *p; /* must live as long */
	bool *taken;	      /* [p rows] */
	bool again; /* the last id took a row that had been taken before */
};

void join_start(struct join *j, const struct pred *p);

/* The row of an id of n bytes, taken now, or JOIN_NONE. */
size_t join_take(struct join *j, const char *id, size_t n);

/* Ends the join: the first row that no id took, or JOIN_NONE. */
size_t join_end(struct join *j);

/*
 * Ranking: whether the rows order [n] of a table are cut into questions as
 * group [n] cuts them.  The first i whose row shares its group with the row
 * before on one side alone, or JOIN_NONE.
 */
size_t join_groups(
    const struct pred *p, const size_t *order, const int32_t *group, size_t n);

#endif
