#include "corpus/wplearn.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "corpus/pairheap.h"
#include "corpus/vocab.h"

const char wplearn_scores[] = "likelihood|count";

/* A piece, and the pairs that it is or was part of. */
struct symbol {
	size_t at, size; /* its text, with "##" */
	unsigned long long count;
	size_t *pair;
	size_t pairs, pair_room;
};

/* A word as symbols: count of them from start on, standing n times. */
struct word {
	size_t start, count;
	unsigned long long n;
};

struct learner {
	const struct wplearn_settings *settings;
	struct buf text; /* of the pieces */
	struct symbol *symbol;
	size_t symbols, symbol_room;
	uint32_t *table; /* 1 + symbol by text */
	size_t slots;
	struct word *word;
	size_t words;
	uint32_t *piece; /* symbols of all words */
	struct pairheap pairs;
	size_t *changed;
	size_t changes, change_room;
	/*
	 * By code point, all of which are below points: how often it stands;
	 * then 1 + its symbols.
	 */
	uint32_t points;
	unsigned long long *seen;
	uint32_t *first, *inside;
	struct wplearn_report report;
};

static uint32_t *
slot(const struct learner *l, const char *text, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3u;
	i = (size_t)(h ^ h >> 32) & (l->slots - 1);
	for (; l->table[i] != 0; i = (i + 1) & (l->slots - 1)) {
		const struct symbol *s = &l->symbol[l->table[i] - 1];

		if (s->size == n && memcmp(l->text.data + s->at, text, n) == 0)
			break;
	}
	return &l->table[i];
}

/* The symbol of a text, made where it is new. */
static uint32_t
symbol_of(struct learner *l, const char *text, size_t n)
{
	uint32_t *at = slot(l, text, n);

	if (*at != 0)
		return *at - 1;
	l->symbol = mem_grow(
	    l->symbol, &l->symbol_room, l->symbols + 1, sizeof(*l->symbol));
	l->symbol[l->symbols] =
	    (struct symbol){ .at = l->text.size, .size = n };
	buf_add(&l->text, text, n);
	buf_byte(&l->text, '\n');
	*at = (uint32_t)++l->symbols;
	return *at - 1;
}

static void
count_points(struct learner *l, const char *text,
    const struct wordcount_word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0, length; k < words[i].size; k += length)
			l->seen[utf8_get(text + words[i].at + k, &length)] +=
			    words[i].count;
}

static int
compare_counts(const void *a, const void *b)
{
	unsigned long long x = *(const unsigned long long *)a;
	unsigned long long y = *(const unsigned long long *)b;

	return x > y ? -1 : x < y;
}

/* Drop characters beyond the alphabet; of equals the lower code point stays. */
static void
limit_alphabet(struct learner *l)
{
	size_t n = 0, limit = l->settings->alphabet, kept = 0;
	unsigned long long *counts, least, above = 0;

	for (uint32_t c = 0; c < l->points; c++)
		n += l->seen[c] > 0;
	counts = mem_alloc(n, sizeof(*counts));
	n = 0;
	for (uint32_t c = 0; c < l->points; c++)
		if (l->seen[c] > 0)
			counts[n++] = l->seen[c];
	qsort(counts, n, sizeof(*counts), compare_counts);
	least = n > limit ? counts[limit - 1] : 0;
	for (size_t i = 0; i < n; i++)
		above += counts[i] > least;
	for (uint32_t c = 0; c < l->points; c++) {
		if (l->seen[c] == least && above + kept++ >= limit)
			l->seen[c] = 0;
		else if (l->seen[c] < least)
			l->seen[c] = 0;
	}
	l->report.characters = n < limit ? n : limit;
	l->report.left_out = n - l->report.characters;
	free(counts);
}

/* Letters may stand first and inside of words, the rest only alone. */
static void
make_alphabet(struct learner *l)
{
	char text[6] = "##";

	l->slots = 1;
	while (l->slots < 2 * (l->settings->size + 2 * l->report.characters))
		l->slots *= 2;
	l->table = mem_zero(l->slots, sizeof(*l->table));
	for (uint32_t c = 0; c < l->points; c++) {
		struct unicode_fate fate;
		size_t n;

		if (l->seen[c] == 0)
			continue;
		n = utf8_put(text + 2, c);
		l->first[c] = symbol_of(l, text + 2, n) + 1;
		fate = unicode_fate(c, l->settings->rules);
		if (fate.count == 1 && fate.part[0].kind == UNICODE_ALONE)
			continue;
		l->inside[c] = symbol_of(l, text, n + 2) + 1;
	}
}

/* False if a character is beyond the alphabet. */
static bool
spell(struct learner *l, const char *text, size_t size, struct word *word)
{
	uint32_t *to = l->piece + word->start;

	for (size_t k = 0, length; k < size; k += length) {
		uint32_t c = utf8_get(text + k, &length);
		uint32_t symbol = k == 0 ? l->first[c] : l->inside[c];

		if (symbol == 0)
			return false;
		to[word->count++] = symbol - 1;
	}
	return true;
}

static void
spell_words(struct learner *l, const char *text,
    const struct wordcount_word *words, size_t n)
{
	size_t bytes = 0, start = 0;

	for (size_t i = 0; i < n; i++)
		bytes += words[i].size;
	l->piece = mem_alloc(bytes, sizeof(*l->piece));
	l->word = mem_alloc(n, sizeof(*l->word));
	for (size_t i = 0; i < n; i++) {
		struct word w = { start, 0, words[i].count };

		if (!spell(l, text + words[i].at, words[i].size, &w)) {
			l->report.skipped += words[i].count;
			continue;
		}
		start += w.count;
		l->word[l->words++] = w;
	}
}

static void
note_change(struct learner *l, size_t pair)
{
	struct pair *p = &l->pairs.pair[pair];

	if (p->changed)
		return;
	p->changed = true;
	l->changed = mem_grow(
	    l->changed, &l->change_room, l->changes + 1, sizeof(*l->changed));
	l->changed[l->changes++] = pair;
}

static void
list_pair(struct symbol *s, size_t pair)
{
	s->pair =
	    mem_grow(s->pair, &s->pair_room, s->pairs + 1, sizeof(*s->pair));
	s->pair[s->pairs++] = pair;
}

#define ANY UINT32_MAX

/*
 * Count the pairs and pieces of a word, or take them back.  Pairs of the piece
 * fresh, or of any, are noted as standing there.
 */
static void
count_word(struct learner *l, uint32_t number, bool back, uint32_t fresh)
{
	const struct word *w = &l->word[number];
	const uint32_t *p = l->piece + w->start;
	unsigned long long n = back ? 0 - w->n : w->n;

	for (size_t i = 0; i < w->count; i++)
		l->symbol[p[i]].count += n;
	for (size_t i = 0; i + 1 < w->count; i++) {
		size_t known = l->pairs.count;
		size_t pair = pairheap_find(&l->pairs, p[i], p[i + 1]);

		if (pair == known && l->settings->score == WPLEARN_LIKELIHOOD) {
			list_pair(&l->symbol[p[i]], pair);
			if (p[i] != p[i + 1])
				list_pair(&l->symbol[p[i + 1]], pair);
		}
		l->pairs.pair[pair].count += n;
		if (!back &&
		    (fresh == ANY || fresh == p[i] || fresh == p[i + 1]))
			pairheap_note(&l->pairs, pair, number);
		note_change(l, pair);
	}
}

static void
place(struct learner *l, size_t pair)
{
	const struct pair *p = &l->pairs.pair[pair];
	double score = (double)p->count;

	if (l->settings->score == WPLEARN_LIKELIHOOD && p->count > 0)
		score /= (double)l->symbol[p->a].count *
			 (double)l->symbol[p->b].count;
	pairheap_place(&l->pairs, pair, score,
	    p->count > 0 && p->count >= l->settings->min_count);
}

static void
place_changed(struct learner *l)
{
	for (size_t i = 0; i < l->changes; i++) {
		l->pairs.pair[l->changed[i]].changed = false;
		place(l, l->changed[i]);
	}
	l->changes = 0;
}

/* A piece is seen less or more often now: its pairs change their worth. */
static void
note_symbol(struct learner *l, uint32_t number)
{
	const struct symbol *s = &l->symbol[number];

	for (size_t i = 0; i < s->pairs; i++)
		if (l->pairs.pair[s->pair[i]].heap > 0)
			note_change(l, s->pair[i]);
}

static void
merge_word(
    struct learner *l, uint32_t number, uint32_t a, uint32_t b, uint32_t whole)
{
	struct word *w = &l->word[number];
	uint32_t *p = l->piece + w->start;
	size_t to = 0, i = 0;

	while (i + 1 < w->count && (p[i] != a || p[i + 1] != b))
		i++;
	if (i + 1 >= w->count)
		return;
	count_word(l, number, true, ANY);
	for (i = 0; i < w->count; i++) {
		bool both = i + 1 < w->count && p[i] == a && p[i + 1] == b;

		p[to++] = both ? whole : p[i];
		i += both;
	}
	w->count = to;
	count_word(l, number, false, whole);
}

static void
merge(struct learner *l, size_t best)
{
	uint32_t a = l->pairs.pair[best].a, b = l->pairs.pair[best].b, whole;
	const struct symbol *x = &l->symbol[a], *y = &l->symbol[b];
	uint32_t *where = l->pairs.pair[best].where;
	size_t n = l->pairs.pair[best].wheres;
	struct buf text = { 0 };

	buf_add(&text, l->text.data + x->at, x->size);
	buf_add(&text, l->text.data + y->at + 2, y->size - 2);
	whole = symbol_of(l, text.data, text.size);
	buf_free(&text);
	l->pairs.pair[best].where = NULL;
	l->pairs.pair[best].wheres = l->pairs.pair[best].where_room = 0;
	for (size_t i = 0; i < n; i++)
		merge_word(l, where[i], a, b, whole);
	free(where);
	if (l->settings->score == WPLEARN_LIKELIHOOD) {
		note_symbol(l, a);
		note_symbol(l, b);
		note_symbol(l, whole);
	}
	place_changed(l);
}

static void
start(struct learner *l, const char *text, const struct wordcount_word *words,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0, length; k < words[i].size; k += length) {
			uint32_t c = utf8_get(text + words[i].at + k, &length);

			if (c >= l->points)
				l->points = c + 1;
		}
	l->seen = mem_zero(l->points, sizeof(*l->seen));
	l->first = mem_zero(l->points, sizeof(*l->first));
	l->inside = mem_zero(l->points, sizeof(*l->inside));
	pairheap_start(&l->pairs);
}

static void
stop(struct learner *l)
{
	for (size_t i = 0; i < l->symbols; i++)
		free(l->symbol[i].pair);
	free(l->symbol);
	free(l->table);
	free(l->word);
	free(l->piece);
	free(l->changed);
	free(l->seen);
	free(l->first);
	free(l->inside);
	pairheap_free(&l->pairs);
}

static void
learn(struct learner *l)
{
	size_t wanted = l->settings->size, best;

	if (l->symbols + VOCAB_SPECIALS > wanted)
		die("%zu piece%s do not hold the alphabet: %zu special ones "
		    "and %zu for %zu character%s",
		    wanted, num_s(wanted), (size_t)VOCAB_SPECIALS, l->symbols,
		    l->report.characters, num_s(l->report.characters));
	for (size_t i = 0; i < l->words; i++)
		count_word(l, (uint32_t)i, false, ANY);
	place_changed(l);
	while (l->symbols + VOCAB_SPECIALS < wanted) {
		best = pairheap_best(&l->pairs);
		if (best == (size_t)-1)
			break;
		merge(l, best);
	}
}

struct wplearn_report
wplearn_run(const struct wplearn_settings *settings, struct wordcount *words,
    struct buf *out)
{
	struct learner l = { .settings = settings };
	const struct wordcount_word *word =
	    wordcount_sort(words, &l.report.words);
	const char *text = wordcount_text(words);

	start(&l, text, word, l.report.words);
	count_points(&l, text, word, l.report.words);
	limit_alphabet(&l);
	make_alphabet(&l);
	spell_words(&l, text, word, l.report.words);
	learn(&l);
	for (int s = 0; s < VOCAB_SPECIALS; s++) {
		buf_text(out, vocab_special_name((enum vocab_special)s));
		buf_byte(out, '\n');
	}
	buf_add(out, l.text.data, l.text.size);
	buf_free(&l.text);
	l.report.pieces = l.symbols + VOCAB_SPECIALS;
	stop(&l);
	return l.report;
}
