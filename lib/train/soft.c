#include "train/soft.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "data/join.h"
#include "data/pred.h"

static size_t
find_pack(const struct pred *p, const struct pack *const *packs, size_t count)
{
	if (p->task == NULL && count == 1)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (p->task != NULL && strcmp(p->task, packs[i]->task) == 0 &&
		    (p->split == NULL ||
			strcmp(p->split, packs[i]->split) == 0))
			return i;
	die("%s: soft targets of task %s, split %s: no such pack was given",
	    p->path, p->task != NULL ? p->task : "?",
	    p->split != NULL ? p->split : "?");
}

static void
check_labels(const struct pred *p, const struct pack *pack)
{
	size_t which;

	switch (labels_compare_columns(&which, &p->labels, &pack->labels)) {
	case LABELS_OTHER_TYPE:
		die("%s: a %s table, but %s is of type %s", p->path,
		    labels_type_name(p->labels.type), pack->path,
		    labels_type_name(pack->labels.type));
	case LABELS_OTHER_COUNT:
		die("%s: %zu column%s of numbers, but %s has %zu", p->path,
		    p->width, num_s(p->width), pack->path,
		    labels_width(&pack->labels));
	case LABELS_OTHER_NAME:
		die("%s: label %zu is '%s', but in %s it is '%s'", p->path,
		    which + 1, p->labels.name[which], pack->path,
		    pack->labels.name[which]);
	case LABELS_SAME:
		break;
	}
}

/* Take what this file has of the pack; every row of it must find one. */
static void
take(struct soft *s, const struct pred *p, const struct pack *pack)
{
	struct join join;
	size_t left;

	check_labels(p, pack);
	if (s->has == NULL) {
		s->width = p->width;
		s->value = mem_zero(pack->rows, p->width * sizeof(float));
		s->has = mem_zero(pack->rows, sizeof(*s->has));
	}
	join_start(&join, p);
	for (size_t r = 0; r < pack->rows; r++) {
		size_t n, from;
		const char *id = pack_id_bytes(pack, r, &n);

		from = join_take(&join, id, n);
		if (from == JOIN_NONE)
			continue;
		if (s->has[r])
			die_at(p->path, p->line[from],
			    "id '%s': another file of soft targets has it too",
			    pred_id(p, from));
		memcpy(s->value + r * p->width, p->value + from * p->width,
		    p->width * sizeof(float));
		s->has[r] = true;
	}
	left = join_end(&join);
	if (left != JOIN_NONE)
		die_at(p->path, p->line[left], "id '%s' is not in %s",
		    pred_id(p, left), pack->path);
}

/* Of a ranking question all rows have one, or none. */
static void
check_groups(const struct soft *s, const struct pack *pack)
{
	if (s->has == NULL || pack->labels.type != TASK_RANKING)
		return;
	for (size_t r = 1; r < pack->rows; r++)
		if (pack->group[r] == pack->group[r - 1] &&
		    s->has[r] != s->has[r - 1])
			die("%s: id '%s': some rows of its group have a soft "
			    "target, and some have none",
			    pack->path, pack_id(pack, r));
}

void
soft_read(struct soft *soft, const struct pack *const *packs, size_t count,
    const char *const *files, size_t file_count, bool missing)
{
	memset(soft, 0, count * sizeof(*soft));
	for (size_t i = 0; i < file_count; i++) {
		struct pred *p = pred_read(files[i]);
		size_t k = find_pack(p, packs, count);

		take(&soft[k], p, packs[k]);
		pred_free(p);
	}
	for (size_t k = 0; k < count; k++)
		check_groups(&soft[k], packs[k]);
	for (size_t k = 0; k < count && !missing; k++)
		for (size_t r = 0; soft[k].has != NULL && r < packs[k]->rows;
		     r++)
			if (!soft[k].has[r])
				die("%s: id '%s' has no row among the soft "
				    "targets of task %s; --missing-ids "
				    "allows it",
				    packs[k]->path, pack_id(packs[k], r),
				    packs[k]->task);
}

size_t
soft_missing(const struct soft *s, const struct pack *pack)
{
	size_t n = 0;

	for (size_t r = 0; s->has != NULL && r < pack->rows; r++)
		n += !s->has[r];
	return n;
}

void
soft_free(struct soft *s)
{
	free(s->value);
	free(s->has);
}
