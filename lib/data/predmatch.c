#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "data/pred.h"

static void
match_word(const struct pred *p, const char *key, const char *found,
    const char *expected, const char *pack)
{
	if (found != NULL && strcmp(found, expected) != 0)
		die_at(p->path, 1, "%s is '%s', expected '%s' of %s", key,
		    found, expected, pack);
}

static void
match_head(const struct pred *p, const struct pack *pack)
{
	size_t which;

	match_word(p, "task", p->task, pack->task, pack->path);
	match_word(p, "split", p->split, pack->split_name, pack->path);
	switch (labels_compare_columns(&which, &p->labels, &pack->labels)) {
	case LABELS_OTHER_TYPE:
		die_at(p->path, 0, "a %s table, expected %s as in %s",
		    labels_type_name(p->labels.type),
		    labels_type_name(pack->labels.type), pack->path);
	case LABELS_OTHER_COUNT:
		die_at(p->path, 0, "%zu labels, expected %zu as in %s",
		    p->width, pack->labels.classes, pack->path);
	case LABELS_OTHER_NAME:
		die_at(p->path, 0, "label %zu is '%s', expected '%s' as in %s",
		    which + 1, p->labels.name[which], pack->labels.name[which],
		    pack->path);
	case LABELS_SAME:
		break;
	}
}

/* Neighbours in the pack share a group exactly where they do in the table. */
static void
match_groups(const size_t *order, const struct pred *p, const struct pack *pack)
{
	for (size_t r = 1; r < pack->rows; r++) {
		const char *here = p->group[order[r]];
		const char *before = p->group[order[r - 1]];
		bool same = strcmp(here, before) == 0;

		if (same != (pack->group[r] == pack->group[r - 1]))
			die_at(p->path, p->line[order[r]],
			    "id '%s' is in group '%s', the row before it in "
			    "%s in '%s': its questions are cut otherwise",
			    pred_id(p, order[r]), here, pack->path, before);
	}
}

void
pred_match(size_t *order, const struct pred *p, const struct pack *pack)
{
	bool *used = mem_zero(p->rows, sizeof(*used));

	match_head(p, pack);
	for (size_t r = 0; r < pack->rows; r++) {
		size_t n, row;
		const char *id = pack_id_bytes(pack, r, &n);

		row = pred_find(p, id, n);
		if (row == (size_t)-1)
			die_at(p->path, 0,
			    "no row for id '%.*s', row %zu of "
			    "%s",
			    (int)n, id, r, pack->path);
		if (used[row])
			die_at(p->path, p->line[row],
			    "id '%s' stands twice in %s", pred_id(p, row),
			    pack->path);
		used[row] = true;
		order[r] = row;
	}
	for (size_t i = 0; i < p->rows; i++)
		if (!used[i])
			die_at(p->path, p->line[i], "id '%s' is not in %s",
			    pred_id(p, i), pack->path);
	if (p->labels.type == TASK_RANKING)
		match_groups(order, p, pack);
	free(used);
}
