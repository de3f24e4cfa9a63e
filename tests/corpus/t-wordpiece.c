/* The double array against a search through all pieces. */
#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "corpus/vocab.h"
#include "corpus/wordpiece.h"

/* The plain twin: at each place try every piece. */
static size_t
cut_plainly(const struct vocab *v, const char *word, size_t n, int32_t *ids)
{
	size_t count = 0, at = 0;

	while (at < n) {
		size_t best = 0;

		for (size_t i = 0; i < v->size; i++) {
			const char *piece = v->piece[i];
			size_t size = strlen(piece);

			if (at > 0) {
				if (size < 3 || memcmp(piece, "##", 2) != 0)
					continue;
				piece += 2;
				size -= 2;
			}
			if (size >= best && size > 0 && size <= n - at &&
			    memcmp(word + at, piece, size) == 0) {
				best = size;
				ids[count] = (int32_t)i;
			}
		}
		if (best == 0)
			return 0;
		at += best;
		count++;
	}
	return count;
}

static void
make_word(char *word, size_t n, struct rng r, uint64_t at, unsigned letters)
{
	for (size_t i = 0; i < n; i++)
		word[i] = (char)('a' + rng_below(r, at * 64 + i, letters));
	word[n] = '\0';
}

/* Random pieces of few letters, so that words are cut in many ways. */
static struct vocab *
make_vocab(size_t size, struct rng r)
{
	struct vocab *v = mem_zero(1, sizeof(*v));

	v->lines = v->size = size;
	v->piece = mem_zero(size, sizeof(*v->piece));
	v->text = mem_zero(size, 16);
	for (size_t i = 0; i < size; i++) {
		char *text = v->text + i * 16;
		bool inside = rng_below(r, i * 3, 2) == 0;

		memcpy(text, "##", 2);
		make_word(text + (inside ? 2 : 0),
		    (size_t)rng_below(r, i * 3 + 1, 6), r, 1000 + i, 3);
		v->piece[i] = text;
	}
	return v;
}

static bool
check_words(const struct vocab *v, const struct wordpiece *w, struct rng r,
    size_t *known)
{
	int32_t got[WORDPIECE_POINTS], want[WORDPIECE_POINTS];
	char word[32];

	for (size_t i = 0; i < 2000; i++) {
		size_t n = 1 + (size_t)rng_below(r, i, 20), count;

		make_word(word, n, r, 100000 + i, 3);
		count = cut_plainly(v, word, n, want);
		if (wordpiece_cut(w, word, n, got) != count ||
		    memcmp(got, want, count * sizeof(got[0])) != 0)
			return false;
		*known += count > 0;
	}
	return true;
}

int
main(void)
{
	size_t known = 0;

	for (unsigned seed = 0; seed < 5; seed++) {
		struct rng r = rng_key(seed, 1, 0);
		struct vocab *v = make_vocab(20 + 60 * seed, r);
		struct wordpiece *w = wordpiece_new(v);

		CHECK_NAMED("the trie finds what a search finds",
		    check_words(v, w, r, &known));
		wordpiece_free(w);
		vocab_free(v);
	}
	CHECK(known > 1000);
	CHECK(known < 9990);
	return check_done();
}
