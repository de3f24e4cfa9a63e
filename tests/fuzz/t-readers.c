/*
 * Mutated tensor files, packs and prediction tables: each is read or refused
 * with one message; nothing crashes.
 *
 * usage: t-readers [COUNT [SEED]]
 */
#include "check.h"
#include "refused.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "data/pack.h"
#include "data/pred.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const files[] = { "seed.st", "seed.tsv", "mutant" };

/* --- the readers --- */

static void
read_tensors(const void *path)
{
	struct st *s = st_open(path);
	double sum = 0, block[16];

	st_check(s);
	for (size_t i = 0; i < st_count(s); i++) {
		const struct st_tensor *t = st_at(s, i);

		for (size_t k = 0; k < t->count; k += 16) {
			size_t n = t->count - k < 16 ? t->count - k : 16;

			st_get_double(block, t, k, n);
			sum += block[n - 1];
		}
		if (st_find(s, t->name) != t)
			abort();
	}
	if (sum > 1e300)
		printf("#\n");
	if (st_meta(s, "mtkd") == NULL)
		st_close(s);
	else
		pack_close(pack_take(s));
}

static void
read_table(const void *path)
{
	struct pred *p = pred_read(path);

	for (size_t r = 0; r < p->rows; r++) {
		const char *id = pred_id(p, r);

		if (pred_find(p, id, strlen(id)) != r)
			abort();
	}
	pred_free(p);
}

/* --- the seeds --- */

static void
write_tensors(void)
{
	static const float x[6] = { 1, 2, 3, 4, 5, 6 };
	struct st_writer *w = st_create("seed.st");

	st_put_meta(w, "format", "pt");
	st_add(w, "a.weight", ST_F32, 2, (size_t[]){ 2, 3 }, x);
	st_add(w, "b", ST_U8, 1, (size_t[]){ 5 }, x);
	st_add(w, "c", ST_BF16, 0, NULL, x);
	st_commit(w);
}

static void
write_pack(void)
{
	static const char *const labels[] = { "no", "yes" };
	static const int32_t tokens[] = { 101, 7, 102, 9, 10, 102 };
	struct pack_head h = { "rte", "train", "rte", TASK_RANKING, 2, labels,
		VOCAB, false, false, 8, 0, NULL };
	struct pack_writer *w = pack_create("seed.st", &h);

	pack_add(w, "a", tokens, 6, 3, 1, 0, false);
	pack_add(w, "bc", tokens, 3, 3, NAN, 0, true);
	pack_add(w, "10", tokens + 1, 1, 0, 0, 1, true);
	pack_commit(w);
}

static void
write_classes(void)
{
	put_text_file("seed.tsv",
	    "#mtkd pred 1 task=rte split=dev type=classification members=2\n"
	    "id\tno\tyes\na\t0.25\t0.75\n\xc3\xa9\t1\t0\n10\t1e-3\t0.999\n");
}

static void
write_ranking(void)
{
	put_text_file("seed.tsv",
	    "#mtkd soft 1 type=ranking members=2\nid\tscore\tgroup\n"
	    "0\t0.25\tq\n1\t0.75\tq\n2\t1\tr\n");
}

/* --- mutation --- */

struct mutant {
	char *bytes; /* twice as many as there are at first */
	size_t size;
	struct rng rng;
	uint64_t drawn;
};

static size_t
below(struct mutant *m, size_t n)
{
	return (size_t)rng_below(m->rng, m->drawn++, n > 0 ? n : 1);
}

static void
cut_out(struct mutant *m, size_t at, size_t n)
{
	memmove(m->bytes + at, m->bytes + at + n, m->size - at - n);
	m->size -= n;
}

static void
put_in(struct mutant *m, size_t at, const char *bytes, size_t n)
{
	memmove(m->bytes + at + n, m->bytes + at, m->size - at);
	memcpy(m->bytes + at, bytes, n);
	m->size += n;
}

/* Bytes that mean something to one of the readers. */
static void
put_word(struct mutant *m, size_t at)
{
	static const char *const words[] = { "\"", "{", "}", "[", "]", ",", ":",
		"0", "-1", "18446744073709551615", "4294967296", "1e9", "\t",
		"\n", "\r", "#", "nan", "inf", ".", "\\u0000", "\\ud800",
		"\xff", "\xc3", "id", "score", "group", "F64", "null", " " };
	const char *word = words[below(m, sizeof(words) / sizeof(words[0]))];

	put_in(m, at, word, strlen(word));
}

static void
mutate_once(struct mutant *m)
{
	size_t at = below(m, m->size), left = m->size - at;
	size_t n = below(m, left < 12 ? left : 12);
	char copy[12];

	switch (m->size == 0 ? 4 : below(m, 7)) {
	case 0:
		m->bytes[at] ^= (char)(1 << below(m, 8));
		break;
	case 1:
		m->bytes[at] = (char)below(m, 256);
		break;
	case 2:
		cut_out(m, at, n);
		break;
	case 3:
		memcpy(copy, m->bytes + at, n);
		put_in(m, below(m, m->size), copy, n);
		break;
	case 4:
		put_word(m, at);
		break;
	case 5: /* the length of a tensor file's header */
		if (m->size > 8)
			m->bytes[below(m, 8)] += (char)(below(m, 9) - 4);
		break;
	default: /* a digit */
		for (; at < m->size; at++)
			if (m->bytes[at] >= '0' && m->bytes[at] <= '9') {
				m->bytes[at] = (char)('0' + below(m, 10));
				break;
			}
	}
}

/* So that what the checksums would refuse is read at all. */
static void
without_checksums(char *bytes, size_t n)
{
	for (size_t i = 0; i + 5 < n; i++)
		if (memcmp(bytes + i, "crc32\"", 6) == 0)
			bytes[i] = 'x';
}

/* How many of count mutants of a file crash the reader. */
static size_t
crashes(const char *seed_file, void (*reader)(const void *path), size_t count,
    uint64_t seed)
{
	size_t n, bad = 0, taken = 0;
	char *bytes = file_slurp(seed_file, &n), message[2000];

	without_checksums(bytes, n);
	for (size_t i = 0; i < count; i++) {
		struct mutant m = { mem_zero(n + 1000, 1), n,
			rng_key(seed, 0, i), 0 };
		int status;

		memcpy(m.bytes, bytes, n);
		for (size_t k = below(&m, 4) + 1; k > 0; k--)
			mutate_once(&m);
		put_file("mutant", m.bytes, m.size);
		free(m.bytes);
		status =
		    refused_status(reader, "mutant", message, sizeof(message));
		taken += status == 0;
		if (status == 0 ||
		    (status == 1 && strncmp(message, "mtkd: ", 6) == 0))
			continue;
		printf("# mutant %zu, seed %llu: status %d, %s\n", i,
		    (unsigned long long)seed, status, message);
		bad++;
	}
	printf("# %zu of %zu mutants were read\n", taken, count);
	free(bytes);
	return bad;
}

int
main(int argc, char **argv)
{
	char folder[] = "/tmp/t-readers.XXXXXX";
	long long count = 400, seed = 1;

	if (argc > 1 && !num_int(argv[1], 1, 1000000000, &count))
		return 2;
	if (argc > 2 && !num_int(argv[2], 0, 1000000000, &seed))
		return 2;
	own_folder(folder);
	write_tensors();
	CHECK_NAMED("no mutant of a tensor file crashes",
	    crashes("seed.st", read_tensors, (size_t)count, (uint64_t)seed) ==
		0);
	write_pack();
	CHECK_NAMED("no mutant of a pack crashes",
	    crashes("seed.st", read_tensors, (size_t)count, (uint64_t)seed) ==
		0);
	write_classes();
	CHECK_NAMED("no mutant of a table of classes crashes",
	    crashes("seed.tsv", read_table, (size_t)count, (uint64_t)seed) ==
		0);
	write_ranking();
	CHECK_NAMED("no mutant of a ranking table crashes",
	    crashes("seed.tsv", read_table, (size_t)count, (uint64_t)seed) ==
		0);
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
