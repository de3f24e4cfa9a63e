#include "data/join.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
join_start(struct join *j, const struct pred *p)
{
	*j = (struct join){ .p = p };
	j->taken = mem_zero(p->rows, sizeof(*j->taken));
}

size_t
join_take(struct join *j, const char *id, size_t n)
{
	size_t row = pred_find(j->p, id, n);

	if (row == JOIN_NONE)
		return JOIN_NONE;
	j->again = j->taken[row];
	j->taken[row] = true;
	return row;
}

size_t
join_end(struct join *j)
{
	size_t row = 0;

	while (row < j->p->rows && j->taken[row])
		row++;
	free(j->taken);
	j->taken = NULL;
	return row < j->p->rows ? row : JOIN_NONE;
}

size_t
join_groups(
    const struct pred *p, const size_t *order, const int32_t *group, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		bool same =
		    strcmp(p->group[order[i]], p->group[order[i - 1]]) == 0;

		if (same != (group[i] == group[i - 1]))
			return i;
	}
	return JOIN_NONE;
}
