#include "corpus/basic.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "corpus/special.h"

#define PAGE 128
#define PAGES (UNICODE_POINTS / PAGE)
#define ENTRY_TEXT 12 /* three decomposed Hangul letters take nine */

enum entry_kind {
	ENTRY_NONE, /* as if it were not there */
	ENTRY_DROP, /* nothing, but marks cannot pass it */
	ENTRY_SPACE,
	ENTRY_WORD,  /* text: letters that no mark can pass */
	ENTRY_ALONE, /* text: a word by itself */
	ENTRY_MIXED  /* letters and marks: ask unicode_fate */
};

struct entry {
	char text[ENTRY_TEXT];
	uint8_t size, points;
	uint8_t kind;
};

struct mark {
	uint32_t point;
	uint8_t order;
};

struct basic {
	struct unicode_rules rules;
	bool ignore;		   /* special pieces */
	struct entry *page[PAGES]; /* made when first needed */
	size_t size, points;	   /* of the word so far */
	size_t marks;		   /* at its end, to be put in order */
	struct mark mark[WORDPIECE_POINTS];
	char text[WORDPIECE_BYTES + ENTRY_TEXT];
};

struct basic *
basic_new(struct unicode_rules rules)
{
	struct basic *b = mem_zero(1, sizeof(*b));

	b->rules = rules;
	return b;
}

void
basic_ignore_special(struct basic *b)
{
	b->ignore = true;
}

void
basic_free(struct basic *b)
{
	for (size_t i = 0; i < PAGES; i++)
		free(b->page[i]);
	free(b);
}

static struct entry
entry_of(uint32_t point, struct unicode_rules rules)
{
	struct unicode_fate fate = unicode_fate(point, rules);
	struct entry e = { .kind = ENTRY_NONE };
	bool letters = true;

	if (fate.count == 0)
		return e;
	e.kind = ENTRY_MIXED;
	for (size_t i = 0; i < fate.count; i++)
		letters &= fate.part[i].kind == UNICODE_LETTER &&
			   fate.part[i].order == 0;
	if (fate.count == 1 && fate.part[0].kind == UNICODE_DROP)
		e.kind = ENTRY_DROP;
	if (fate.count == 1 && fate.part[0].kind == UNICODE_SPACE)
		e.kind = ENTRY_SPACE;
	if (fate.count == 1 && fate.part[0].kind == UNICODE_ALONE)
		e.kind = ENTRY_ALONE;
	if (letters && fate.count * 4 <= ENTRY_TEXT)
		e.kind = ENTRY_WORD;
	if (e.kind != ENTRY_WORD && e.kind != ENTRY_ALONE)
		return e;
	for (size_t i = 0; i < fate.count; i++)
		e.size = (uint8_t)(e.size + utf8_put(e.text + e.size,
						fate.part[i].point));
	e.points = (uint8_t)fate.count;
	return e;
}

static const struct entry *
make_page(struct basic *b, uint32_t point)
{
	uint32_t first = point / PAGE * PAGE;
	struct entry *page = mem_alloc(PAGE, sizeof(*page));

	for (uint32_t i = 0; i < PAGE; i++)
		page[i] = entry_of(first + i, b->rules);
	b->page[point / PAGE] = page;
	return page;
}

static inline const struct entry *
look_up(struct basic *b, uint32_t point)
{
	const struct entry *page = b->page[point / PAGE];

	if (page == NULL)
		page = make_page(b, point);
	return &page[point % PAGE];
}

int
basic_special(const char *at, const char *end, size_t *size)
{
	for (int s = 0; s < VOCAB_SPECIALS; s++) {
		const char *name = vocab_special_name((enum vocab_special)s);

		*size = strlen(name);
		if ((size_t)(end - at) >= *size && memcmp(at, name, *size) == 0)
			return s;
	}
	return -1;
}

static void
add_text(struct basic *b, const char *text, size_t size, size_t points)
{
	b->points += points;
	if (b->points > WORDPIECE_POINTS)
		return;
	memcpy(b->text + b->size, text, size);
	b->size += size;
}

/*
 * The marks at the end of the word into canonical order.  Those of category
 * Mn are gone, which changes nothing for the others: the order is stable.
 */
static void
flush_marks(struct basic *b)
{
	size_t n = b->marks < WORDPIECE_POINTS ? b->marks : WORDPIECE_POINTS;
	char text[4];

	for (size_t i = 1; i < n; i++) {
		struct mark m = b->mark[i];
		size_t k = i;

		for (; k > 0 && b->mark[k - 1].order > m.order; k--)
			b->mark[k] = b->mark[k - 1];
		b->mark[k] = m;
	}
	for (size_t i = 0; i < n; i++)
		add_text(b, text, utf8_put(text, b->mark[i].point), 1);
	b->points += b->marks - n;
	b->marks = 0;
}

/* A character of several parts, none of which ends a word. */
static void
add_parts(struct basic *b, uint32_t point)
{
	struct unicode_fate fate = unicode_fate(point, b->rules);
	char text[4];

	for (size_t i = 0; i < fate.count; i++) {
		struct unicode_part p = fate.part[i];

		if (p.order > 0) {
			if (b->marks < WORDPIECE_POINTS)
				b->mark[b->marks] =
				    (struct mark){ p.point, p.order };
			b->marks++;
			continue;
		}
		flush_marks(b);
		if (p.kind == UNICODE_LETTER)
			add_text(b, text, utf8_put(text, p.point), 1);
	}
}

/* True if the word ends here; else *at has moved past the character. */
static inline bool
add_point(struct basic *b, const char **at, const char *end)
{
	size_t length, size;
	uint32_t point = utf8_get(*at, &length);
	const struct entry *e = look_up(b, point);

	if (e->kind >= ENTRY_DROP && e->kind <= ENTRY_ALONE && b->marks > 0)
		flush_marks(b);
	if (e->kind == ENTRY_WORD) {
		b->points += e->points;
		if (b->points <= WORDPIECE_POINTS) {
			memcpy(b->text + b->size, e->text, ENTRY_TEXT);
			b->size += e->size;
		}
		*at += length;
		return false;
	}
	if ((e->kind == ENTRY_SPACE || e->kind == ENTRY_ALONE) && b->points > 0)
		return true;
	if (point == '[' && !b->ignore && basic_special(*at, end, &size) >= 0)
		return true;
	*at += length;
	if (e->kind == ENTRY_ALONE) {
		add_text(b, e->text, e->size, 1);
		return true;
	}
	if (e->kind == ENTRY_MIXED)
		add_parts(b, point);
	return false;
}

bool
basic_next(
    struct basic *b, const char **at, const char *end, struct basic_word *word)
{
	bool done = false;
	size_t size;

	while (!done && *at < end)
		done = add_point(b, at, end);
	flush_marks(b);
	*word = (struct basic_word){ b->text, b->size, b->points, -1,
		b->points > WORDPIECE_POINTS };
	b->size = b->points = 0;
	if (word->points > 0)
		return true;
	if (*at == end)
		return false;
	word->special = basic_special(*at, end, &size);
	word->text = *at;
	word->size = word->points = size;
	*at += size;
	return true;
}
