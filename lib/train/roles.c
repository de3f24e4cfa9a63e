#include "train/roles.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/num.h"
#include "base/text.h"
#include "data/id.h"

/* "val" is that of validation, "held" that of held-out. */
static const char *const held_out[] = { "dev", "test", "val", "eval", "held",
	"hold", NULL };

bool
roles_held_out(const char *split)
{
	for (size_t i = 0; held_out[i] != NULL; i++) {
		size_t k = 0;

		while (held_out[i][k] != '\0' &&
		       text_lower(split[k]) == held_out[i][k])
			k++;
		if (held_out[i][k] == '\0')
			return true;
	}
	return false;
}

/* --train-on dev allows dev and dev_matched. */
static bool
allows(const char *split, const struct pack *p)
{
	size_t n = strlen(split);

	return text_starts(p->split, split) &&
	       (p->split[n] == '\0' || p->split[n] == '_');
}

static bool
is_allowed(
    const struct pack *p, const char *const *allowed, size_t allowed_count)
{
	for (size_t i = 0; i < allowed_count; i++)
		if (allows(allowed[i], p))
			return true;
	return false;
}

/* An option for no pack is a slip of the pen, or of the command. */
static void
tell_unused(const struct pack *const *packs, size_t count, const char *split)
{
	for (size_t i = 0; i < count; i++)
		if (allows(split, packs[i]))
			return;
	warn("--train-on %s: no PACK is of that split", split);
}

static void
check_split(
    const struct pack *p, const struct pack *const *dev, size_t dev_count)
{
	if (roles_held_out(p->split))
		die("%s: its split is %s, but a PACK without --dev is trained "
		    "on; --train-on %s allows it",
		    p->path, p->split, p->split);
	for (size_t i = 0; i < dev_count; i++)
		if (!text_starts(p->split, "train") &&
		    strcmp(p->task, dev[i]->task) == 0 &&
		    strcmp(p->split, dev[i]->split) == 0)
			die("%s: its split is %s, as that of --dev %s, but a "
			    "PACK without --dev is trained on; --train-on %s "
			    "allows it",
			    p->path, p->split, dev[i]->path, p->split);
}

/* What a row is known by: its id, and its tokens in any order. */
static void
put_key(struct buf *key, const struct pack *p, size_t row)
{
	const int32_t *token = p->tokens + p->starts[row];
	size_t count = (size_t)(p->starts[row + 1] - p->starts[row]), n;
	const char *id = pack_id_bytes(p, row, &n);
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += id_hash((const char *)&token[i], sizeof(*token), 0);
	buf_clear(key);
	buf_add(key, (const char *)&sum, sizeof(sum));
	buf_add(key, id, n);
}

/*
 * How many rows of few stand in many too.  Most rows of many are told by their
 * ids, without a look at their tokens.
 */
static size_t
count_shared(const struct pack *few, const struct pack *many)
{
	struct id_set ids = { 0 }, rows = { 0 };
	struct buf key = { 0 };
	size_t shared = 0, n;

	for (size_t r = 0; r < few->rows; r++) {
		const char *id = pack_id_bytes(few, r, &n);

		id_set_add(&ids, id, n);
		put_key(&key, few, r);
		id_set_add(&rows, key.data, key.size);
	}
	for (size_t r = 0; r < many->rows; r++) {
		const char *id = pack_id_bytes(many, r, &n);

		if (!id_set_has(&ids, id, n))
			continue;
		put_key(&key, many, r);
		shared += id_set_has(&rows, key.data, key.size);
	}
	id_set_free(&ids);
	id_set_free(&rows);
	buf_free(&key);
	return shared;
}

/* Rows that two packs share, or 0 where they are fewer than half. */
static size_t
shared_rows(const struct pack *a, const struct pack *b)
{
	const struct pack *few = a->rows < b->rows ? a : b;
	size_t shared;

	if (strcmp(a->task, b->task) != 0 || strcmp(a->vocab, b->vocab) != 0)
		return 0;
	shared = count_shared(few, few == a ? b : a);
	return 2 * shared >= few->rows ? shared : 0;
}

static void
check_rows(const struct pack *p, const struct pack *other, const char *what)
{
	size_t shared = shared_rows(p, other);

	if (shared > 0)
		die("%s: %zu of its %zu row%s are those of %s%s; --train-on %s "
		    "allows it",
		    p->path, shared, p->rows, num_s(p->rows), what, other->path,
		    p->split);
}

/* Without a label there is no metric, and any model would be the best. */
static void
check_labelled(const struct pack *p)
{
	for (size_t r = 0; r < p->rows; r++)
		if (!isnan(p->label[r]))
			return;
	die("--dev %s: no row has a label to evaluate by", p->path);
}

void
roles_check(const struct pack *const *packs, size_t count,
    const struct pack *const *dev, size_t dev_count, const char *const *allowed,
    size_t allowed_count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_allowed(packs[i], allowed, allowed_count))
			continue;
		check_split(packs[i], dev, dev_count);
		for (size_t k = 0; k < i; k++)
			check_rows(packs[i], packs[k], "");
		for (size_t k = 0; k < dev_count; k++)
			check_rows(packs[i], dev[k], "--dev ");
	}
	for (size_t i = 0; i < allowed_count; i++)
		tell_unused(packs, count, allowed[i]);
	for (size_t i = 0; i < dev_count; i++) {
		check_labelled(dev[i]);
		for (size_t k = 0; k < i; k++)
			if (shared_rows(dev[i], dev[k]) > 0)
				die("--dev %s: its rows are those of --dev %s",
				    dev[i]->path, dev[k]->path);
	}
}
