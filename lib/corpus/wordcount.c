#include "corpus/wordcount.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "corpus/basic.h"

struct wordcount {
	struct basic *basic;
	struct buf text;
	struct wordcount_word *word;
	size_t count, room;
	size_t *table; /* [slots]: 1 + word, 0: empty */
	size_t slots;  /* a power of two */
	unsigned long long too_long;
};

/* A word beside its text, for sorting. */
struct sortable {
	const char *text;
	struct wordcount_word word;
};

struct wordcount *
wordcount_new(struct unicode_rules rules)
{
	struct wordcount *w = mem_zero(1, sizeof(*w));

	w->basic = basic_new(rules);
	w->slots = 1 << 10;
	w->table = mem_zero(w->slots, sizeof(*w->table));
	return w;
}

void
wordcount_free(struct wordcount *w)
{
	basic_free(w->basic);
	buf_free(&w->text);
	free(w->word);
	free(w->table);
	free(w);
}

/* FNV-1a, its high bits folded in. */
static size_t
hash(const char *text, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

/* The slot where the word stands, or would stand. */
static size_t *
find(const struct wordcount *w, const char *text, size_t n)
{
	size_t i = hash(text, n) & (w->slots - 1);

	for (; w->table[i] != 0; i = (i + 1) & (w->slots - 1)) {
		const struct wordcount_word *word = &w->word[w->table[i] - 1];

		if (word->size == n &&
		    memcmp(w->text.data + word->at, text, n) == 0)
			break;
	}
	return &w->table[i];
}

static void
grow(struct wordcount *w)
{
	free(w->table);
	w->slots *= 2;
	w->table = mem_zero(w->slots, sizeof(*w->table));
	for (size_t i = 0; i < w->count; i++)
		*find(w, w->text.data + w->word[i].at, w->word[i].size) = i + 1;
}

static void
add(struct wordcount *w, const char *text, size_t n)
{
	size_t *slot = find(w, text, n);

	if (*slot == 0) {
		w->word =
		    mem_grow(w->word, &w->room, w->count + 1, sizeof(*w->word));
		w->word[w->count] =
		    (struct wordcount_word){ w->text.size, n, 0 };
		buf_add(&w->text, text, n);
		*slot = ++w->count;
	}
	w->word[*slot - 1].count++;
	if (w->count * 2 > w->slots)
		grow(w);
}

void
wordcount_add(struct wordcount *w, const char *text, size_t n)
{
	const char *end = text + n;
	struct basic_word word;

	while (basic_next(w->basic, &text, end, &word))
		if (word.too_long)
			w->too_long++;
		else if (word.special < 0)
			add(w, word.text, word.size);
}

static int
compare(const void *a, const void *b)
{
	const struct sortable *x = a, *y = b;
	size_t n = x->word.size < y->word.size ? x->word.size : y->word.size;
	int c = memcmp(x->text, y->text, n);

	if (c != 0)
		return c;
	return x->word.size < y->word.size ? -1 : x->word.size > y->word.size;
}

const struct wordcount_word *
wordcount_sort(struct wordcount *w, size_t *count)
{
	struct sortable *s = mem_alloc(w->count, sizeof(*s));

	for (size_t i = 0; i < w->count; i++)
		s[i] = (struct sortable){ w->text.data + w->word[i].at,
			w->word[i] };
	qsort(s, w->count, sizeof(*s), compare);
	for (size_t i = 0; i < w->count; i++)
		w->word[i] = s[i].word;
	free(s);
	w->slots /= 2; /* places have changed: find them anew */
	grow(w);
	*count = w->count;
	return w->word;
}

const char *
wordcount_text(const struct wordcount *w)
{
	return w->text.data;
}

unsigned long long
wordcount_too_long(const struct wordcount *w)
{
	return w->too_long;
}
