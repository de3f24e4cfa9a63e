#include "corpus/added.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "corpus/normal.h"

/* Where a text stands among the slots, or would. */
static size_t
find_slot(const struct added *a, const char *text)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	size_t at;

	for (const char *p = text; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3u;
	at = (size_t)(h ^ h >> 32) & (a->slots - 1);
	while (a->slot[at] != 0 &&
	       strcmp(a->item[a->slot[at] - 1].text, text) != 0)
		at = (at + 1) & (a->slots - 1);
	return at;
}

static void
grow_slots(struct added *a)
{
	if (a->count * 2 < a->slots)
		return;
	free(a->slot);
	a->slots = a->slots == 0 ? 16 : a->slots * 2;
	a->slot = mem_zero(a->slots, sizeof(*a->slot));
	for (size_t i = 0; i < a->count; i++)
		a->slot[find_slot(a, a->item[i].text)] = i + 1;
}

struct added_token *
added_put(struct added *a, const struct added_token *t)
{
	struct added_token *own;

	a->item = mem_grow(a->item, &a->room, a->count + 1, sizeof(*a->item));
	own = &a->item[a->count];
	*own = *t;
	own->text = mem_string(t->text);
	grow_slots(a);
	a->slot[find_slot(a, t->text)] = ++a->count;
	return own;
}

struct added_token *
added_find(const struct added *a, const char *text)
{
	size_t n = a->slots > 0 ? a->slot[find_slot(a, text)] : 0;

	return n > 0 ? &a->item[n - 1] : NULL;
}

static int
by_id(const void *left, const void *right)
{
	const struct added_token *const *a = left, *const *b = right;

	return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static void
put_token(struct buf *out, const struct added_token *t, int indent)
{
	const struct {
		const char *key;
		bool value;
	} flags[] = { { "lstrip", t->lstrip }, { "normalized", t->normalized },
		{ "rstrip", t->rstrip }, { "single_word", t->single_word },
		{ "special", t->special } };

	buf_print(out, "\n%*s\"%d\": {\"content\": ", indent, "", (int)t->id);
	conf_put_json(out, t->text);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		buf_print(out, ", \"%s\": %s", flags[i].key,
		    flags[i].value ? "true" : "false");
	buf_byte(out, '}');
}

void
added_json(struct buf *out, const struct added *a, int indent)
{
	const struct added_token **sorted =
	    mem_alloc(a->count, sizeof(const struct added_token *));

	for (size_t i = 0; i < a->count; i++)
		sorted[i] = &a->item[i];
	if (a->count > 0)
		qsort(sorted, a->count, sizeof(const struct added_token *),
		    by_id);
	buf_byte(out, '{');
	for (size_t i = 0; i < a->count; i++) {
		buf_text(out, i > 0 ? "," : "");
		put_token(out, sorted[i], indent);
	}
	buf_print(out, "\n%*s}", indent > 2 ? indent - 2 : 0, "");
	free(sorted);
}

void
added_copy(struct added *to, const struct added *from)
{
	*to = (struct added){ 0 };
	for (size_t i = 0; i < from->count; i++)
		added_put(to, &from->item[i]);
}

void
added_free(struct added *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->item[i].text);
	free(a->item);
	free(a->slot);
	*a = (struct added){ 0 };
}

/* --- finding them --- */

/* What is looked for; sorted by its bytes, each text once. */
struct entry {
	const char *text;
	size_t size;
	size_t nth;
	const struct added_token *token;
};

struct added_finder {
	struct entry *entry;
	size_t count;
	size_t first[257]; /* entries that start with a byte: from, to */
	struct buf texts;  /* normalized, each ended by '\0' */
	const struct added_token *twin[2]; /* two of one text, or NULL */
};

static int
by_text(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = strcmp(a->text, b->text);

	return order != 0 ? order : (a->nth > b->nth) - (a->nth < b->nth);
}

static void
sort(struct added_finder *f)
{
	size_t n = 0;

	qsort(f->entry, f->count, sizeof(*f->entry), by_text);
	for (size_t i = 0; i < f->count; i++) {
		if (n == 0 ||
		    strcmp(f->entry[n - 1].text, f->entry[i].text) != 0) {
			f->entry[n++] = f->entry[i];
			continue;
		}
		f->twin[0] = f->entry[n - 1].token;
		f->twin[1] = f->entry[i].token;
	}
	f->count = n;
	for (size_t i = 0, byte = 0; byte <= 256; byte++) {
		while (i < n && (unsigned char)f->entry[i].text[0] < byte)
			i++;
		f->first[byte] = i;
	}
}

struct added_finder *
added_finder(const struct added *a, bool normalized, struct unicode_rules rules)
{
	struct added_finder *f = mem_zero(1, sizeof(*f));
	size_t at = 0;

	f->entry = mem_zero(a->count, sizeof(*f->entry));
	for (size_t i = 0; i < a->count; i++) {
		const struct added_token *t = &a->item[i];

		if (t->normalized != normalized)
			continue;
		if (normalized)
			normal_text(&f->texts, t->text, strlen(t->text), rules);
		buf_byte(&f->texts, '\0');
		f->entry[f->count++] =
		    (struct entry){ t->text, strlen(t->text), i, t };
	}
	for (size_t i = 0; normalized && i < f->count; i++) {
		f->entry[i].text = f->texts.data + at;
		f->entry[i].size = strlen(f->entry[i].text);
		at += f->entry[i].size + 1;
	}
	if (f->count > 0) {
		sort(f);
		return f;
	}
	added_finder_free(f);
	return NULL;
}

const struct added_token *
added_finder_twin(
    const struct added_finder *f, const struct added_token **other)
{
	*other = f->twin[1];
	return f->twin[0];
}

void
added_finder_free(struct added_finder *f)
{
	if (f == NULL)
		return;
	free(f->entry);
	buf_free(&f->texts);
	free(f);
}

/* The first entry from..to whose byte at depth is at least this one. */
static size_t
bound(const struct added_finder *f, size_t from, size_t to, size_t depth,
    unsigned byte)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if ((unsigned char)f->entry[middle].text[depth] < byte)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static const struct entry *
longest(const struct added_finder *f, const char *at, const char *end)
{
	unsigned byte = (unsigned char)*at;
	size_t from = f->first[byte], to = f->first[byte + 1];
	const struct entry *best = NULL;

	for (size_t depth = 1; from < to; depth++) {
		if (f->entry[from].size == depth)
			best = &f->entry[from++];
		if (at + depth == end)
			break;
		byte = (unsigned char)at[depth];
		from = bound(f, from, to, depth, byte);
		to = bound(f, from, to, depth, byte + 1);
	}
	return best;
}

/* Is there a letter of a word before this place, or at it? */
static bool
word_before(const char *start, const char *at)
{
	size_t length;

	if (at == start)
		return false;
	do
		at--;
	while (((unsigned char)*at & 0xc0) == 0x80);
	return unicode_is_word(utf8_get(at, &length));
}

static bool
word_at(const char *at, const char *end)
{
	size_t length;

	return at < end && unicode_is_word(utf8_get(at, &length));
}

static const char *
spaces_before(const char *start, const char *at)
{
	size_t length;

	while (at > start) {
		const char *p = at - 1;

		while (((unsigned char)*p & 0xc0) == 0x80)
			p--;
		if (!unicode_is_white(utf8_get(p, &length)))
			break;
		at = p;
	}
	return at;
}

static const char *
spaces_at(const char *at, const char *end)
{
	size_t length;

	while (at < end && unicode_is_white(utf8_get(at, &length)))
		at += length;
	return at;
}

struct added_part
added_next(const struct added_finder *f, struct added_cursor *c)
{
	struct added_part part = { c->at, (size_t)(c->end - c->at), NULL };

	if (c->scan == NULL)
		c->scan = c->start;
	while (c->scan < c->end) {
		const struct entry *e = longest(f, c->scan, c->end);
		const char *start = c->scan, *stop = start + 1;

		if (e == NULL) {
			c->scan = stop;
			continue;
		}
		stop = c->scan = start + e->size;
		if (e->token->single_word &&
		    (word_before(c->start, start) || word_at(stop, c->end)))
			continue;
		if (e->token->lstrip)
			start = spaces_before(c->start, start);
		if (e->token->rstrip)
			stop = spaces_at(stop, c->end);
		part.size = start > c->at ? (size_t)(start - c->at) : 0;
		part.token = e->token;
		c->at = stop;
		return part;
	}
	c->at = c->end;
	return part;
}
