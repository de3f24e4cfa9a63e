/*
 * attention: against a plain one, row by row, over sequences of one token, of
 * a few, and of more than a block of queries, at all tokens or at the first
 * of each alone, with dropout and without; gradients against differences.
 */
#include "plain.h"

#include <stdlib.h>

#include "layer/attention.h"

enum {
	SEQUENCES = 4,
	T = 1 + 9 + 130 + 4,
	LONGEST = 130,
	HEADS = 3,
	D = 5,
	W = HEADS * D,
	WIDE = 3 * W,
	SPAN = 1024
};

static const size_t start[SEQUENCES + 1] = { 0, 1, 10, 140, T };
static const size_t one[SEQUENCES + 1] = { 0, 1, 2, 3, 4 };

/* Queries, keys and values stand in one matrix where all tokens ask. */
static real qkv[T * WIDE], query[SEQUENCES * W];
static real out[T * W], r[T * W], dqkv[T * WIDE], dquery[SEQUENCES * W];
static real *scratch;

struct form {
	bool first_alone, dropout, answer;
};

static struct attention
attention_of(const struct form *f)
{
	struct attention a = { .q = f->first_alone ? query : qkv,
		.k = qkv + W,
		.v = qkv + 2 * W,
		.q_width = f->first_alone ? W : WIDE,
		.kv_width = WIDE,
		.query_start = f->first_alone ? one : start,
		.key_start = start,
		.query_row = f->first_alone ? start : NULL,
		.sequences = SEQUENCES,
		.heads = HEADS,
		.d = D,
		.first = 11,
		.answer = f->answer };

	a.dropout = dropout_make(rng_key(3, 4, 5), f->dropout ? 0.2 : 0);
	return a;
}

static size_t
queries(const struct form *f)
{
	return f->first_alone ? SEQUENCES : T;
}

/* One query of one head: p over the keys of its sequence, then out. */
static void
plain_query(
    double *o, const struct attention *a, size_t s, size_t row, size_t head)
{
	size_t n = a->key_start[s + 1] - a->key_start[s];
	size_t token =
	    a->first + (a->query_row != NULL ? a->query_row[row] : row);
	const real *q = a->q + row * a->q_width + head * D;
	double p[LONGEST], sum = 0;

	for (size_t j = 0; j < n; j++) {
		const real *k =
		    a->k + (a->key_start[s] + j) * a->kv_width + head * D;

		sum += p[j] = exp(plain_dot(q, k, D) / sqrt(D));
	}
	memset(o, 0, D * sizeof(*o));
	for (size_t j = 0; j < n; j++) {
		const real *v =
		    a->v + (a->key_start[s] + j) * a->kv_width + head * D;
		uint32_t at = (uint32_t)((token * HEADS + head) * SPAN + j);

		p[j] /= sum;
		if (a->dropout.threshold > 0)
			p[j] *= (double)dropout_factor(a->dropout, at);
		for (size_t i = 0; i < D; i++)
			o[i] += p[j] * (double)v[i];
	}
}

static void
test_forward(const struct form *f)
{
	struct attention a = attention_of(f);
	static double want[T * W];

	for (size_t s = 0; s < SEQUENCES; s++)
		for (size_t i = a.query_start[s]; i < a.query_start[s + 1]; i++)
			for (size_t head = 0; head < HEADS; head++)
				plain_query(
				    want + i * W + head * D, &a, s, i, head);
	attention_forward(out, PRODUCT_FLOAT32, &a, scratch, LONGEST);
	printf("# first alone %d, dropout %d, answer %d\n", f->first_alone,
	    f->dropout, f->answer);
	CHECK_NAMED(
	    "the plain attention", plain_near(out, want, queries(f) * W));
}

static void
backward(const struct form *f)
{
	struct attention a = attention_of(f);

	for (size_t i = 0; i < T * WIDE; i++)
		dqkv[i] = 0;
	attention_backward(f->first_alone ? dquery : dqkv, dqkv + W,
	    dqkv + 2 * W, PRODUCT_FLOAT32, r, &a, scratch, LONGEST);
}

/* What is kept in bfloat16 is what is not, rounded. */
static void
test_kept(const struct form *f)
{
	struct attention a = attention_of(f);
	static uint16_t kept[T * W], gradient[T * WIDE], first[T * W];
	size_t n = queries(f) * W;

	attention_forward(out, PRODUCT_FLOAT32, &a, scratch, LONGEST);
	attention_forward(kept, PRODUCT_BF16, &a, scratch, LONGEST);
	CHECK_NAMED("kept", plain_rounded(kept, out, n));
	backward(f);
	memset(gradient, 0, sizeof(gradient));
	attention_backward(f->first_alone ? first : gradient, gradient + W,
	    gradient + 2 * W, PRODUCT_BF16, r, &a, scratch, LONGEST);
	CHECK_NAMED("gradients kept", plain_rounded(gradient, dqkv, T * WIDE));
	if (f->first_alone)
		CHECK_NAMED(
		    "and of the queries", plain_rounded(first, dquery, n));
}

static double
objective(const struct form *f)
{
	struct attention a = attention_of(f);

	attention_forward(out, PRODUCT_FLOAT32, &a, scratch, LONGEST);
	return plain_dot(r, out, queries(f) * W);
}

static void
gradients(const struct form *f)
{
	backward(f);
	printf("# first alone %d, dropout %d\n", f->first_alone, f->dropout);
	CHECK_DIRECTION(
	    "queries, keys, values", qkv, dqkv, T * WIDE, objective(f));
	if (f->first_alone)
		CHECK_DIRECTION(
		    "queries", query, dquery, SEQUENCES * W, objective(f));
	/* The keys alone: one third of each row. */
	for (size_t t = 0; t < T; t++)
		plain_negate(dqkv + t * WIDE + W, W);
	CHECK_DIRECTION_FAILS(
	    "keys, sign turned", qkv, dqkv, T * WIDE, objective(f));
}

/* What is asked at [CLS] alone is what all tokens get there. */
static void
test_first(bool dropout, bool answer)
{
	const struct form all = { false, dropout, answer };
	const struct form alone = { true, dropout, answer };
	static real want[T * W];
	double worst = 0;

	objective(&all);
	memcpy(want, out, sizeof(want));
	objective(&alone);
	for (size_t s = 0; s < SEQUENCES; s++)
		for (size_t i = 0; i < W; i++)
			worst =
			    fmax(worst, fabs((double)(out[s * W + i] -
						      want[start[s] * W + i])));
	CHECK_NEAR(
	    "first tokens alone", worst, 0, plain_exact() ? 1e-14 : 1e-6);
}

static void
test_map(void)
{
	const struct form f = { false, true, false };
	struct attention a = attention_of(&f);
	static real p[LONGEST * LONGEST];
	double worst = 0;

	attention_map(p, &a, scratch, 2, 1);
	for (size_t i = 0; i < LONGEST; i++) {
		double sum = 0;

		for (size_t j = 0; j < LONGEST; j++)
			sum += (double)p[i * LONGEST + j];
		worst = fmax(worst, fabs(sum - 1));
	}
	CHECK_NEAR("a map's rows sum to 1, without dropout", worst, 0, 1e-5);
}

/* Masks of dropout, read off one query that finds all keys alike. */
enum {
	LONG = 2 * SPAN + 52, /* keys: three parts */
	ROWS = 2,
	HALF = 1 << 21 /* tokens of two heads, after which positions repeat */
};

/*
 * mask [ROWS,2,n] of the first two queries of one sequence of n tokens, two
 * heads: the values are the unit vectors.
 */
static void
masks(real *mask, size_t n, size_t first)
{
	size_t keys[2] = { 0, n }, asks[2] = { 0, ROWS }, asked[] = { 0, 1 };
	size_t width = 2 * n;
	real *zero = calloc(width, sizeof(*zero));
	real *value = calloc(n * width, sizeof(*value));
	real *work = calloc(attention_scratch(n, n), sizeof(*work));
	struct attention a = { .q = zero,
		.k = value,
		.v = value,
		.kv_width = width,
		.query_start = asks,
		.key_start = keys,
		.query_row = asked,
		.sequences = 1,
		.heads = 2,
		.d = n,
		.dropout = dropout_make(rng_key(3, 4, 5), 0.2),
		.first = first };

	for (size_t j = 0; j < n; j++)
		value[j * width + j] = value[j * width + n + j] = 1;
	attention_forward(mask, PRODUCT_FLOAT32, &a, work, n);
	for (size_t i = 0; i < ROWS * width; i++)
		mask[i] = mask[i] != 0;
	free(work);
	free(value);
	free(zero);
}

static void
test_short_masks(void)
{
	static real mask[ROWS * 2 * SPAN];
	struct dropout d = dropout_make(rng_key(3, 4, 5), 0.2);
	size_t wrong = 0;

	masks(mask, SPAN, 11);
	for (uint32_t i = 0; i < ROWS * 2 * SPAN; i++)
		wrong += (mask[i] != 0) !=
			 (dropout_factor(d, 11 * 2 * SPAN + i) != 0);
	CHECK_NEAR(
	    "rows of 1,024 tokens keep their masks", (double)wrong, 0, 0);
}

/* Do two parts of rows have one mask, as far as the last part reaches? */
static bool
same_mask(const real *a, const real *b)
{
	return memcmp(a, b, (LONG - 2 * SPAN) * sizeof(*a)) == 0;
}

static void
test_long_masks(void)
{
	enum { PARTS = 3, ALL = 2 * ROWS * 2 * PARTS };
	static real mask[2][ROWS * 2 * LONG];
	const real *part[ALL];
	size_t n = 0, same = 0;

	masks(mask[0], LONG, 0);
	masks(mask[1], LONG, HALF);
	for (size_t i = 0; i < 2; i++)
		for (size_t row = 0; row < ROWS * 2; row++)
			for (size_t p = 0; p < PARTS; p++)
				part[n++] = mask[i] + row * LONG + p * SPAN;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			same += same_mask(part[i], part[j]);
	CHECK_NEAR(
	    "longer rows: no two parts share a mask", (double)same, 0, 0);
}

int
main(void)
{
	static const struct form forms[] = { { false, false, false },
		{ false, true, false }, { true, false, false },
		{ true, true, false } };
	static const struct form answers[] = { { false, false, true },
		{ true, false, true } };

	scratch = calloc(attention_scratch(LONGEST, D), sizeof(*scratch));
	if (scratch == NULL)
		return 1;
	check_random(qkv, T * WIDE, 1);
	check_random(r, T * W, 2);
	for (size_t s = 0; s < SEQUENCES; s++)
		memcpy(
		    query + s * W, qkv + start[s] * WIDE, W * sizeof(*query));
	for (size_t i = 0; i < COUNT(forms); i++)
		test_forward(&forms[i]);
	for (size_t i = 0; i < COUNT(forms) && !plain_exact(); i++)
		test_kept(&forms[i]);
	for (size_t i = 0; i < COUNT(answers); i++)
		test_forward(&answers[i]);
	test_first(false, false);
	test_first(true, false);
	test_first(false, true);
	test_map();
	test_short_masks();
	test_long_masks();
	for (size_t i = 0; i < COUNT(forms) && plain_exact(); i++)
		gradients(&forms[i]);
	if (!plain_exact())
		check_skip("gradients", "built in single precision");
	free(scratch);
	return check_done();
}
