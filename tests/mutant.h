/*
 * Damaged files for readers that must refuse or read them, and never crash.
 */
#ifndef MUTANT_H
#define MUTANT_H

#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"

enum { MUTANT_PIECE = 40, MUTANT_ROOM = 1000 };

struct mutant {
	char *bytes; /* room for MUTANT_ROOM more than there are at first */
	size_t size;
	struct rng rng;
	uint64_t drawn;
};

/* What is done to the bytes, and who reads them. */
struct mutation {
	const char *const *words; /* that mean something to the reader */
	size_t word_count;
	size_t piece; /* cut out or copied at most, MUTANT_PIECE the most */
	void (*own)(struct mutant *m, size_t at); /* one more way; size > 0 */
	void (*put)(const struct mutant *m);	  /* make a file of it */
	void (*read)(const void *state);
	const void *state;
};

static inline size_t
mutant_below(struct mutant *m, size_t n)
{
	return (size_t)rng_below(m->rng, m->drawn++, n > 0 ? n : 1);
}

static inline void
mutant_put(struct mutant *m, size_t at, const char *bytes, size_t n)
{
	memmove(m->bytes + at + n, m->bytes + at, m->size - at);
	memcpy(m->bytes + at, bytes, n);
	m->size += n;
}

static inline void
mutant_cut(struct mutant *m, size_t at, size_t n)
{
	memmove(m->bytes + at, m->bytes + at + n, m->size - at - n);
	m->size -= n;
}

static inline void
mutate(struct mutant *m, const struct mutation *how)
{
	size_t at = mutant_below(m, m->size), left = m->size - at;
	size_t n = mutant_below(m, left < how->piece ? left : how->piece);
	char copy[MUTANT_PIECE];
	const char *word;

	switch (m->size == 0 ? 4 : mutant_below(m, 6)) {
	case 0:
		m->bytes[at] ^= (char)(1 << mutant_below(m, 8));
		break;
	case 1:
		m->bytes[at] = (char)mutant_below(m, 256);
		break;
	case 2:
		mutant_cut(m, at, n);
		break;
	case 3:
		memcpy(copy, m->bytes + at, n);
		mutant_put(m, mutant_below(m, m->size), copy, n);
		break;
	case 4:
		word = how->words[mutant_below(m, how->word_count)];
		mutant_put(m, at, word, strlen(word));
		break;
	default:
		how->own(m, at);
	}
}

/* How many of count mutants of n bytes crash the reader. */
static inline size_t
mutant_crashes(const struct mutation *how, const char *bytes, size_t n,
    size_t count, uint64_t seed)
{
	size_t bad = 0, taken = 0;
	char message[2000];

	for (size_t i = 0; i < count; i++) {
		struct mutant m = { mem_zero(n + MUTANT_ROOM, 1), n,
			rng_key(seed, 0, i), 0 };
		int status;

		memcpy(m.bytes, bytes, n);
		for (size_t k = mutant_below(&m, 4) + 1; k > 0; k--)
			mutate(&m, how);
		how->put(&m);
		free(m.bytes);
		status = refused_status(
		    how->read, how->state, message, sizeof(message));
		taken += status == 0;
		if (status == 0 ||
		    (status == 1 && strncmp(message, "mtkd: ", 6) == 0))
			continue;
		printf("# mutant %zu, seed %llu: status %d, %s\n", i,
		    (unsigned long long)seed, status, message);
		bad++;
	}
	printf("# %zu of %zu mutants were read\n", taken, count);
	return bad;
}

/* [COUNT [SEED]] of a command line; false if they are no numbers. */
static inline bool
mutant_options(int argc, char **argv, long long *count, long long *seed)
{
	return (argc < 2 || num_int(argv[1], 1, 1000000000, count)) &&
	       (argc < 3 || num_int(argv[2], 0, 1000000000, seed));
}

#endif
