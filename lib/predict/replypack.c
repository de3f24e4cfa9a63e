#include "predict/replypack.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "corpus/example.h"
#include "corpus/labelset.h"
#include "data/packrows.h"

struct reply_pack {
	const struct pack *p;
	struct reply *reply;
	size_t outputs;
	const char **name; /* [carried] label or group */
	size_t carried, room;
};

/* The name of what a pack has, or NULL. */
static const char *
find(const struct example_text *word)
{
	static const enum example_column there[] = { EXAMPLE_LABEL,
		EXAMPLE_GROUP };

	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		const char *name = example_columns[there[i]];

		if (strlen(name) == word->size &&
		    memcmp(name, word->at, word->size) == 0)
			return name;
	}
	return NULL;
}

static void
keep_columns(struct reply_pack *r, const char *keep)
{
	struct example_text rest = { keep, strlen(keep) }, word;

	while (labelset_next(&rest, &word)) {
		const char *name = find(&word);

		if (name == NULL)
			die("%s: no column '%.*s' to keep: a pack has label "
			    "and group; others are read of examples, from '-'",
			    r->p->path, (int)word.size, word.at);
		r->name = mem_grow(
		    r->name, &r->room, r->carried + 1, sizeof(*r->name));
		r->name[r->carried++] = name;
	}
}

struct reply_pack *
reply_pack_new(const struct head *head, const struct reply_form *form,
    const char *keep, const struct pack *p)
{
	struct reply_pack *r = mem_zero(1, sizeof(*r));

	r->p = p;
	r->outputs = head->outputs;
	if (keep != NULL)
		keep_columns(r, keep);
	r->reply = reply_new(head, form, r->name, r->carried);
	return r;
}

static void
carry(const struct reply_pack *r, size_t row, struct buf *carried)
{
	struct buf text = { 0 };

	buf_clear(carried);
	for (size_t i = 0; i < r->carried; i++) {
		buf_clear(&text);
		if (r->name[i] == example_columns[EXAMPLE_LABEL])
			pack_put_label(&text, r->p, row);
		else
			buf_print(&text, "%d", (int)r->p->group[row]);
		reply_carry(r->reply, carried, i, buf_string(&text), text.size);
	}
	buf_free(&text);
}

void
reply_pack_write(struct reply_pack *r, FILE *out, const float *value)
{
	const struct pack *p = r->p;
	bool ranks = p->labels.type == TASK_RANKING;
	struct buf carried = { 0 };

	reply_head(r->reply, out, p->task, p->split);
	for (size_t i = 0; i < p->rows; i++) {
		struct reply_key key = { 0 };

		carry(r, i, &carried);
		key.id = pack_id_bytes(p, i, &key.id_size);
		key.carried = carried.data;
		key.carried_size = carried.size;
		reply_row(r->reply, &key, value + i * r->outputs,
		    ranks ? &p->group[i] : NULL);
	}
	buf_free(&carried);
}

void
reply_pack_free(struct reply_pack *r)
{
	reply_free(r->reply);
	free(r->name);
	free(r);
}
