#include "layer/attention.h"

#include <omp.h>

#include "layer/blas.h"
#include "layer/softmax.h"

enum { QUERIES = 64 }; /* rows of probabilities held at a time */

/* A position's stride for one row of probabilities: longer than any row. */
enum { SPAN = 1 << 10 };

static size_t
block_size(size_t longest)
{
	/* whole cache lines, so that threads do not share one */
	return (QUERIES * longest + 15) / 16 * 16;
}

size_t
attention_scratch(size_t longest)
{
	return (size_t)omp_get_max_threads() * 2 * block_size(longest);
}

/* One block of queries of one sequence and head. */
struct block {
	size_t query, queries; /* first row, and how many */
	size_t key, keys;
	size_t head;
};

static real
score_scale(const struct attention *a)
{
	return 1 / real_sqrt((real)a->d);
}

static void
probabilities(real *p, const struct attention *a, const struct block *b)
{
	size_t at = b->head * a->d;

	blas_gemm(false, true, b->queries, b->keys, a->d, 1,
	    a->q + b->query * a->q_width + at, a->q_width,
	    a->k + b->key * a->kv_width + at, a->kv_width, 0, p, b->keys);
	softmax_rows(p, score_scale(a), b->queries, b->keys);
}

/* to = from where kept, scaled; 0 elsewhere. */
static KERNEL void
drop_row(real *to, const real *from, struct dropout d, uint32_t at, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] * dropout_factor(d, at + (uint32_t)i);
}

static void
drop(real *to, const real *from, const struct attention *a,
    const struct block *b)
{
	for (size_t i = 0; i < b->queries; i++) {
		size_t query = b->query + i;
		size_t token =
		    a->first +
		    (a->query_row != NULL ? a->query_row[query] : query);

		drop_row(to + i * b->keys, from + i * b->keys, a->dropout,
		    (uint32_t)((token * a->heads + b->head) * SPAN), b->keys);
	}
}

static void
forward_block(
    real *out, const struct attention *a, const struct block *b, real *p)
{
	size_t width = a->heads * a->d, at = b->head * a->d;

	probabilities(p, a, b);
	if (a->dropout.threshold > 0)
		drop(p, p, a, b);
	blas_gemm(false, false, b->queries, a->d, b->keys, 1, p, b->keys,
	    a->v + b->key * a->kv_width + at, a->kv_width, 0,
	    out + b->query * width + at, width);
}

/* Softmax's Jacobian: ds = p * (dp - sum(dp * p)) * scale, in place of dp. */
static KERNEL void
softmax_backward_rows(real *dp, const real *p, real scale, size_t R, size_t n)
{
	for (size_t r = 0; r < R; r++, dp += n, p += n) {
		real along = 0;

#pragma omp simd reduction(+ : along)
		for (size_t i = 0; i < n; i++)
			along += dp[i] * p[i];
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			dp[i] = p[i] * (dp[i] - along) * scale;
	}
}

struct gradients {
	real *dq, *dk, *dv;
	const real *dout;
};

/* dk and dv are overwritten by a sequence's first block, then added to. */
static void
backward_block(const struct gradients *g, const struct attention *a,
    const struct block *b, bool first, real *p, real *dp)
{
	size_t width = a->heads * a->d, at = b->head * a->d;
	size_t kv = b->key * a->kv_width + at;
	size_t query = b->query * a->q_width + at;
	const real *dout = g->dout + b->query * width + at;
	real add = first ? 0 : 1;
	bool dropped = a->dropout.threshold > 0;

	probabilities(p, a, b);
	if (dropped)
		drop(dp, p, a, b);
	blas_gemm(true, false, b->keys, a->d, b->queries, 1, dropped ? dp : p,
	    b->keys, dout, width, add, g->dv + kv, a->kv_width);
	blas_gemm(false, true, b->queries, b->keys, a->d, 1, dout, width,
	    a->v + kv, a->kv_width, 0, dp, b->keys);
	if (dropped)
		drop(dp, dp, a, b);
	softmax_backward_rows(dp, p, score_scale(a), b->queries, b->keys);
	blas_gemm(false, false, b->queries, a->d, b->keys, 1, dp, b->keys,
	    a->k + kv, a->kv_width, 0, g->dq + query, a->q_width);
	blas_gemm(true, false, b->keys, a->d, b->queries, 1, dp, b->keys,
	    a->q + query, a->q_width, add, g->dk + kv, a->kv_width);
}

/* All blocks of sequence and head number i, one after the other. */
static void
unit(real *out, const struct gradients *g, const struct attention *a,
    real *scratch, size_t longest, size_t i)
{
	real *p =
	    scratch + (size_t)omp_get_thread_num() * 2 * block_size(longest);
	size_t s = i / a->heads;
	size_t end = a->query_start[s + 1];
	struct block b = { .head = i % a->heads,
		.key = a->key_start[s],
		.keys = a->key_start[s + 1] - a->key_start[s] };

	for (b.query = a->query_start[s]; b.query < end; b.query += QUERIES) {
		b.queries = end - b.query < QUERIES ? end - b.query : QUERIES;
		if (g == NULL)
			forward_block(out, a, &b, p);
		else
			backward_block(g, a, &b, b.query == a->query_start[s],
			    p, p + block_size(longest));
	}
}

void
attention_forward(
    real *out, const struct attention *a, real *scratch, size_t longest)
{
#pragma omp parallel for schedule(dynamic, 4)
	for (size_t i = 0; i < a->sequences * a->heads; i++)
		unit(out, NULL, a, scratch, longest, i);
}

void
attention_backward(real *dq, real *dk, real *dv, const real *dout,
    const struct attention *a, real *scratch, size_t longest)
{
	struct gradients g = { dq, dk, dv, dout };

#pragma omp parallel for schedule(dynamic, 4)
	for (size_t i = 0; i < a->sequences * a->heads; i++)
		unit(NULL, &g, a, scratch, longest, i);
}

void
attention_map(real *p, const struct attention *a, size_t sequence, size_t head)
{
	struct block b = { a->query_start[sequence],
		a->query_start[sequence + 1] - a->query_start[sequence],
		a->key_start[sequence],
		a->key_start[sequence + 1] - a->key_start[sequence], head };

	probabilities(p, a, &b);
}
