/*
 * Batches: rows of several packs side by side, nothing padded, and the same
 * room used again.
 */
#include "check.h"

#include "data/batch.h"

static const int32_t tokens_a[] = { 2, 10, 3, 2, 11, 12, 3, 13, 3 };
static const int64_t starts_a[] = { 0, 3, 9 };
static const int32_t split_a[] = { 3, 4 };
static const float label_a[] = { 1, NAN };
static const int32_t group_a[] = { 0, 1 };
static const int32_t tokens_b[] = { 7 };
static const int64_t starts_b[] = { 0, 1 };
static const int32_t split_b[] = { 0 };
static const float label_b[] = { 4.5f };
static const int32_t group_b[] = { 8 };

static const struct pack a = { .rows = 2,
	.tokens = tokens_a,
	.starts = starts_a,
	.segment_a = split_a,
	.label = label_a,
	.group = group_a };
static const struct pack b = { .rows = 1,
	.tokens = tokens_b,
	.starts = starts_b,
	.segment_a = split_b,
	.label = label_b,
	.group = group_b };
static const struct pack *const packs[] = { &a, &b };

static void
check_three(const struct batch *x)
{
	static const int32_t id[] = { 2, 11, 12, 3, 13, 3, 7, 2, 10, 3 };
	static const int32_t at[] = { 0, 1, 2, 3, 4, 5, 0, 0, 1, 2 };
	static const int32_t segment[] = { 0, 0, 0, 0, 1, 1, 1, 0, 0, 0 };

	CHECK(x->rows == 3 && x->tokens == 10 && x->longest == 6);
	CHECK(memcmp(x->id, id, sizeof(id)) == 0);
	CHECK(memcmp(x->at, at, sizeof(at)) == 0);
	CHECK(memcmp(x->segment, segment, sizeof(segment)) == 0);
	CHECK(x->start[0] == 0 && x->start[1] == 6 && x->start[2] == 7 &&
	      x->start[3] == 10);
	CHECK(x->one[0] == 0 && x->one[1] == 1 && x->one[2] == 2 &&
	      x->one[3] == 3);
	CHECK(x->from[1].pack == 1 && x->from[1].row == 0 &&
	      x->from[2].pack == 0 && x->from[2].row == 0);
	CHECK(isnan(x->label[0]) && x->label[1] == 4.5f && x->label[2] == 1);
	CHECK(x->group[0] == 1 && x->group[1] == 8 && x->group[2] == 0);
	CHECK(x->first_token == 0 && x->first_row == 0);
}

static void
test_fill(void)
{
	static const struct row_ref rows[] = { { 0, 1 }, { 1, 0 }, { 0, 0 } };
	struct batch x = { 0 };

	batch_fill(&x, packs, rows, 3);
	check_three(&x);
	batch_fill(&x, packs, rows + 1, 1);
	CHECK(x.rows == 1 && x.tokens == 1 && x.longest == 1);
	x.first_token = 5;
	x.first_row = 6;
	batch_fill(&x, packs, rows, 3);
	check_three(&x);
	batch_free(&x);
	CHECK(x.rows == 0 && x.id == NULL);
}

/* Many rows: the room grows and nothing is lost. */
static void
test_grow(void)
{
	struct batch x = { 0 };
	bool good = true;

	batch_clear(&x);
	for (int32_t i = 0; i < 1000; i++) {
		int32_t token[3] = { i, i + 1, i + 2 };

		batch_add(&x, token, (size_t)i % 3 + 1, 1);
	}
	CHECK(x.rows == 1000 && x.longest == 3 && x.start[1000] == x.tokens);
	for (size_t i = 0; i < 1000; i++)
		good &= x.id[x.start[i]] == (int32_t)i && isnan(x.label[i]) &&
			x.start[i + 1] - x.start[i] == i % 3 + 1 &&
			x.one[i] == i;
	CHECK_NAMED("a thousand rows", good);
	batch_clear(&x);
	CHECK(x.rows == 0 && x.tokens == 0 && x.longest == 0);
	batch_free(&x);
}

int
main(void)
{
	test_fill();
	test_grow();
	return check_done();
}
