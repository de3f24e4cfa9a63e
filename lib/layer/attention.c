#include "layer/attention.h"

#include <omp.h>
#include <string.h>

#include "base/least.h"
#include "layer/blocked.h"
#include "layer/kernel.h"
#include "layer/small.h"
#include "layer/softmax.h"

enum { QUERIES = 64 }; /* rows of probabilities held at a time */

/*
 * Positions of dropout that one row of probabilities has to itself.  Longer
 * rows go on in streams of their own, one for each SPAN of keys and each 2^32
 * positions.
 */
enum { SPAN = 1 << 10 };

/* What one thread works with. */
struct scratch {
	real *p, *dp; /* [QUERIES, ld] */
	real *key_t,
	    *value_t;	 /* [d, ld] a head's keys and values, transposed */
	real *result[3]; /* [ld, d] what is rounded: out or dq, dk, dv */
	size_t ld;
};

static size_t
scratch_size(size_t longest, size_t d)
{
	return (2 * QUERIES + 5 * d) * small_row(longest);
}

static struct scratch
scratch_of(real *all, const struct attention *a, size_t longest)
{
	size_t ld = small_row(longest), head = a->d * ld;
	real *own =
	    all + (size_t)omp_get_thread_num() * scratch_size(longest, a->d);
	real *after = own + 2 * QUERIES * ld;

	return (struct scratch){ own, own + QUERIES * ld, after, after + head,
		{ after + 2 * head, after + 3 * head, after + 4 * head }, ld };
}

size_t
attention_scratch(size_t longest, size_t d)
{
	return (size_t)omp_get_max_threads() * scratch_size(longest, d);
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
probabilities(
    const struct scratch *s, const struct attention *a, const struct block *b)
{
	struct small q = { a->q + b->query * a->q_width + b->head * a->d,
		a->q_width, 1 };

	/* Whole registers: what stands beyond the keys is never read. */
	small_product(s->p, s->ld, q, s->key_t, s->ld, b->queries,
	    (b->keys + 7) / 8 * 8, a->d, false);
	softmax_rows(s->p, score_scale(a), b->queries, b->keys, s->ld);
}

/* to = from where kept, scaled; 0 elsewhere. */
static KERNEL void
drop_row(real *to, const real *from, struct dropout d, uint32_t at, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] * dropout_factor(d, at + (uint32_t)i);
}

/* The stream of a row's keys from number part * SPAN on. */
static struct dropout
dropout_of(struct dropout d, size_t part, size_t turn)
{
	if (part > 0 || turn > 0)
		d.rng = rng_key(d.rng.key, part, turn);
	return d;
}

static void
drop(real *to, const real *from, size_t ld, const struct attention *a,
    const struct block *b)
{
	for (size_t i = 0; i < b->queries; i++) {
		size_t query = b->query + i;
		size_t token =
		    a->first +
		    (a->query_row != NULL ? a->query_row[query] : query);
		size_t at = (token * a->heads + b->head) * SPAN;
		size_t turn = b->keys > SPAN ? at >> 32 : 0;

		for (size_t j = 0; j < b->keys; j += SPAN)
			drop_row(to + i * ld + j, from + i * ld + j,
			    dropout_of(a->dropout, j / SPAN, turn),
			    (uint32_t)at, least(SPAN, b->keys - j));
	}
}

/* A matrix of results, of real or rounded. */
struct result {
	void *at;
	size_t width; /* numbers from row to row */
	enum product_numbers kept;
};

/* Where a head's part of it is made, which begins at number `at`. */
struct part {
	real *at;
	size_t ld;
};

static struct part
part_of(const struct result *r, size_t at, real *own, size_t d)
{
	return r->kept == PRODUCT_BF16
		   ? (struct part){ own, d }
		   : (struct part){ (real *)r->at + at, r->width };
}

static void
part_end(const struct result *r, size_t at, const struct part *p, size_t rows)
{
	for (size_t i = 0; r->kept == PRODUCT_BF16 && i < rows; i++)
		blocked_round((uint16_t *)r->at + at + i * r->width,
		    p->at + i * p->ld, p->ld);
}

static void
forward_block(const struct result *out, const struct attention *a,
    const struct block *b, const struct scratch *s)
{
	size_t at = b->query * out->width + b->head * a->d;
	struct part part = part_of(out, at, s->result[0], a->d);

	probabilities(s, a, b);
	if (a->dropout.threshold > 0)
		drop(s->p, s->p, s->ld, a, b);
	small_product(part.at, part.ld, (struct small){ s->p, s->ld, 1 },
	    a->v + b->key * a->kv_width + b->head * a->d, a->kv_width,
	    b->queries, a->d, b->keys, false);
	part_end(out, at, &part, b->queries);
}

/*
 * Softmax's Jacobian: ds = p * (dp - sum(dp * p)) * scale, in place of dp.
 *
 * A row of ds sums to 0, which is all that a key's bias gets of it.  So the
 * sum is a mean with weights p, which rounding keeps from being 1 in all.
 */
static KERNEL void
softmax_backward_rows(
    real *dp, const real *p, real scale, size_t R, size_t n, size_t ld)
{
	for (size_t r = 0; r < R; r++, dp += ld, p += ld) {
		double along = 0, all = 0;
		real mean;

#pragma omp simd reduction(+ : along, all)
		for (size_t i = 0; i < n; i++) {
			along += (double)dp[i] * (double)p[i];
			all += (double)p[i];
		}
		mean = (real)(along / all);
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			dp[i] = p[i] * (dp[i] - mean) * scale;
	}
}

struct gradients {
	struct result dq, dk, dv;
	const real *dout;
};

/* dk and dv are overwritten by a sequence's first block, then added to. */
static void
backward_block(const struct gradients *g, const struct attention *a,
    const struct block *b, bool first, bool last, const struct scratch *s)
{
	size_t width = a->heads * a->d, at = b->head * a->d, ld = s->ld;
	size_t kv = b->key * a->kv_width + at, n = b->queries;
	size_t query = b->query * a->q_width + at;
	const real *dout = g->dout + b->query * width + at;
	struct part dq = part_of(&g->dq, query, s->result[0], a->d);
	struct part dk = part_of(&g->dk, kv, s->result[1], a->d);
	struct part dv = part_of(&g->dv, kv, s->result[2], a->d);
	bool dropped = a->dropout.threshold > 0;
	const real *used = dropped ? s->dp : s->p;

	probabilities(s, a, b);
	if (dropped)
		drop(s->dp, s->p, ld, a, b);
	small_product(dv.at, dv.ld, (struct small){ used, 1, ld }, dout, width,
	    b->keys, a->d, n, !first);
	small_product(s->dp, ld, (struct small){ dout, width, 1 }, s->value_t,
	    ld, n, (b->keys + 7) / 8 * 8, a->d, false);
	if (dropped)
		drop(s->dp, s->dp, ld, a, b);
	softmax_backward_rows(s->dp, s->p, score_scale(a), n, b->keys, ld);
	small_product(dq.at, dq.ld, (struct small){ s->dp, ld, 1 }, a->k + kv,
	    a->kv_width, n, a->d, b->keys, false);
	small_product(dk.at, dk.ld, (struct small){ s->dp, 1, ld },
	    a->q + query, a->q_width, b->keys, a->d, n, !first);
	part_end(&g->dq, query, &dq, n);
	if (last) {
		part_end(&g->dk, kv, &dk, b->keys);
		part_end(&g->dv, kv, &dv, b->keys);
	}
}

static KERNEL void
scale_rows(real *x, const real *by, size_t R, size_t n, size_t ld)
{
	for (size_t r = 0; r < R; r++, x += ld)
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			x[i] *= by[r];
}

/*
 * Some queries side by side, keys below each other: no sum runs across a
 * register, and few keys leave none of it empty.
 */
static void
answer_block(real *out, const struct attention *a, const struct block *b,
    const struct scratch *s)
{
	size_t width = a->heads * a->d, at = b->head * a->d;
	bool half = b->queries <= SOFTMAX_COLUMNS / 2;
	size_t side = half ? SOFTMAX_COLUMNS / 2 : SOFTMAX_COLUMNS;
	real *query_t = s->key_t, *share = s->dp;

	out += b->query * width + at;
	if (b->queries < side)
		memset(query_t, 0, a->d * SOFTMAX_COLUMNS * sizeof(*query_t));
	small_transpose(query_t, SOFTMAX_COLUMNS,
	    a->q + b->query * a->q_width + at, a->q_width, b->queries, a->d);
	small_product(s->p, SOFTMAX_COLUMNS,
	    (struct small){ a->k + b->key * a->kv_width + at, a->kv_width, 1 },
	    query_t, SOFTMAX_COLUMNS, b->keys, side, a->d, false);
	softmax_columns(s->p, share, score_scale(a), b->keys, half);
	small_product(out, width, (struct small){ s->p, 1, SOFTMAX_COLUMNS },
	    a->v + b->key * a->kv_width + at, a->kv_width, b->queries, a->d,
	    b->keys, false);
	scale_rows(out, share, b->queries, a->d, width);
}

/* A sequence and head; no queries yet. */
static struct block
block_of(const struct attention *a, size_t sequence, size_t head)
{
	return (struct block){ .head = head,
		.key = a->key_start[sequence],
		.keys = a->key_start[sequence + 1] - a->key_start[sequence] };
}

static void
transpose_head(real *out, size_t ld, const real *x, const struct attention *a,
    const struct block *b)
{
	small_transpose(out, ld, x + b->key * a->kv_width + b->head * a->d,
	    a->kv_width, b->keys, a->d);
}

/* All blocks of sequence and head number i, one after the other. */
static void
unit(const struct result *out, const struct gradients *g,
    const struct attention *a, real *scratch, size_t longest, size_t i)
{
	struct scratch s = scratch_of(scratch, a, longest);
	size_t sequence = i / a->heads;
	size_t start = a->query_start[sequence];
	size_t end = a->query_start[sequence + 1];
	struct block b = block_of(a, sequence, i % a->heads);

	if (g == NULL && a->answer) {
		for (b.query = start; b.query < end; b.query += b.queries) {
			b.queries = least(SOFTMAX_COLUMNS, end - b.query);
			answer_block(out->at, a, &b, &s);
		}
		return;
	}
	s.ld = small_row(b.keys);
	transpose_head(s.key_t, s.ld, a->k, a, &b);
	if (g != NULL)
		transpose_head(s.value_t, s.ld, a->v, a, &b);
	for (b.query = start; b.query < end; b.query += QUERIES) {
		b.queries = least(QUERIES, end - b.query);
		if (g == NULL)
			forward_block(out, a, &b, &s);
		else
			backward_block(g, a, &b, b.query == start,
			    b.query + b.queries == end, &s);
	}
}

void
attention_forward(void *out, enum product_numbers kept,
    const struct attention *a, real *scratch, size_t longest)
{
	struct result r = { out, a->heads * a->d, kept };

#pragma omp parallel for schedule(dynamic, 4)
	for (size_t i = 0; i < a->sequences * a->heads; i++)
		unit(&r, NULL, a, scratch, longest, i);
}

void
attention_backward(void *dq, void *dk, void *dv, enum product_numbers kept,
    const real *dout, const struct attention *a, real *scratch, size_t longest)
{
	struct gradients g = { { dq, a->q_width, kept },
		{ dk, a->kv_width, kept }, { dv, a->kv_width, kept }, dout };

#pragma omp parallel for schedule(dynamic, 4)
	for (size_t i = 0; i < a->sequences * a->heads; i++)
		unit(NULL, &g, a, scratch, longest, i);
}

void
attention_map(real *p, const struct attention *a, real *scratch,
    size_t sequence, size_t head)
{
	struct block b = block_of(a, sequence, head);
	struct scratch s = scratch_of(scratch, a, b.keys);
	size_t start = a->query_start[sequence];
	size_t end = a->query_start[sequence + 1];

	transpose_head(s.key_t, s.ld, a->k, a, &b);
	for (b.query = start; b.query < end; b.query += b.queries) {
		b.queries = least(QUERIES, end - b.query);
		probabilities(&s, a, &b);
		for (size_t i = 0; i < b.queries; i++, p += b.keys)
			memcpy(p, s.p + i * s.ld, b.keys * sizeof(*p));
	}
}
