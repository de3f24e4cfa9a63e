/*
 * embed: sums of three tables, gradients that meet in one row, gather and
 * scatter.
 */
#include "plain.h"

#include "layer/embed.h"

enum { V = 9, P = 7, S = 2, T = 12, H = 70 };

static const int32_t id[T] = { 2, 5, 5, 8, 3, 2, 5, 3, 2, 0, 1, 8 };
static const int32_t at[T] = { 0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 2, 3 };
static const int32_t side[T] = { 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1 };

static real word[V * H], position[P * H], segment[S * H];
static real y[T * H], r[T * H];

static void
test_forward(void)
{
	static double want[T * H];

	for (size_t t = 0; t < T; t++)
		for (size_t h = 0; h < H; h++)
			want[t * H + h] =
			    (double)word[(size_t)id[t] * H + h] +
			    (double)position[(size_t)at[t] * H + h] +
			    (double)segment[(size_t)side[t] * H + h];
	embed_forward(y, word, position, segment, id, at, side, T, H);
	CHECK_NAMED("sum of three rows", plain_near(y, want, T * H));
}

/* The two other tables alone. */
static void
test_no_segments(void)
{
	static real with[T * H], dword[2][V * H], dposition[2][P * H];
	static real zero[S * H], dsegment[S * H];

	embed_forward(with, word, position, zero, id, at, side, T, H);
	embed_forward(y, word, position, NULL, id, at, side, T, H);
	CHECK_NAMED(
	    "no segments: as if they were 0", memcmp(y, with, sizeof(y)) == 0);
	embed_backward(dword[0], dposition[0], dsegment, r, id, at, side, T, H);
	embed_backward(dword[1], dposition[1], NULL, r, id, at, side, T, H);
	CHECK_NAMED("and the gradients",
	    memcmp(dword[0], dword[1], sizeof(dword[0])) == 0 &&
		memcmp(dposition[0], dposition[1], sizeof(dposition[0])) == 0);
}

static double
objective(void)
{
	embed_forward(y, word, position, segment, id, at, side, T, H);
	return plain_dot(r, y, T * H);
}

/* Everything starts from 1, to see that it is added to. */
static void
test_backward(void)
{
	static real dword[V * H], dposition[P * H], dsegment[S * H];
	double word0 = 1, segment1 = 1;

	for (size_t i = 0; i < V * H; i++)
		dword[i] = 1;
	for (size_t i = 0; i < S * H; i++)
		dsegment[i] = 1;
	embed_backward(dword, dposition, dsegment, r, id, at, side, T, H);
	for (size_t t = 0; t < T; t++) {
		word0 += id[t] == 5 ? (double)r[t * H + 65] : 0;
		segment1 += side[t] == 1 ? (double)r[t * H] : 0;
	}
	CHECK_NEAR(
	    "a word met three times", (double)dword[5 * H + 65], word0, 1e-5);
	CHECK_NEAR("a segment", (double)dsegment[H], segment1, 1e-5);
	CHECK(dword[4 * H] == 1 && dword[6 * H + 3] == 1);
	CHECK(dposition[5 * H] == 0 && dposition[6 * H + 3] == 0);
}

static void
gradients(void)
{
	static real dword[V * H], dposition[P * H], dsegment[S * H];

	embed_backward(dword, dposition, dsegment, r, id, at, side, T, H);
	CHECK_DIRECTION("words", word, dword, V * H, objective());
	CHECK_DIRECTION("positions", position, dposition, P * H, objective());
	CHECK_DIRECTION("segments", segment, dsegment, S * H, objective());
	plain_negate(dsegment, S * H);
	CHECK_DIRECTION_FAILS(
	    "segments, sign turned", segment, dsegment, S * H, objective());
}

static void
test_rows(void)
{
	static const size_t row[3] = { 4, 0, 4 };
	static real out[3 * H], back[T * H];
	bool same = true, added = true;

	embed_gather(out, y, row, 3, H);
	for (size_t h = 0; h < H; h++)
		same &= out[h] == y[4 * H + h] && out[H + h] == y[h] &&
			out[2 * H + h] == y[4 * H + h];
	CHECK_NAMED("gather", same);
	embed_scatter_add(back, out, row, 3, H);
	for (size_t h = 0; h < H; h++)
		added &= back[4 * H + h] == 2 * y[4 * H + h] &&
			 back[h] == y[h] && back[H + h] == 0;
	CHECK_NAMED("scatter adds rows that are named twice", added);
}

int
main(void)
{
	check_random(word, V * H, 1);
	check_random(position, P * H, 2);
	check_random(segment, S * H, 3);
	check_random(r, T * H, 4);
	test_forward();
	test_no_segments();
	test_backward();
	test_rows();
	if (plain_exact())
		gradients();
	else
		check_skip("gradients", "built in single precision");
	return check_done();
}
