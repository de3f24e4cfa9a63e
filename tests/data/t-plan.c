/*
 * The order of training: each row once an epoch, as the seed says, groups
 * whole, shares by size.
 */
#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "data/plan.h"

enum { MOST = 1200 };

/* Packs made here; their tokens do not matter. */
static int64_t starts[3][MOST + 1];
static float label[3][MOST];
static int32_t group[3][MOST];
static struct pack pack[3];
static const struct pack *const packs[3] = { &pack[0], &pack[1], &pack[2] };

/* Rows of 10 tokens, all labelled. */
static void
make(size_t i, size_t rows)
{
	for (size_t r = 0; r < rows; r++) {
		starts[i][r + 1] = 10 * ((int64_t)r + 1);
		label[i][r] = 1;
		group[i][r] = (int32_t)r;
	}
	pack[i] = (struct pack){ .path = "test",
		.rows = rows,
		.starts = starts[i],
		.label = label[i],
		.group = group[i] };
}

static struct plan *
plan_of(size_t count, const struct plan_options *o)
{
	return plan_new(packs, count, NULL, o);
}

/* How often each row of a pack is in an epoch; false if not that often. */
static bool
each(const struct plan_epoch *e, size_t number, size_t times)
{
	size_t seen[MOST] = { 0 };
	bool good = true;

	for (size_t i = 0; i < e->start[e->batches]; i++)
		if (e->rows[i].pack == number)
			seen[e->rows[i].row]++;
	for (size_t r = 0; r < pack[number].rows; r++)
		good &= seen[r] == times;
	return good;
}

static bool
same_rows(const struct plan_epoch *a, const struct plan_epoch *b)
{
	size_t n = a->start[a->batches];

	if (a->batches != b->batches || n != b->start[b->batches])
		return false;
	for (size_t i = 0; i < n; i++)
		if (a->rows[i].pack != b->rows[i].pack ||
		    a->rows[i].row != b->rows[i].row)
			return false;
	return true;
}

/* Is each batch of a also one of b, with its rows in the same order? */
static bool
same_batches(const struct plan_epoch *a, const struct plan_epoch *b)
{
	for (size_t i = 0; i < a->batches; i++) {
		const struct row_ref *x = a->rows + a->start[i];
		size_t n = a->start[i + 1] - a->start[i], k = 0, same = 0;

		while (
		    k < b->batches && (b->rows[b->start[k]].pack != x[0].pack ||
					  b->rows[b->start[k]].row != x[0].row))
			k++;
		if (k == b->batches || b->start[k + 1] - b->start[k] != n)
			return false;
		while (
		    same < n && b->rows[b->start[k] + same].row == x[same].row)
			same++;
		if (same < n)
			return false;
	}
	return true;
}

/* One pack a batch, and at most one short batch a pack. */
static bool
one_task(const struct plan_epoch *e, size_t size)
{
	size_t n_short[3] = { 0 };

	for (size_t k = 0; k < e->batches; k++) {
		size_t first = e->start[k], n = e->start[k + 1] - first;

		if (n == 0 || n > size)
			return false;
		n_short[e->rows[first].pack] += n < size;
		for (size_t i = 1; i < n; i++)
			if (e->rows[first + i].pack != e->rows[first].pack)
				return false;
	}
	return n_short[0] <= 1 && n_short[1] <= 1 && n_short[2] <= 1;
}

static void
test_once(bool mixed, enum plan_shuffle shuffle)
{
	const struct plan_options o = { .batch_size = 8,
		.mixed = mixed,
		.shuffle = shuffle,
		.sampling = 1,
		.seed = 3 };
	struct plan *p;
	struct plan_epoch a, b;

	make(0, 100);
	make(1, 16);
	make(2, 3);
	p = plan_of(3, &o);
	printf("# mixed %d, shuffle %d\n", mixed, (int)shuffle);
	CHECK(p->batches == (mixed ? 15 : 13 + 2 + 1));
	plan_epoch(&a, p, 0);
	plan_epoch(&b, p, 1);
	CHECK_NAMED("each row once",
	    each(&a, 0, 1) && each(&a, 1, 1) && each(&a, 2, 1));
	CHECK_NAMED("and in the next epoch",
	    each(&b, 0, 1) && each(&b, 1, 1) && each(&b, 2, 1));
	CHECK(a.batches == p->batches && a.start[a.batches] == 119);
	CHECK_NAMED("one task a batch", one_task(&a, 8) == !mixed);
	CHECK_NAMED("epochs differ where anything is shuffled",
	    same_rows(&a, &b) == (shuffle == SHUFFLE_NONE));
	if (!mixed)
		CHECK_NAMED("batches stay where rows are shuffled once",
		    same_batches(&a, &b) == (shuffle != SHUFFLE_EPOCH));
	plan_epoch_free(&b);
	plan_epoch(&b, p, 0);
	CHECK_NAMED("the same epoch again", same_rows(&a, &b));
	plan_epoch_free(&a);
	plan_epoch_free(&b);
	plan_free(p);
}

static void
test_file_order(void)
{
	const struct plan_options o = {
		.batch_size = 8, .shuffle = SHUFFLE_NONE, .sampling = 1
	};
	struct plan *p;
	struct plan_epoch e;
	bool good = true;

	make(0, 20);
	make(1, 5);
	p = plan_of(2, &o);
	plan_epoch(&e, p, 0);
	for (size_t i = 0; i < 25; i++)
		good &= e.rows[i].pack == (i >= 20) &&
			e.rows[i].row == (i >= 20 ? i - 20 : i);
	CHECK_NAMED("file order", good);
	CHECK(e.start[3] == 20 && e.start[4] == 25 && e.batches == 4);
	plan_epoch_free(&e);
	plan_free(p);
}

static void
test_seed(bool mixed)
{
	struct plan_options o = {
		.batch_size = 8, .mixed = mixed, .sampling = 1, .seed = 1
	};
	struct plan *p[3];
	struct plan_epoch e[3];

	make(0, 100);
	make(1, 50);
	for (size_t i = 0; i < 3; i++) {
		o.seed = i < 2 ? 1 : 2;
		p[i] = plan_of(2, &o);
		plan_epoch(&e[i], p[i], 2);
	}
	CHECK_NAMED("same seed, same order", same_rows(&e[0], &e[1]));
	CHECK_NAMED("other seed, other order", !same_rows(&e[0], &e[2]));
	CHECK_NAMED("other seed, other batches", !same_batches(&e[0], &e[2]));
	for (size_t i = 0; i < 3; i++) {
		plan_epoch_free(&e[i]);
		plan_free(p[i]);
	}
}

/* Rows are not in file order once shuffled, and both packs differ. */
static void
test_shuffled(void)
{
	const struct plan_options o = {
		.batch_size = 100, .sampling = 1, .seed = 1
	};
	struct plan *p;
	struct plan_epoch e;
	size_t ascending = 0, alike = 0;

	make(0, 100);
	make(1, 100);
	p = plan_of(2, &o);
	plan_epoch(&e, p, 0);
	for (size_t i = 0; i < 99; i++) {
		ascending += e.rows[i].row < e.rows[i + 1].row;
		alike += e.rows[i].row == e.rows[100 + i].row;
	}
	CHECK(ascending > 25 && ascending < 75);
	CHECK_NAMED("packs are shuffled apart", alike < 10);
	plan_epoch_free(&e);
	plan_free(p);
}

/* Groups of 1, 2, 3, 4, 1, ... candidates. */
static void
make_ranking(size_t i, size_t groups)
{
	size_t row = 0;

	make(i, MOST);
	for (size_t g = 0; g < groups; g++)
		for (size_t k = 0; k <= g % 4; k++)
			group[i][row++] = (int32_t)g;
	pack[i].rows = row;
	pack[i].labels.type = TASK_RANKING;
}

static void
test_groups(bool mixed)
{
	const struct plan_options o = {
		.batch_size = 4, .mixed = mixed, .sampling = 1, .seed = 1
	};
	struct plan *p;
	struct plan_epoch e;
	bool whole = true;

	make_ranking(0, 41);
	make(1, 10);
	p = plan_of(2, &o);
	CHECK(p->source[0].units == 41 && p->source[1].units == 10);
	CHECK(p->batches == (mixed ? 13 : 11 + 3));
	plan_epoch(&e, p, 0);
	CHECK_NAMED("each candidate once", each(&e, 0, 1) && each(&e, 1, 1));
	for (size_t k = 0; k < e.batches; k++) {
		size_t units = 0;

		for (size_t i = e.start[k]; i < e.start[k + 1]; i++) {
			struct row_ref r = e.rows[i];
			bool goes_on = r.pack == 0 && r.row > 0 &&
				       group[0][r.row] == group[0][r.row - 1];

			units += !goes_on;
			if (goes_on)
				whole &= i > e.start[k] &&
					 e.rows[i - 1].pack == 0 &&
					 e.rows[i - 1].row == r.row - 1;
		}
		whole &= units >= 1 && units <= 4;
	}
	CHECK_NAMED("groups are whole, four questions a batch", whole);
	plan_epoch_free(&e);
	plan_free(p);
}

static size_t
rows_in(const struct plan_epoch *e, size_t number)
{
	size_t n = 0;

	for (size_t i = 0; i < e->start[e->batches]; i++)
		n += e->rows[i].pack == number;
	return n;
}

/* 100 and 1 batches as their roots: 101 are shared 10 to 1. */
static void
test_sampling(void)
{
	const struct plan_options o = {
		.batch_size = 10, .sampling = 0.5, .seed = 1
	};
	const struct plan_options even = {
		.batch_size = 10, .sampling = 0, .seed = 1
	};
	struct plan *p;
	struct plan_epoch e;
	bool seen[MOST] = { false };
	size_t missing = 0;

	make(0, 1000);
	make(1, 10);
	p = plan_of(2, &o);
	for (size_t epoch = 0; epoch < 2; epoch++) {
		plan_epoch(&e, p, epoch);
		CHECK(rows_in(&e, 0) == 920 && rows_in(&e, 1) == 90);
		CHECK_NAMED("a small pack's rows alike", each(&e, 1, 9));
		for (size_t i = 0; i < e.start[e.batches]; i++)
			if (e.rows[i].pack == 0)
				seen[e.rows[i].row] = true;
		plan_epoch_free(&e);
	}
	for (size_t r = 0; r < 1000; r++)
		missing += !seen[r];
	CHECK_NAMED("what was left out comes in the next epoch", missing == 0);
	plan_free(p);
	p = plan_of(2, &even);
	plan_epoch(&e, p, 0);
	CHECK_NEAR("power 0: both the same", (double)rows_in(&e, 0),
	    (double)rows_in(&e, 1), 10);
	plan_epoch_free(&e);
	plan_free(p);
}

static void
test_sampling_mixed(void)
{
	const struct plan_options o = {
		.batch_size = 10, .mixed = true, .sampling = 0.5, .seed = 1
	};
	struct plan *p;
	struct plan_epoch e;

	make(0, 1000);
	make(1, 10);
	p = plan_of(2, &o);
	plan_epoch(&e, p, 3);
	CHECK(rows_in(&e, 0) == 918 && rows_in(&e, 1) == 92);
	CHECK(p->batches == 101 && e.batches == 101);
	plan_epoch_free(&e);
	plan_free(p);
}

static void
test_left_out(void)
{
	const struct plan_options o = {
		.batch_size = 4, .sampling = 1, .max_length = 10, .seed = 1
	};
	bool use[MOST] = { false };
	const bool *const uses[1] = { use };
	struct plan *p;

	make(0, 20);
	label[0][3] = label[0][7] = label[0][9] = NAN;
	for (size_t r = 12; r <= 20; r++)
		starts[0][r]++; /* row 11 has one token more */
	p = plan_of(1, &o);
	CHECK(p->source[0].units == 16);
	CHECK(p->source[0].unlabelled == 3 && p->source[0].too_long == 1);
	plan_free(p);
	use[7] = true;
	p = plan_new(packs, 1, uses, &o);
	CHECK_NAMED("a soft target is a target", p->source[0].units == 17);
	CHECK(p->source[0].unlabelled == 2);
	plan_free(p);
}

/* A question goes whole, or stays whole while any candidate is labelled. */
static void
test_groups_left_out(void)
{
	const struct plan_options o = {
		.batch_size = 4, .sampling = 1, .max_length = 10, .seed = 1
	};
	struct plan *p;

	make_ranking(0, 8); /* rows 0, 1-2, 3-5, 6-9, 10, 11-12, ... */
	label[0][1] = NAN;
	label[0][3] = label[0][4] = label[0][5] = NAN;
	for (size_t r = 9; r <= pack[0].rows; r++)
		starts[0][r]++; /* row 8 */
	p = plan_of(1, &o);
	CHECK(p->source[0].units == 6);
	CHECK(p->source[0].unlabelled == 3 && p->source[0].too_long == 4);
	plan_free(p);
}

static void
nothing_left(const void *state)
{
	const struct plan_options o = { .batch_size = 4, .sampling = 1 };

	(void)state;
	plan_of(1, &o);
}

int
main(void)
{
	for (int shuffle = 0; shuffle < 3; shuffle++) {
		test_once(false, (enum plan_shuffle)shuffle);
		test_once(true, (enum plan_shuffle)shuffle);
	}
	test_file_order();
	test_seed(false);
	test_seed(true);
	test_shuffled();
	test_groups(false);
	test_groups(true);
	test_sampling();
	test_sampling_mixed();
	test_left_out();
	test_groups_left_out();
	make(0, 2);
	label[0][0] = label[0][1] = NAN;
	CHECK(refused(nothing_left, NULL, "no row to train on"));
	return check_done();
}
