/* Prediction tables, and what joins them. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/pack.h"
#include "data/pred.h"
#include "score/average.h"
#include "score/contradict.h"
#include "score/softitem.h"
#include "score/softstats.h"
#include "train/soft.h"

static const char *const paths[] = { "a.tsv", "b.tsv" };

static void
write_pack(const char *path, const struct pack_head *h)
{
	static const int32_t tokens[] = { 101, 7, 102, 9, 10, 102 };
	struct pack_writer *w = pack_create(path, h);

	pack_add(w, "a", tokens, 6, 3, 1, 0, false);
	pack_add(w, "\xc3\xa9", tokens, 3, 3, NAN, 0, true);
	pack_add(w, "10", tokens + 1, 1, 0, 0, 1, true);
	pack_commit(w);
}

static void
write_sets(const char *path, const struct pack_head *h)
{
	static const int32_t tokens[] = { 101, 7, 102 };
	static const uint8_t one[] = { 0, 1 };
	struct pack_writer *w = pack_create(path, h);

	pack_add_set(w, "a", tokens, 3, 3, one, false);
	pack_add_set(w, "b", tokens, 3, 3, NULL, false);
	pack_commit(w);
}

void
fuzz_start(void)
{
	char *labels[] = { "no", "yes" };
	struct pack_head h = { .task = "rte",
		.split = "dev",
		.head = "rte",
		.labels = { TASK_CLASSIFICATION, 2, labels },
		.vocab = "00112233445566778899aabbccddeeff"
			 "00112233445566778899aabbccddeeff",
		.max_length = 8 };

	write_pack("p.st", &h);
	h.task = "qnli-rank";
	h.head = "qnli";
	h.labels.type = TASK_RANKING;
	write_pack("q.st", &h);
	h.task = h.head = "tags";
	h.labels.type = TASK_MULTILABEL;
	write_sets("s.st", &h);
}

static void
read_one(void)
{
	struct pred *p = pred_read("a.tsv");

	for (size_t r = 0; r < p->rows; r++) {
		const char *id = pred_id(p, r);

		if (pred_find(p, id, strlen(id)) != r)
			fuzz_wrong("a row is not found by its id");
		for (size_t c = 0; c < p->width; c++)
			if (!isfinite(p->value[r * p->width + c]))
				fuzz_wrong("a number that is not finite");
	}
	pred_free(p);
}

static void
look(size_t count, const struct softitem_gold *gold, FILE *out)
{
	struct softitems *t = softitem_open(paths, count, NULL, gold);

	softstats_print(out, t);
	softitem_rewind(t);
	if (gold->path != NULL) {
		softstats_bins(out, t, 10);
		softitem_rewind(t);
		contradict_print(out, t, gold);
	}
	softitem_close(t);
}

static void
join(size_t count)
{
	struct pack *p[2] = { pack_open("p.st"), pack_open("q.st") };
	struct soft s[2];

	soft_read(s, (const struct pack *const *)p, 2, paths, count, false);
	for (size_t i = 0; i < 2; i++) {
		soft_free(&s[i]);
		pack_close(p[i]);
	}
}

static void
match(const char *path)
{
	struct pred *p = pred_read("a.tsv");
	struct pack *k = pack_open(path);
	size_t *order = mem_alloc(k->rows + 1, sizeof(*order));

	pred_match(order, p, k);
	free(order);
	pack_close(k);
	pred_free(p);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct softitem_gold none = { NULL, NULL }, gold = { "p.st", NULL };
	bool sets = n > 0 && (bytes[0] / 6 & 1) != 0;
	struct fuzz_part part[2] = { { 0 } };
	FILE *out = fuzz_nowhere();
	size_t count;

	if (n < 1)
		return;
	count = fuzz_parts(part, 2, bytes + 1, n - 1);
	for (size_t i = 0; i < count; i++)
		fuzz_put_part(paths[i], &part[i]);
	switch (bytes[0] % 6) {
	case 0:
		read_one();
		break;
	case 1:
		average_tables(out, paths, count, NULL);
		break;
	case 2:
		look(count, &none, out);
		break;
	case 3:
		gold.path = sets ? "s.st" : gold.path;
		look(count, &gold, out);
		break;
	case 4:
		join(count);
		break;
	default:
		match(sets ? "s.st" : count > 1 ? "q.st" : "p.st");
	}
	fclose(out);
}
