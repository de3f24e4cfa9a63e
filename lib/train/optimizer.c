#include "train/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/least.h"
#include "base/mem.h"
#include "layer/kernel.h"

const char optimizer_kinds[] = "adamax|adamax-2019|adamw|bert-adam|lamb";

/* A register's numbers, and updates that a row may be behind. */
enum { PIECE = 16384, ROWS = 64, LANES = 16, LATE = 256 };

/* A run of one parameter's numbers. */
struct piece {
	size_t offset, count;
	size_t param; /* its place in the table */
	bool still;   /* words that no batch of the update has */
};

/* The numbers of one update that one piece needs. */
struct rule {
	real rate;   /* lr, with bias correction where the kind has it */
	real decay;  /* weight decay */
	real lr;     /* without bias correction */
	real first;  /* lamb: 1 / (1 - b1^t) */
	real second; /* adamw, lamb: 1 / (1 - b2^t) */
	real clip;   /* what gradients are multiplied with */
};

struct optimizer *
optimizer_new(const struct model *m, const struct optimizer_options *options,
    size_t total)
{
	struct optimizer *o = mem_zero(1, sizeof(*o));

	o->options = *options;
	if (o->options.weight_decay < 0)
		o->options.weight_decay = options->kind == ADAMAX ? 0 : 0.01;
	o->m = m;
	o->total = total;
	o->first = mem_align(m->params.total, sizeof(real));
	o->second = mem_align(m->params.total, sizeof(real));
	o->head_step = mem_zero(m->config.head_count, sizeof(size_t));
	o->sparse =
	    o->options.weight_decay == 0 && !m->config.mlm &&
	    options->kind != LAMB && /* its norms are of whole parameters */
	    options->freeze == 0;
	o->touched = mem_zero(m->config.vocab, 1);
	o->met = mem_zero(m->config.vocab, 1);
	o->word = mem_alloc(m->config.vocab, sizeof(*o->word));
	o->behind = mem_zero(m->config.vocab, sizeof(*o->behind));
	o->late = mem_alloc(LATE, sizeof(*o->late));
	o->rule = mem_alloc(m->params.count, sizeof(*o->rule));
	o->row = mem_alloc(m->config.vocab, sizeof(*o->row));
	return o;
}

void
optimizer_free(struct optimizer *o)
{
	free(o->first);
	free(o->second);
	free(o->head_step);
	free(o->touched);
	free(o->row);
	free(o->met);
	free(o->word);
	free(o->behind);
	free(o->late);
	free(o->piece);
	free(o->rule);
	free(o->partial);
	free(o);
}

void
optimizer_index_touched(struct optimizer *o)
{
	o->rows = 0;
	for (size_t i = 0; i < o->m->config.vocab; i++)
		if (o->touched[i])
			o->row[o->rows++] = i;
}

static void
add_piece(struct optimizer *o, struct piece piece)
{
	o->piece = mem_grow(
	    o->piece, &o->piece_room, o->pieces + 1, sizeof(*o->piece));
	o->piece[o->pieces++] = piece;
}

/* Touched rows that stand side by side make one piece. */
static void
cut_rows(struct optimizer *o, const struct param *p)
{
	size_t H = p->shape[1];

	for (size_t i = 0, n; i < o->rows; i += n) {
		bool still = !o->met[o->row[i]];

		for (n = 1; n < ROWS && i + n < o->rows &&
			    o->row[i + n] == o->row[i] + n;
		     n++)
			still &= !o->met[o->row[i + n]];
		add_piece(o, (struct piece){
				 p->offset + o->row[i] * H, n * H, 0, still });
	}
}

/* The heads of 2019 went on moving once they had begun. */
static bool
moves(const struct optimizer *o, const struct param *p, const bool *active)
{
	if (p->head < 0)
		return p->depth >= o->options.freeze;
	return active[p->head] ||
	       (o->options.kind == ADAMAX_2019 && o->head_step[p->head] > 0);
}

static void
cut(struct optimizer *o, const bool *active)
{
	const struct params *all = &o->m->params;

	o->pieces = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct param *p = &all->item[i];

		if (!moves(o, p, active))
			continue;
		if (i == 0 && o->sparse) {
			cut_rows(o, p);
			continue;
		}
		for (size_t at = 0; at < p->count; at += PIECE)
			add_piece(
			    o, (struct piece){ p->offset + at,
				   least(PIECE, p->count - at), i, false });
	}
}

/* In double, sixteen sums side by side, added in one fixed order. */
static KERNEL double
squares(const real *x, size_t n)
{
	double sum[16] = { 0 }, all = 0;
	size_t i = 0;

	for (; i + 16 <= n; i += 16)
#pragma omp simd
		for (size_t k = 0; k < 16; k++)
			sum[k] += (double)x[i + k] * (double)x[i + k];
	for (; i < n; i++)
		sum[0] += (double)x[i] * (double)x[i];
	for (size_t k = 0; k < 16; k++)
		all += sum[k];
	return all;
}

double
optimizer_norm(struct optimizer *o, const real *grad, const bool *active)
{
	double sum = 0;

	cut(o, active);
	o->partial = mem_grow(
	    o->partial, &o->partial_room, o->pieces, sizeof(*o->partial));
#pragma omp parallel for schedule(static, 8)
	for (size_t i = 0; i < o->pieces; i++)
		o->partial[i] =
		    o->piece[i].still
			? 0
			: squares(grad + o->piece[i].offset, o->piece[i].count);
	for (size_t i = 0; i < o->pieces; i++)
		sum += o->partial[i];
	return sqrt(sum);
}

/* Of a gradient and of its square, their means over the updates. */
static inline KERNEL_INLINE void
moments(real *m, real *v, real x)
{
	*m = *m * (real)0.9 + x * (real)0.1;
	*v = *v * (real)0.999 + x * x * (real)0.001;
}

/* The same, and the largest gradient of late, at least tiny. */
static inline KERNEL_INLINE void
moments_max(real *m, real *u, real x, real tiny)
{
	real size = real_fabs(x) + tiny, old = *u * (real)0.999;

	*m = *m * (real)0.9 + x * (real)0.1;
	*u = old > size ? old : size;
}

/* One number with gradient x, clipped; kind is a constant. */
static inline KERNEL_INLINE void
move_one(const enum optimizer_kind kind, real *p, real *m, real *s, real x,
    const struct rule *r)
{
	switch (kind) {
	case ADAMAX:
		moments_max(m, s, x, (real)1e-8);
		*p -= r->lr * r->decay * *p;
		*p -= r->rate * *m / *s;
		break;
	case ADAMAX_2019:
		moments_max(m, s, x, (real)1e-6);
		*p -= r->lr * (*m / (*s + (real)1e-6) + r->decay * *p);
		break;
	case ADAMW:
		moments(m, s, x);
		*p -= r->lr * r->decay * *p;
		*p -= r->rate * *m / (real_sqrt(*s * r->second) + (real)1e-8);
		break;
	case BERT_ADAM:
		moments(m, s, x);
		*p -=
		    r->lr * (*m / (real_sqrt(*s) + (real)1e-6) + r->decay * *p);
		break;
	case LAMB: /* its norms come in between */
		break;
	}
}

static inline KERNEL_INLINE void
move_all(const enum optimizer_kind kind, real *p, real *g, real *m, real *s,
    size_t n, struct rule r)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		move_one(kind, &p[i], &m[i], &s[i], g[i] * r.clip, &r);
		g[i] = 0;
	}
}

/*
 * Some updates of so many numbers, a register's at most, that had no gradient
 * in them: they are fetched once for all.
 */
static inline KERNEL_INLINE void
late_lanes(const enum optimizer_kind kind, real *p, real *m, real *s,
    const size_t n, const struct rule *r, size_t updates)
{
	real x[LANES] = { 0 }, y[LANES] = { 0 }, z[LANES] = { 0 };

	memcpy(x, p, n * sizeof(*x));
	memcpy(y, m, n * sizeof(*y));
	memcpy(z, s, n * sizeof(*z));
	for (size_t u = 0; u < updates; u++)
#pragma omp simd
		for (size_t k = 0; k < LANES; k++)
			move_one(kind, &x[k], &y[k], &z[k], 0, &r[u]);
	memcpy(p, x, n * sizeof(*x));
	memcpy(m, y, n * sizeof(*y));
	memcpy(s, z, n * sizeof(*z));
}

static inline KERNEL_INLINE void
move_late(const enum optimizer_kind kind, real *p, real *m, real *s, size_t n,
    const struct rule *r, size_t updates)
{
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		late_lanes(kind, p + i, m + i, s + i, LANES, r, updates);
	if (i < n)
		late_lanes(kind, p + i, m + i, s + i, n - i, r, updates);
}

/* One update with gradients g; or without, where g is NULL, so many. */
static inline KERNEL_INLINE void
move_kind(const enum optimizer_kind kind, real *p, real *g, real *m, real *s,
    size_t n, const struct rule *r, size_t updates)
{
	if (g != NULL)
		move_all(kind, p, g, m, s, n, *r);
	else
		move_late(kind, p, m, s, n, r, updates);
}

static KERNEL void
adamax(real *p, real *g, real *m, real *s, size_t n, const struct rule *r,
    size_t updates)
{
	move_kind(ADAMAX, p, g, m, s, n, r, updates);
}

static KERNEL void
adamax_2019(real *p, real *g, real *m, real *s, size_t n, const struct rule *r,
    size_t updates)
{
	move_kind(ADAMAX_2019, p, g, m, s, n, r, updates);
}

static KERNEL void
adamw(real *p, real *g, real *m, real *s, size_t n, const struct rule *r,
    size_t updates)
{
	move_kind(ADAMW, p, g, m, s, n, r, updates);
}

static KERNEL void
bert_adam(real *p, real *g, real *m, real *s, size_t n, const struct rule *r,
    size_t updates)
{
	move_kind(BERT_ADAM, p, g, m, s, n, r, updates);
}

/* The direction r of a piece, in place of its gradient. */
static KERNEL void
lamb_direction(
    const real *p, real *g, real *m, real *v, size_t n, struct rule r)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		real x = g[i] * r.clip;

		moments(&m[i], &v[i], x);
		g[i] =
		    r.first * m[i] / (real_sqrt(v[i] * r.second) + (real)1e-6) +
		    r.decay * p[i];
	}
}

static KERNEL void
lamb_move(real *p, real *g, size_t n, real rate)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++) {
		p[i] -= rate * g[i];
		g[i] = 0;
	}
}

/* What holds for one parameter at its own update number t, from 1. */
static struct rule
rule_of(
    const struct optimizer *o, const struct param *p, size_t step, double clip)
{
	const struct optimizer_options *a = &o->options;
	size_t own = p->head >= 0 ? o->head_step[p->head] : step;
	size_t when = a->kind == ADAMAX_2019 ? own : step;
	double t = (double)own + 1;
	double lr =
	    a->learning_rate *
	    schedule_factor(a->schedule, a->warmup, when, o->total) *
	    pow(a->layer_decay, (double)(o->m->config.layers + 2 - p->depth));
	bool spared = p->plain && (a->kind == BERT_ADAM || a->kind == LAMB);

	return (struct rule){ .rate = (real)(lr / (1 - pow(0.9, t))),
		.decay = (real)(spared ? 0 : a->weight_decay),
		.lr = (real)lr,
		.first = (real)(1 / (1 - pow(0.9, t))),
		.second = (real)(1 / (1 - pow(0.999, t))),
		.clip = (real)clip };
}

/* Of numbers from at on: an update, or several without gradients. */
static void
move(const struct optimizer *o, real *value, real *grad, size_t at,
    size_t count, const struct rule *r, size_t updates)
{
	real *p = value + at, *g = grad != NULL ? grad + at : NULL;
	real *m = o->first + at, *s = o->second + at;

	switch (o->options.kind) {
	case ADAMAX:
		adamax(p, g, m, s, count, r, updates);
		break;
	case ADAMAX_2019:
		adamax_2019(p, g, m, s, count, r, updates);
		break;
	case ADAMW:
		adamw(p, g, m, s, count, r, updates);
		break;
	case BERT_ADAM:
		bert_adam(p, g, m, s, count, r, updates);
		break;
	case LAMB:
		if (g != NULL) /* as always: none of its words are late */
			lamb_direction(p, g, m, s, count, *r);
		break;
	}
}

/* What updates without a gradient did to words since they were met last. */
static void
catch_up_words(struct optimizer *o, const size_t *word, size_t words)
{
	const struct param *p = &o->m->params.item[0];
	size_t E = p->shape[1];

#pragma omp parallel for schedule(dynamic, 16)
	for (size_t i = 0; i < words; i++) {
		size_t from = o->behind[word[i]];

		move(o, o->m->value, NULL, p->offset + word[i] * E, E,
		    o->late + from, o->lates - from);
		o->behind[word[i]] = (uint16_t)o->lates;
	}
}

void
optimizer_settle(struct optimizer *o)
{
	if (o->lates == 0)
		return;
	catch_up_words(o, o->row, o->rows);
	memset(o->behind, 0, o->m->config.vocab * sizeof(*o->behind));
	o->lates = 0;
}

void
optimizer_touch(struct optimizer *o, const struct batch *b)
{
	size_t before = o->words;
	bool news = false;

	for (size_t t = 0; t < b->tokens; t++) {
		size_t id = (size_t)b->id[t];

		if (!o->touched[id]) {
			o->behind[id] = (uint16_t)o->lates;
			o->touched[id] = 1;
			news = true;
		}
		if (!o->met[id]) {
			o->met[id] = 1;
			o->word[o->words++] = id;
		}
	}
	if (news)
		optimizer_index_touched(o);
	if (o->lates > 0)
		catch_up_words(o, o->word + before, o->words - before);
}

/* The words of the update; the others will catch up when they are met. */
static void
move_words(struct optimizer *o, real *value, real *grad)
{
	const struct param *p = &o->m->params.item[0];
	size_t E = p->shape[1];

	o->late[o->lates++] = o->rule[0];
#pragma omp parallel for schedule(static, 8)
	for (size_t i = 0; i < o->words; i++) {
		move(o, value, grad, p->offset + o->word[i] * E, E, &o->rule[0],
		    1);
		o->behind[o->word[i]] = (uint16_t)o->lates;
	}
	if (o->lates == LATE)
		optimizer_settle(o);
}

/*
 * The second half of a lamb update.  The pieces of a parameter stand
 * together; their sums are added in order.
 */
static void
lamb_finish(struct optimizer *o, real *value, real *grad)
{
	double *own, *turn;

	o->partial = mem_grow(
	    o->partial, &o->partial_room, 2 * o->pieces, sizeof(*o->partial));
	own = o->partial;
	turn = o->partial + o->pieces;
#pragma omp parallel for schedule(static, 8)
	for (size_t i = 0; i < o->pieces; i++) {
		const struct piece *c = &o->piece[i];

		own[i] = squares(value + c->offset, c->count);
		turn[i] = squares(grad + c->offset, c->count);
	}
	for (size_t i = 0, n; i < o->pieces; i += n) {
		size_t p = o->piece[i].param;
		double ratio = 1, sums[2] = { 0, 0 };
		real lr = o->rule[p].lr;

		for (n = 0; i + n < o->pieces && o->piece[i + n].param == p;
		     n++) {
			sums[0] += own[i + n];
			sums[1] += turn[i + n];
		}
		if (!o->m->params.item[p].plain && sums[0] > 0 && sums[1] > 0)
			ratio = sqrt(sums[0] / sums[1]);
#pragma omp parallel for schedule(static, 8)
		for (size_t k = i; k < i + n; k++)
			lamb_move(value + o->piece[k].offset,
			    grad + o->piece[k].offset, o->piece[k].count,
			    (real)(lr * ratio));
	}
}

/* A frozen pooler got gradients too; the next batch adds to them. */
static void
clear_frozen(const struct optimizer *o, real *grad)
{
	const struct params *all = &o->m->params;

	for (size_t i = 0; i < all->count; i++)
		if (all->item[i].head < 0 &&
		    all->item[i].depth < o->options.freeze)
			memset(grad + all->item[i].offset, 0,
			    all->item[i].count * sizeof(*grad));
}

double
optimizer_step(struct optimizer *o, real *value, real *grad, const bool *active,
    size_t step, double norm)
{
	const struct optimizer_options *a = &o->options;
	double clip = a->clip > 0 ? fmin(1, a->clip / (norm + 1e-6)) : 1;

	for (size_t i = 0; i < o->m->params.count; i++)
		o->rule[i] = rule_of(o, &o->m->params.item[i], step, clip);
#pragma omp parallel for schedule(static, 8)
	for (size_t i = 0; i < o->pieces; i++) {
		const struct piece *c = &o->piece[i];

		if (!o->sparse || c->param > 0)
			move(o, value, grad, c->offset, c->count,
			    &o->rule[c->param], 1);
	}
	if (o->sparse)
		move_words(o, value, grad);
	for (size_t i = 0; i < o->words; i++)
		o->met[o->word[i]] = 0;
	o->words = 0;
	if (a->kind == LAMB)
		lamb_finish(o, value, grad);
	if (a->freeze > 0)
		clear_frozen(o, grad);
	for (size_t i = 0; i < o->m->config.head_count; i++)
		if (active[i] ||
		    (a->kind == ADAMAX_2019 && o->head_step[i] > 0))
			o->head_step[i]++;
	return a->learning_rate *
	       schedule_factor(a->schedule, a->warmup, step, o->total);
}
