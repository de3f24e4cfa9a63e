#include "corpus/normal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"

/* Marks that wait to be put in their canonical order, which is stable. */
struct marks {
	struct unicode_part *item;
	size_t count, room;
};

static void
put(struct buf *out, uint32_t point)
{
	char text[4];

	buf_add(out, text, utf8_put(text, point));
}

static void
flush(struct buf *out, struct marks *m)
{
	unsigned least = m->count > 1 ? 1 : 256;

	for (unsigned order = least; order < 256; order++)
		for (size_t i = 0; i < m->count; i++)
			if (m->item[i].order == order)
				put(out, m->item[i].point);
	if (m->count == 1)
		put(out, m->item[0].point);
	m->count = 0;
}

static void
put_part(struct buf *out, struct marks *m, const struct unicode_part *p)
{
	if (p->order > 0) {
		m->item =
		    mem_grow(m->item, &m->room, m->count + 1, sizeof(*m->item));
		m->item[m->count++] = *p;
		return;
	}
	flush(out, m);
	if (p->kind == UNICODE_SPACE)
		buf_byte(out, ' ');
	else if (p->kind != UNICODE_DROP)
		put(out, p->point);
}

/* A Chinese character stands alone, and is a letter to other rules. */
static bool
is_chinese(
    uint32_t point, const struct unicode_fate *fate, struct unicode_rules rules)
{
	struct unicode_rules plain = { rules.lower, rules.strip, false };

	if (!rules.chinese || fate->count == 0 ||
	    fate->part[0].kind != UNICODE_ALONE)
		return false;
	return unicode_fate(point, plain).part[0].kind == UNICODE_LETTER;
}

void
normal_text(
    struct buf *out, const char *text, size_t n, struct unicode_rules rules)
{
	const char *end = text + n;
	struct marks marks = { 0 };
	size_t length;

	for (; text < end; text += length) {
		uint32_t point = utf8_get(text, &length);
		struct unicode_fate fate = unicode_fate(point, rules);
		bool chinese = is_chinese(point, &fate, rules);

		if (chinese) {
			flush(out, &marks);
			buf_byte(out, ' ');
		}
		for (size_t i = 0; i < fate.count; i++)
			put_part(out, &marks, &fate.part[i]);
		if (chinese)
			buf_byte(out, ' ');
	}
	flush(out, &marks);
	buf_string(out);
	free(marks.item);
}
