/*
 * Sequences of documents and their masks: nothing lost, nothing padded, the
 * shares of BERT, and all of it a function of seed, epoch and sequence.
 */
#include "check.h"
#include "refused.h"

#include <stdlib.h>

#include "base/mem.h"
#include "data/masked.h"

enum { PIECES = 200, CLS = 2, SEP = 3, MASK = 4, FIRST = 5 };

/* Every third piece continues a word. */
static struct vocab *
make_vocab(void)
{
	char text[PIECES * 16] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
	size_t n = strlen(text);

	for (size_t i = FIRST; i < PIECES; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%sw%zu\n",
		    i % 3 == 0 ? "##" : "", i);
	put_text_file("vocab.txt", text);
	return vocab_read("vocab.txt", false);
}

/* Documents of 1, 2, 17, 300 and 41 ids. */
static void
make_documents(struct documents *d)
{
	static const size_t lengths[] = { 1, 2, 17, 300, 41 };
	struct rng r = rng_key(3, 3, 3);
	size_t n = 0;

	*d = (struct documents){ .count = COUNT(lengths) };
	d->text.id = mem_alloc(361, sizeof(*d->text.id));
	d->start = mem_alloc(COUNT(lengths) + 1, sizeof(*d->start));
	for (size_t i = 0; i < COUNT(lengths); i++) {
		d->start[i] = n;
		for (size_t k = 0; k < lengths[i]; k++, n++)
			d->text.id[n] =
			    FIRST + (int32_t)rng_below(r, n, PIECES - FIRST);
	}
	d->start[COUNT(lengths)] = d->text.count = n;
}

/* What stood in the batch before it was masked, in want's place. */
static void
unmask(int32_t *id, const struct masked_batch *b)
{
	memcpy(id, b->b.id, b->b.tokens * sizeof(*id));
	for (size_t i = 0; i < b->reads; i++)
		if (b->want[i] >= 0)
			id[b->token[i]] = b->want[i];
}

static void
fill_all(struct masked_batch *b, struct masked *m, size_t epoch)
{
	size_t n = masked_sequences(m), *order = mem_alloc(n, sizeof(*order));

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	masked_fill(b, m, order, n, epoch);
	free(order);
}

/* In order, the rows without [CLS] and [SEP] are the text. */
static void
test_cover(const struct documents *d, const struct vocab *v, bool pairs)
{
	struct masked_options o = {
		.max_length = 20, .rate = 0.15, .pairs = pairs, .seed = 1
	};
	struct masked *m = masked_new(d, v, &o);
	struct masked_batch b = { 0 };
	size_t at = 0, apart = 0, firsts = 0;
	bool same = true, shaped = true;
	int32_t *id;

	fill_all(&b, m, 0);
	id = mem_alloc(b.b.tokens, sizeof(*id));
	unmask(id, &b);
	for (size_t i = 0; i < b.b.rows; i++) {
		size_t t = b.b.start[i], end = b.b.start[i + 1];

		shaped &= end - t <= 20 && id[t] == CLS && id[end - 1] == SEP;
		shaped &= b.token[b.start[i]] == t && b.want[b.start[i]] == -1;
		firsts += b.want[b.start[i]] == -1;
		apart += b.apart[i];
		for (; t < end && !b.apart[i]; t++)
			if (id[t] != CLS && id[t] != SEP)
				same &= id[t] == d->text.id[at++];
		if (b.apart[i])
			at = (size_t)-1; /* the rest cannot be compared */
		if (at == (size_t)-1)
			break;
	}
	CHECK_NAMED("[CLS] ... [SEP], short enough", shaped);
	if (!pairs) {
		CHECK_NAMED("all ids in their order",
		    same && at == d->text.count && apart == 0);
		CHECK(b.b.tokens == masked_tokens(m));
		/* 1, 1, 1, 17 and 3 sequences: the fewest that hold them. */
		CHECK(masked_sequences(m) == 1 + 1 + 1 + 17 + 3 &&
		      firsts == 23 && b.start[23] == b.reads);
	}
	free(id);
	masked_batch_free(&b);
	masked_free(m);
}

/* Over many epochs: how often something is asked for and how it is hidden. */
static void
test_shares(const struct documents *d, const struct vocab *v)
{
	struct masked_options o = {
		.max_length = 130, .rate = 0.15, .seed = 2
	};
	struct masked *m = masked_new(d, v, &o);
	struct masked_batch b = { 0 };
	size_t asked = 0, masked = 0, kept = 0;
	bool exact = true, ordered = true;

	for (size_t epoch = 0; epoch < 200; epoch++) {
		fill_all(&b, m, epoch);
		for (size_t i = 0; i < b.b.rows; i++) {
			size_t n = b.b.start[i + 1] - b.b.start[i] - 2;
			double want = fmax(1, floor(0.15 * (double)n + 0.5));

			exact &=
			    (double)(b.start[i + 1] - b.start[i] - 1) == want;
		}
		for (size_t i = 0; i < b.reads; i++) {
			int32_t now = b.b.id[b.token[i]];

			ordered &= i == 0 || b.token[i] > b.token[i - 1];
			if (b.want[i] < 0)
				continue;
			asked++;
			masked += now == MASK;
			kept += now == b.want[i];
		}
	}
	CHECK_NAMED("the share of a sequence, at least one", exact);
	CHECK_NAMED("in the order of the batch", ordered);
	CHECK_NEAR(
	    "[MASK]", (double)masked / (double)asked, 0.8 + 0.1 / PIECES, 0.01);
	CHECK_NEAR(
	    "kept", (double)kept / (double)asked, 0.1 + 0.1 / PIECES, 0.01);
	masked_batch_free(&b);
	masked_free(m);
}

static void
test_words(const struct documents *d, const struct vocab *v)
{
	struct masked_options o = {
		.max_length = 130, .rate = 0.15, .whole_word = true, .seed = 2
	};
	struct masked *m = masked_new(d, v, &o);
	struct masked_batch b = { 0 };
	bool whole = true;
	size_t asked = 0;

	fill_all(&b, m, 0);
	for (size_t i = 0; i < b.reads; i++) {
		size_t t = b.token[i];
		int32_t *id = mem_alloc(b.b.tokens, sizeof(*id));

		unmask(id, &b);
		if (b.want[i] >= 0) {
			asked++;
			if (b.want[i] % 3 == 0 && id[t - 1] != CLS)
				whole &= i > 0 && b.token[i - 1] == t - 1 &&
					 b.want[i - 1] >= 0;
			if (id[t + 1] % 3 == 0 && id[t + 1] >= FIRST)
				whole &=
				    i + 1 < b.reads && b.token[i + 1] == t + 1;
		}
		free(id);
	}
	CHECK_NAMED("words whole", whole && asked > 30);
	masked_batch_free(&b);
	masked_free(m);
}

static void
test_pairs(const struct documents *d, const struct vocab *v)
{
	struct masked_options o = {
		.max_length = 40, .rate = 0.15, .pairs = true, .seed = 2
	};
	struct masked *m = masked_new(d, v, &o);
	struct masked_batch b = { 0 };
	size_t apart = 0, rows = 0;
	bool sides = true;

	for (size_t epoch = 0; epoch < 100; epoch++) {
		int32_t *id;

		fill_all(&b, m, epoch);
		id = mem_alloc(b.b.tokens, sizeof(*id));
		unmask(id, &b);
		for (size_t i = 0; i < b.b.rows; i++) {
			size_t seps = 0, t = b.b.start[i];

			for (; t < b.b.start[i + 1]; t++) {
				sides &= (b.b.segment[t] == 1) == (seps > 0);
				seps += id[t] == SEP;
			}
			sides &= seps == 1 || seps == 2;
			rows += seps == 2;
			apart += b.apart[i];
		}
		free(id);
	}
	CHECK_NAMED("segments", sides);
	CHECK_NEAR("half are apart", (double)apart / (double)rows, 0.5, 0.04);
	masked_batch_free(&b);
	masked_free(m);
}

static bool
same_batches(const struct masked_batch *a, const struct masked_batch *b)
{
	return a->b.tokens == b->b.tokens && a->reads == b->reads &&
	       memcmp(a->b.id, b->b.id, a->b.tokens * sizeof(int32_t)) == 0 &&
	       memcmp(a->want, b->want, a->reads * sizeof(int32_t)) == 0;
}

/* A sequence is masked alike wherever it stands; epochs and seeds differ. */
static void
test_function(const struct documents *d, const struct vocab *v)
{
	struct masked_options o = {
		.max_length = 130, .rate = 0.15, .seed = 2
	};
	struct masked *m = masked_new(d, v, &o), *other;
	struct masked_batch a = { 0 }, b = { 0 };
	size_t two[] = { 0, 4 }, one[] = { 4 }, order[8], again[8];

	masked_fill(&a, m, two, 2, 7);
	masked_fill(&b, m, one, 1, 7);
	CHECK_NAMED(
	    "wherever it stands", memcmp(a.b.id + a.b.start[1], b.b.id,
				      b.b.tokens * sizeof(int32_t)) == 0);
	masked_fill(&a, m, one, 1, 7);
	CHECK(same_batches(&a, &b));
	masked_fill(&a, m, one, 1, 8);
	CHECK_NAMED("another epoch", !same_batches(&a, &b));
	o.seed = 3;
	other = masked_new(d, v, &o);
	masked_fill(&a, other, one, 1, 7);
	CHECK_NAMED("another seed", !same_batches(&a, &b));
	CHECK(masked_sequences(m) <= COUNT(order));
	masked_order(m, order, 0);
	masked_order(m, again, 1);
	CHECK_NAMED("another order each epoch",
	    memcmp(order, again, masked_sequences(m) * sizeof(*order)) != 0);
	masked_batch_free(&a);
	masked_batch_free(&b);
	masked_free(m);
	masked_free(other);
}

static void
read_nothing(const void *tokenizer)
{
	struct documents d = { 0 };

	documents_read(
	    &d, (struct tokenizer *)(uintptr_t)tokenizer, "none.txt");
}

/* Blank lines part documents; so does the end of a file. */
static void
test_documents(const struct vocab *v)
{
	struct tokenizer *t = tokenizer_new(v);
	struct documents d = { 0 };

	put_text_file("a.txt", "\n\nw5 w7\nw8\n \t\n\nw10\n");
	put_text_file("b.txt", "w11\n");
	put_text_file("none.txt", "\n\1\n");
	documents_read(&d, t, "a.txt");
	documents_read(&d, t, "b.txt");
	CHECK(d.count == 3 && d.start[1] == 3 && d.start[2] == 4 &&
	      d.start[3] == 5 && d.text.count == 5);
	CHECK(refused(read_nothing, t, "none.txt: no word to learn from"));
	CHECK(d.text.id[2] == 8 && d.text.id[4] == 11);
	documents_free(&d);
	tokenizer_free(t);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt", "a.txt", "b.txt",
		"none.txt" };
	char folder[] = "/tmp/mtkd-masked-XXXXXX";
	struct documents d;
	struct vocab *v;

	own_folder(folder);
	v = make_vocab();
	make_documents(&d);
	test_cover(&d, v, false);
	test_cover(&d, v, true);
	test_shares(&d, v);
	test_words(&d, v);
	test_pairs(&d, v);
	test_function(&d, v);
	test_documents(v);
	documents_free(&d);
	vocab_free(v);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
