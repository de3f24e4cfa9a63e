#include "corpus/tokenizer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "corpus/added.h"
#include "corpus/basic.h"
#include "corpus/normal.h"
#include "corpus/wordpiece.h"

#define KEY_WORDS 4
#define KEY_BYTES (8 * KEY_WORDS)
#define SLOT_IDS 5
#define SLOT_SHIFT 50
#define SLOTS ((size_t)1 << (64 - SLOT_SHIFT))
#define SHORT 16
#define SPACE (-1)  /* ends a word */
#define OTHER (-2)  /* ends a word, and has to be looked at */
#define LETTER (-3) /* may be part of a word */
#define ONES 0x0101010101010101u
#define HIGHS (0x80 * ONES)
/* Bytes of a word in memory are those of a number from its low end. */
#define FAST (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* What became of a word, in one cache line.  size 0: empty. */
struct slot {
	uint64_t key[KEY_WORDS]; /* the word, zeros after it */
	int32_t id[SLOT_IDS];
	uint8_t size, count;
	bool unknown; /* it is [UNK] */
};

/* What cuts added tokens out; shared by twins. */
struct cutter {
	struct added_finder *plain, *normalized; /* either may be NULL */
};

struct tokenizer {
	const struct vocab *vocab;
	struct unicode_rules rules;
	struct cutter *cutter;	 /* NULL: there are no added tokens */
	struct tokenizer *again; /* of normalized text, or NULL */
	struct buf normal;
	struct wordpiece *own; /* NULL: another tokenizer's */
	const struct wordpiece *pieces;
	struct basic *basic;
	struct slot *slot;  /* [SLOTS] */
	uint64_t fold;	    /* bits that make letters lower case */
	int32_t ascii[256]; /* the id that a byte is alone, or: */
	struct tokenizer_count count;
};

/* What a byte is to add_ascii. */
static int32_t
ascii_of(const struct tokenizer *t, uint32_t c)
{
	struct unicode_fate fate = unicode_fate(c, t->rules);
	char text = (char)c;
	int32_t id;

	if (c >= 0x80 || fate.count == 0 || fate.part[0].kind == UNICODE_LETTER)
		return LETTER;
	if (fate.part[0].kind == UNICODE_SPACE)
		return SPACE;
	/* It may start a special piece; [UNK] is counted elsewhere. */
	if (c == '[' || wordpiece_cut(t->pieces, &text, 1, &id) == 0)
		return OTHER;
	return id;
}

static struct tokenizer *
create(const struct vocab *v, const struct wordpiece *pieces,
    struct unicode_rules rules)
{
	struct tokenizer *t = mem_zero(1, sizeof(*t));

	t->vocab = v;
	t->pieces = pieces;
	t->rules = rules;
	t->basic = basic_new(rules);
	t->slot = mem_align(SLOTS, sizeof(*t->slot));
	t->fold = rules.lower ? 0x20 * ONES : 0;
	for (uint32_t c = 0; c < 256; c++)
		t->ascii[c] = ascii_of(t, c);
	return t;
}

/* Make t look for added tokens; what is normalized is only split. */
static void
use_cutter(struct tokenizer *t, struct cutter *c)
{
	static const struct unicode_rules split = { false, false, false };

	t->cutter = c;
	basic_ignore_special(t->basic);
	if (c->normalized == NULL)
		return;
	t->again = create(t->vocab, t->pieces, split);
	basic_ignore_special(t->again->basic);
}

struct tokenizer *
tokenizer_new(const struct vocab *v)
{
	struct wordpiece *pieces = wordpiece_new(v);
	struct tokenizer *t = create(v, pieces, v->rules);
	struct cutter *c;

	t->own = pieces;
	if (v->added.count > 0) {
		c = mem_zero(1, sizeof(*c));
		c->plain = added_finder(&v->added, false, v->rules);
		c->normalized = added_finder(&v->added, true, v->rules);
		use_cutter(t, c);
	}
	return t;
}

struct tokenizer *
tokenizer_twin(const struct tokenizer *t)
{
	struct tokenizer *twin = create(t->vocab, t->pieces, t->rules);

	if (t->cutter != NULL)
		use_cutter(twin, t->cutter);
	return twin;
}

void
tokenizer_free(struct tokenizer *t)
{
	if (t->own != NULL && t->cutter != NULL) {
		added_finder_free(t->cutter->plain);
		added_finder_free(t->cutter->normalized);
		free(t->cutter);
	}
	if (t->own != NULL)
		wordpiece_free(t->own);
	if (t->again != NULL)
		tokenizer_free(t->again);
	buf_free(&t->normal);
	basic_free(t->basic);
	free(t->slot);
	free(t);
}

struct tokenizer_count
tokenizer_counted(const struct tokenizer *t)
{
	struct tokenizer_count c = t->count;

	if (t->again != NULL) {
		c.words += t->again->count.words;
		c.unknown += t->again->count.unknown;
	}
	return c;
}

static inline void
reserve(struct tokenizer_ids *ids)
{
	if (ids->room - ids->count < WORDPIECE_POINTS + SLOT_IDS)
		ids->id = mem_grow(ids->id, &ids->room,
		    ids->count + WORDPIECE_POINTS + SLOT_IDS, sizeof(*ids->id));
}

static void
add_id(struct tokenizer_ids *ids, int32_t id)
{
	ids->id[ids->count++] = id;
}

static size_t
hash(const uint64_t key[KEY_WORDS])
{
	uint64_t h = key[0] ^ (key[1] << 23 | key[1] >> 41);

	h ^= key[2] * 0xff51afd7ed558ccdu ^ key[3] * 0xc4ceb9fe1a85ec53u;
	return (size_t)((h ^ h >> 29) * 0x9e3779b97f4a7c15u >> SLOT_SHIFT);
}

/* Fill the slot of a word that is not remembered there. */
static void
remember(struct tokenizer *t, struct slot *slot, const uint64_t key[KEY_WORDS],
    size_t size)
{
	int32_t cut[WORDPIECE_POINTS];
	size_t n = wordpiece_cut(t->pieces, (const char *)key, size, cut);

	if (n == 0)
		cut[n++] = t->vocab->special[VOCAB_UNK];
	slot->size = n <= SLOT_IDS ? (uint8_t)size : 0;
	if (slot->size == 0)
		return;
	memcpy(slot->key, key, sizeof(slot->key));
	memcpy(slot->id, cut, n * sizeof(cut[0]));
	slot->count = (uint8_t)n;
	slot->unknown = cut[0] == t->vocab->special[VOCAB_UNK];
}

static inline bool
is_in(const struct slot *slot, const uint64_t key[KEY_WORDS], size_t size)
{
	return slot->size == size && slot->key[0] == key[0] &&
	       slot->key[1] == key[1] &&
	       (size <= 16 ||
		   (slot->key[2] == key[2] && slot->key[3] == key[3]));
}

/* Ids of any word. */
static void
add_long(struct tokenizer *t, const char *word, size_t size,
    struct tokenizer_ids *ids)
{
	size_t n = wordpiece_cut(t->pieces, word, size, ids->id + ids->count);

	if (n == 0)
		add_id(ids, t->vocab->special[VOCAB_UNK]);
	ids->count += n;
	t->count.words++;
	t->count.unknown += n == 0;
}

/* Ids of a word of at most KEY_BYTES; zeros stand after it in key. */
static inline void
add_short(struct tokenizer *t, const uint64_t key[KEY_WORDS], size_t size,
    struct tokenizer_ids *ids)
{
	struct slot *slot = &t->slot[hash(key)];

	if (!is_in(slot, key, size)) {
		remember(t, slot, key, size);
		if (slot->size == 0) {
			add_long(t, (const char *)key, size, ids);
			return;
		}
	}
	memcpy(ids->id + ids->count, slot->id, sizeof(slot->id));
	ids->count += slot->count;
	t->count.words++;
	t->count.unknown += slot->unknown;
}

static void
add_word(struct tokenizer *t, const struct basic_word *word,
    struct tokenizer_ids *ids)
{
	uint64_t key[KEY_WORDS] = { 0 };

	if (word->special >= 0) {
		add_id(ids, t->vocab->special[word->special]);
	} else if (word->too_long) {
		add_id(ids, t->vocab->special[VOCAB_UNK]);
		t->count.words++;
		t->count.unknown++;
	} else if (word->size <= KEY_BYTES) {
		memcpy(key, word->text, word->size);
		add_short(t, key, word->size, ids);
	} else {
		add_long(t, word->text, word->size, ids);
	}
}

/* The high bit of each byte that is an ASCII letter or digit. */
static inline uint64_t
letters(uint64_t x)
{
	uint64_t low = x & 0x7f * ONES, letter = low | 0x20 * ONES;

	letter =
	    (letter + (0x80 - 'a') * ONES) & ~(letter + (0x7f - 'z') * ONES);
	low = (low + (0x80 - '0') * ONES) & ~(low + (0x7f - '9') * ONES);
	return (letter | low) & ~x & HIGHS;
}

static inline size_t
run(uint64_t x)
{
	uint64_t other = letters(x) ^ HIGHS;

	return other != 0 ? (size_t)__builtin_ctzll(other) / 8 : 8;
}

/*
 * The common case without a look at single characters: a word of less than
 * SHORT ASCII letters and digits that white space or punctuation ends, or
 * such punctuation.  At least SHORT bytes must be there.  False where it is
 * something else.
 */
static inline bool
add_ascii(struct tokenizer *t, const char **at, struct tokenizer_ids *ids)
{
	uint64_t key[KEY_WORDS] = { 0 };
	size_t n;

	memcpy(key, *at, SHORT);
	n = run(key[0]);
	if (n == 8)
		n += run(key[1]);
	if (n == SHORT || t->ascii[(unsigned char)(*at)[n]] == LETTER)
		return false;
	if (n == 0) {
		int32_t id = t->ascii[(unsigned char)**at];

		if (id < SPACE)
			return false;
		ids->id[ids->count] = id;
		ids->count += id >= 0;
		t->count.words += id >= 0;
		++*at;
		return true;
	}
	key[0] |= t->fold;
	key[1] |= t->fold;
	if (n < 8) {
		key[0] &= ((uint64_t)1 << 8 * n) - 1;
		key[1] = 0;
	} else {
		key[1] &= ((uint64_t)1 << 8 * (n - 8)) - 1;
	}
	add_short(t, key, n, ids);
	*at += n + ((*at)[n] == ' ');
	return true;
}

/*
 * The last bytes of a text, with room after them, so that nothing is read
 * beyond its end; returns how many were done.
 */
static size_t
add_tail(
    struct tokenizer *t, const char *text, size_t n, struct tokenizer_ids *ids)
{
	char copy[2 * SHORT];
	const char *at = copy;

	memcpy(copy, text, n);
	memset(copy + n, ' ', sizeof(copy) - n);
	while (at < copy + n && add_ascii(t, &at, ids))
		reserve(ids);
	return at < copy + n ? (size_t)(at - copy) : n;
}

/* Ids of a text without added tokens. */
static void
encode_words(
    struct tokenizer *t, const char *text, size_t n, struct tokenizer_ids *ids)
{
	const char *at = text, *end = text + n;
	struct basic_word word;

	for (;;) {
		reserve(ids);
		if (FAST && end - at >= SHORT && add_ascii(t, &at, ids))
			continue;
		if (FAST && end - at < SHORT)
			at += add_tail(t, at, (size_t)(end - at), ids);
		if (!basic_next(t->basic, &at, end, &word))
			return;
		add_word(t, &word, ids);
	}
}

/*
 * Ids of a text whose tokens f finds; what stands between them goes to
 * encode.
 */
static void
encode_parts(struct tokenizer *t, const struct added_finder *f,
    void (*encode)(struct tokenizer *t, const char *text, size_t n,
	struct tokenizer_ids *ids),
    const char *text, size_t n, struct tokenizer_ids *ids)
{
	struct added_cursor c = { text, text, text + n, NULL };
	struct added_part part;

	do {
		part = added_next(f, &c);
		if (part.size > 0)
			encode(t, part.text, part.size, ids);
		if (part.token != NULL) {
			reserve(ids);
			add_id(ids, part.token->id);
		}
	} while (part.token != NULL);
}

/* Ids of a text that has been through the tokens that are not normalized. */
static void
encode_rest(
    struct tokenizer *t, const char *text, size_t n, struct tokenizer_ids *ids)
{
	if (t->again == NULL) {
		encode_words(t, text, n, ids);
		return;
	}
	buf_clear(&t->normal);
	normal_text(&t->normal, text, n, t->rules);
	encode_parts(t->again, t->cutter->normalized, encode_words,
	    t->normal.data, t->normal.size, ids);
}

void
tokenizer_encode(
    struct tokenizer *t, const char *text, size_t n, struct tokenizer_ids *ids)
{
	if (t->cutter == NULL)
		encode_words(t, text, n, ids);
	else if (t->cutter->plain == NULL)
		encode_rest(t, text, n, ids);
	else
		encode_parts(t, t->cutter->plain, encode_rest, text, n, ids);
}
