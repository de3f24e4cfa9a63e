#include <string.h>

#include "base/die.h"
#include "base/num.h"
#include "data/join.h"
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
	match_word(p, "split", p->split, pack->split, pack->path);
	switch (labels_compare_columns(&which, &p->labels, &pack->labels)) {
	case LABELS_OTHER_TYPE:
		die_at(p->path, 0, "a %s table, expected %s as in %s",
		    labels_type_name(p->labels.type),
		    labels_type_name(pack->labels.type), pack->path);
	case LABELS_OTHER_COUNT:
		die_at(p->path, 0, "%zu label%s, expected %zu as in %s",
		    p->width, num_s(p->width), pack->labels.classes,
		    pack->path);
	case LABELS_OTHER_NAME:
		die_at(p->path, 0, "label %zu is '%s', expected '%s' as in %s",
		    which + 1, p->labels.name[which], pack->labels.name[which],
		    pack->path);
	case LABELS_SAME:
		break;
	}
}

static void
match_groups(const size_t *order, const struct pred *p, const struct pack *pack)
{
	size_t r = join_groups(p, order, pack->group, pack->rows);

	if (r != JOIN_NONE)
		die_at(p->path, p->line[order[r]],
		    "id '%s' is in group '%s', the row before it in "
		    "%s in '%s': its questions are cut otherwise",
		    pred_id(p, order[r]), p->group[order[r]], pack->path,
		    p->group[order[r - 1]]);
}

void
pred_match(size_t *order, const struct pred *p, const struct pack *pack)
{
	struct join join;
	size_t left;

	match_head(p, pack);
	join_start(&join, p);
	for (size_t r = 0; r < pack->rows; r++) {
		size_t n;
		const char *id = pack_id_bytes(pack, r, &n);

		order[r] = join_take(&join, id, n);
		if (order[r] == JOIN_NONE)
			die_at(p->path, 0,
			    "no row for id '%.*s', row %zu of "
			    "%s",
			    (int)n, id, r, pack->path);
		if (join.again)
			die_at(p->path, p->line[order[r]],
			    "id '%s' stands twice in %s", pred_id(p, order[r]),
			    pack->path);
	}
	left = join_end(&join);
	if (left != JOIN_NONE)
		die_at(p->path, p->line[left], "id '%s' is not in %s",
		    pred_id(p, left), pack->path);
	if (p->labels.type == TASK_RANKING)
		match_groups(order, p, pack);
}
