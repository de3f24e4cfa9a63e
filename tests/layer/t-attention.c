/*
 * attention: against a plain one, row by row, over sequences of one token, of
 * a few, and of more than a block of queries, at all tokens or at the first
 * of each alone, with dropout and without; gradients against differences.
 */
#include "plain.h"

#include <stdlib.h>

#include "layer/attention.h"
#include "layer/blas.h"

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
	bool first_alone, dropout;
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
		.first = 11 };

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
	attention_forward(out, &a, scratch, LONGEST);
	printf("# first alone %d, dropout %d\n", f->first_alone, f->dropout);
	CHECK_NAMED(
	    "the plain attention", plain_near(out, want, queries(f) * W));
}

static double
objective(const struct form *f)
{
	struct attention a = attention_of(f);

	attention_forward(out, &a, scratch, LONGEST);
	return plain_dot(r, out, queries(f) * W);
}

static void
backward(const struct form *f)
{
	struct attention a = attention_of(f);

	for (size_t i = 0; i < T * WIDE; i++)
		dqkv[i] = 0;
	attention_backward(f->first_alone ? dquery : dqkv, dqkv + W,
	    dqkv + 2 * W, r, &a, scratch, LONGEST);
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
test_first(bool dropout)
{
	const struct form all = { false, dropout }, alone = { true, dropout };
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
	const struct form f = { false, true };
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

int
main(void)
{
	static const struct form forms[] = { { false, false }, { false, true },
		{ true, false }, { true, true } };

	blas_start();
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
	test_first(false);
	test_first(true);
	test_map();
	for (size_t i = 0; i < COUNT(forms) && plain_exact(); i++)
		gradients(&forms[i]);
	if (!plain_exact())
		check_skip("gradients", "built in single precision");
	free(scratch);
	return check_done();
}
