#include "corpus/tokenizer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/basic.h"
#include "corpus/wordpiece.h"

#define KEY_WORDS 4
#define KEY_BYTES (8 * KEY_WORDS)
#define SLOT_IDS 7
#define SLOTS (1 << 14)

/* What became of a word, in one cache line.  size 0: empty. */
struct slot {
	uint64_t key[KEY_WORDS]; /* the word, zeros after it */
	int32_t id[SLOT_IDS];
	uint8_t size, count;
};

struct tokenizer {
	const struct vocab *vocab;
	struct wordpiece *own; /* NULL: another tokenizer's */
	const struct wordpiece *pieces;
	struct basic *basic;
	struct slot *slot; /* [SLOTS] */
	int32_t alone[128]; /* ids of ASCII punctuation, else -1 */
	struct tokenizer_count count;
};

static struct tokenizer *
create(const struct vocab *v, const struct wordpiece *pieces)
{
	struct tokenizer *t = mem_zero(1, sizeof(*t));

	t->vocab = v;
	t->pieces = pieces;
	t->basic = basic_new(v->rules);
	t->slot = mem_align(SLOTS, sizeof(*t->slot));
	return t;
}

struct tokenizer *
tokenizer_new(const struct vocab *v)
{
	struct wordpiece *pieces = wordpiece_new(v);
	struct tokenizer *t = create(v, pieces);

	t->own = pieces;
	return t;
}

struct tokenizer *
tokenizer_twin(const struct tokenizer *t)
{
	return create(t->vocab, t->pieces);
}

void
tokenizer_free(struct tokenizer *t)
{
	if (t->own != NULL)
		wordpiece_free(t->own);
	basic_free(t->basic);
	free(t->slot);
	free(t);
}

struct tokenizer_count
tokenizer_counted(const struct tokenizer *t)
{
	return t->count;
}

static inline void
reserve(struct tokenizer_ids *ids)
{
	if (ids->room - ids->count < WORDPIECE_POINTS + SLOT_IDS)
		ids->id = mem_grow(ids->id, &ids->room,
		    ids->count + WORDPIECE_POINTS + SLOT_IDS,
		    sizeof(*ids->id));
}

static void
add_word(struct tokenizer *t, const struct basic_word *word,
    struct tokenizer_ids *ids)
{
	size_t n;

	if (word->special >= 0) {
		ids->id[ids->count++] = t->vocab->special[word->special];
		return;
	}
	t->count.words++;
	n = word->too_long ? 0 : wordpiece_cut(t->pieces, word->text,
	    word->size, ids->id + ids->count);
	if (n == 0) {
		t->count.unknown++;
		ids->id[ids->count] = t->vocab->special[VOCAB_UNK];
		n = 1;
	}
	ids->count += n;
}

void
tokenizer_encode(struct tokenizer *t, const char *text, size_t n,
    struct tokenizer_ids *ids)
{
	const char *at = text, *end = text + n;
	struct basic_word word;

	reserve(ids);
	while (basic_next(t->basic, &at, end, &word)) {
		add_word(t, &word, ids);
		reserve(ids);
	}
}
