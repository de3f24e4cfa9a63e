#include "net/encoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/least.h"
#include "base/mem.h"
#include "layer/attention.h"
#include "layer/embed.h"
#include "layer/linear.h"
#include "layer/norm.h"
#include "net/embeddings.h"
#include "net/follow.h"
#include "net/pooler.h"

/* What one layer keeps; Q is T, or fewer in a last layer read in part. */
struct kept {
	real *qkv;	     /* [T,3H], or keys and values [T,2H] */
	real *query;	     /* [Q,H] in a last layer read in part */
	void *read;	     /* [Q,H] what attention read, kept */
	real *xhat1, *rstd1; /* [Q,H], [Q] */
	real *middle;	     /* [Q,H] after the first norm; shared by all */
	void *gelu, *slope;  /* [Q,I], kept */
	real *xhat2, *rstd2; /* [Q,H], [Q] */
};

struct encoder {
	const struct model *m;
	bool train, recompute;
	size_t frozen;		   /* depths below have no gradients */
	enum product_numbers kept; /* what only the layers' products read */
	size_t token_room, row_room, read_room, longest_room; /* allocated */
	void *block;
	real *scratch_attention;
	struct kept *layer; /* [layers], or one shared */
	size_t layer_count;
	real **state; /* [layers+1] the input of each layer; the last
			 is the result */
	struct embeddings embeddings;
	real *own;	     /* [Q,H] the last layer's input where it is read */
	real *cls;	     /* [B,H] what the pooler reads */
	real *unsquashed;    /* [B,H] what the pooler keeps, and its gradient */
	real *pooled, *dcls; /* [B,H] */
	void *wide;	     /* [T,max(3H,E)] scratch, or [T,I] kept */
	real *d1;	     /* [T,max(H,E)] scratch */
	real *d2, *d3;	     /* [T,H] scratch */
	real *down;	     /* [T,H] the gradient on its way down */
	/* the last pass */
	const struct batch *b;
	bool all; /* every token is read */
	struct encoder_reads reads;
	struct encoder_dropout dropout;
	void (*done)(void *context, size_t from);
	void *context;
	const struct taps *taps; /* or NULL */
	bool tapped_alone;
};

struct encoder *
encoder_new(const struct model *m, bool train, bool recompute)
{
	struct encoder *e = mem_zero(1, sizeof(*e));

	e->m = m;
	e->train = train;
	e->recompute = recompute;
	e->layer_count = train && !recompute ? m->config.layers : 1;
	e->layer = mem_zero(e->layer_count, sizeof(*e->layer));
	e->state = mem_zero(m->config.layers + 1, sizeof(*e->state));
	return e;
}

void
encoder_free(struct encoder *e)
{
	free(e->block);
	free(e->scratch_attention);
	free(e->layer);
	free(e->state);
	free(e);
}

/* The way in and the way out. */
static void
lay_out_ends(struct arena *a, struct encoder *e, const struct config *c,
    size_t T, size_t B, size_t Q)
{
	size_t H = c->hidden;

	e->embeddings.normed = arena_reals(a, T * c->embedding);
	e->own = arena_reals(a, Q * H);
	e->cls = arena_reals(a, B * H);
	e->pooled = arena_reals(a, B * H);
	e->dcls = arena_reals(a, B * H);
	e->unsquashed = arena_reals(a, B * H);
}

/* Without backward states take turns, what norms leave for it is written over,
   and the inner features stand where attention was. */
static void
lay_out_answers(struct arena *a, struct encoder *e, const struct config *c,
    size_t T, size_t B, size_t Q)
{
	size_t H = c->hidden, I = c->inner;
	size_t W = most(H, config_embedding(c));
	struct kept *k = &e->layer[0];

	k->qkv = k->gelu = arena_reals(a, T * most(4 * H, I));
	k->read = k->qkv != NULL ? k->qkv + T * 3 * H : NULL; /* counting */
	k->query = arena_reals(a, Q * H);
	k->middle = arena_reals(a, T * H);
	k->xhat1 = k->xhat2 = arena_reals(a, T * W);
	k->rstd1 = k->rstd2 = arena_reals(a, T);
	e->embeddings.xhat = k->xhat1;
	e->embeddings.rstd = k->rstd1;
	for (size_t l = 0; l <= c->layers; l++)
		e->state[l] = l < 2 ? arena_reals(a, T * H) : e->state[l - 2];
	lay_out_ends(a, e, c, T, B, Q);
	e->d1 = arena_reals(a, T * W);
}

static void
lay_out(struct arena *a, struct encoder *e, const struct config *c, size_t T,
    size_t B, size_t Q)
{
	size_t H = c->hidden, I = c->inner;
	size_t E = config_embedding(c), kept = product_bytes(e->kept);
	real *middle;

	if (!e->train) {
		lay_out_answers(a, e, c, T, B, Q);
		return;
	}

	middle = arena_reals(a, T * H);
	for (size_t l = 0; l < e->layer_count; l++) {
		struct kept *k = &e->layer[l];

		k->qkv = arena_reals(a, T * 3 * H);
		k->query = arena_reals(a, Q * H);
		k->read = arena_take(a, T * H, kept);
		k->xhat1 = arena_reals(a, T * H);
		k->rstd1 = arena_reals(a, T);
		k->middle = middle;
		k->slope = arena_take(a, T * I, kept);
		k->gelu = arena_take(a, T * I, kept);
		k->xhat2 = arena_reals(a, T * H);
		k->rstd2 = arena_reals(a, T);
	}
	/* Those between the first and the last are made again in backward. */
	for (size_t l = 0; l <= c->layers; l++) {
		bool own = l < 3 || l == c->layers || e->recompute;

		e->state[l] = own ? arena_reals(a, T * H) : e->state[l - 2];
	}
	e->embeddings.xhat = arena_reals(a, T * E);
	e->embeddings.rstd = arena_reals(a, T);
	lay_out_ends(a, e, c, T, B, Q);
	e->d1 = arena_reals(a, T * most(H, E));
	e->wide =
	    arena_take(a, T, most(most(3 * H, E) * sizeof(real), I * kept));
	e->d2 = arena_reals(a, T * H);
	e->d3 = arena_reals(a, T * H);
	e->down = arena_reals(a, T * H);
}

size_t
encoder_bytes(const struct config *c, const struct product *product,
    size_t tokens, size_t rows, size_t longest, bool train, bool recompute)
{
	struct model m = { .config = *c };
	struct encoder *e = encoder_new(&m, train, recompute);
	struct arena a = arena_count();

	if (train)
		e->kept = linear_kept(product, c->hidden, c->inner);
	lay_out(&a, e, c, tokens, rows, rows);
	encoder_free(e);
	return a.used +
	       attention_scratch(longest, c->hidden / c->heads) * sizeof(real);
}

/* Between passes a model may have come to other numbers. */
static enum product_numbers
kept_by(const struct encoder *e)
{
	const struct config *c = &e->m->config;

	return e->train ? linear_kept(e->m->product, c->hidden, c->inner)
			: PRODUCT_FLOAT32;
}

static void
reserve(struct encoder *e, const struct batch *b, size_t reads)
{
	const struct config *c = &e->m->config;
	struct arena a = arena_count();

	if (b->longest > e->longest_room) {
		e->longest_room = b->longest;
		free(e->scratch_attention);
		e->scratch_attention = mem_room(
		    attention_scratch(b->longest, c->hidden / c->heads),
		    sizeof(real));
	}
	if (b->tokens <= e->token_room && b->rows <= e->row_room &&
	    reads <= e->read_room && e->kept == kept_by(e))
		return;
	e->kept = kept_by(e);
	/* None to spare: few batches are larger than all before. */
	e->token_room = most(b->tokens, e->token_room);
	e->row_room = most(b->rows, e->row_room);
	e->read_room = most(reads, e->read_room);
	free(e->block);
	lay_out(&a, e, c, e->token_room, e->row_room, e->read_room);
	e->block = mem_room(a.used, 1);
	a = arena_in(e->block);
	lay_out(&a, e, c, e->token_room, e->row_room, e->read_room);
}

/* Places of dropout in a layer, as stream numbers. */
enum { DROPOUT_ATTENTION, DROPOUT_OUT, DROPOUT_OUTER, DROPOUT_PLACES };
enum { DROPOUT_EMBEDDING = 1 << 20 };

static struct dropout
dropout_at(const struct encoder *e, size_t stream, double rate)
{
	return dropout_make(
	    rng_key(e->dropout.seed, stream, e->dropout.step), rate);
}

/* One layer of one pass, with all that its steps need. */
struct pass {
	struct encoder *e;
	const real *w; /* the parameter block */
	real *grad;    /* its gradients, in backward */
	struct layer_offsets p;
	struct kept *k;
	struct attention attention;
	struct norm norm1, norm2;
	const real *x;	 /* [T,H] the layer's input */
	const real *own; /* [Q,H] the rows that go on: x, or those read */
	bool all;
	size_t layer; /* from 1, as taps count */
	size_t T, Q, H, I;
};

static void
pass_attention(struct pass *s, size_t l)
{
	struct encoder *e = s->e;
	const struct config *c = &e->m->config;
	struct attention *a = &s->attention;
	size_t H = s->H;

	a->q = s->all ? s->k->qkv : s->k->query;
	a->q_width = s->all ? 3 * H : H;
	a->k = s->all ? s->k->qkv + H : s->k->qkv;
	a->kv_width = s->all ? 3 * H : 2 * H;
	a->v = a->k + H;
	a->key_start = e->b->start;
	a->query_start = s->all ? e->b->start : e->reads.start;
	a->query_row = s->all ? NULL : e->reads.token;
	a->sequences = e->b->rows;
	a->heads = c->heads;
	a->d = H / c->heads;
	a->first = e->b->first_token;
	a->dropout = dropout_at(
	    e, l * DROPOUT_PLACES + DROPOUT_ATTENTION, e->dropout.attention);
	a->answer = !e->train && a->dropout.threshold == 0 &&
		    product_numbers_of(e->m->product, H, H) != PRODUCT_FLOAT32;
}

static struct norm
pass_norm(const struct pass *s, size_t gain, size_t bias, size_t stream)
{
	const struct encoder *e = s->e;

	return (struct norm){ .gain = s->w + gain,
		.bias = s->w + bias,
		.eps = (real)e->m->config.norm_eps,
		.dropout = dropout_at(e, stream, e->dropout.hidden),
		.position = s->all ? NULL : e->reads.token,
		.first = e->b->first_token };
}

static struct pass
pass_of(struct encoder *e, size_t l)
{
	const struct config *c = &e->m->config;
	struct pass s = { .e = e, .w = e->m->value };

	s.layer = l + 1;
	s.p = e->m->params.layer[l];
	s.k = &e->layer[e->layer_count > 1 ? l : 0];
	s.x = e->state[l];
	s.all = e->all || l + 1 < c->layers;
	s.own = s.all ? s.x : e->own;
	s.T = e->b->tokens;
	s.Q = s.all ? s.T : e->reads.count;
	s.H = c->hidden;
	s.I = c->inner;
	pass_attention(&s, l);
	s.norm1 = pass_norm(
	    &s, s.p.norm1, s.p.norm1_bias, l * DROPOUT_PLACES + DROPOUT_OUT);
	s.norm2 = pass_norm(
	    &s, s.p.norm2, s.p.norm2_bias, l * DROPOUT_PLACES + DROPOUT_OUTER);
	return s;
}

/* What attention reads: of a last layer read in part queries are apart. */
static void
inputs_forward(const struct pass *s, bool ready)
{
	struct encoder *e = s->e;
	const real *w = s->w + s->p.qkv, *b = s->w + s->p.qkv_bias;
	size_t H = s->H;

	if (!s->all) {
		embed_gather(e->own, s->x, e->reads.token, s->Q, H);
		linear_forward(
		    s->k->query, e->own, w, b, s->Q, H, H, e->m->product);
		w += H * H;
		b += H;
	}
	if (!ready)
		linear_forward(s->k->qkv, s->x, w, b, s->T, H,
		    s->all ? 3 * H : 2 * H, e->m->product);
}

/* What follows attention, block by block; where it suits. */
static bool
follow(const struct pass *s, size_t l)
{
	struct encoder *e = s->e;
	struct follow f = { .norm1 = s->norm1,
		.norm2 = s->norm2,
		.T = s->Q,
		.H = s->H,
		.I = s->I };

	follow_layer(&f, s->w, &s->p);
	if (e->train || e->dropout.hidden > 0 ||
	    !follow_suits(&f, e->m->product))
		return false;
	if (l + 1 < e->m->config.layers) {
		struct pass next = pass_of(e, l + 1);
		size_t skip = next.all ? 0 : s->H;

		f.next.w = s->w + next.p.qkv + skip * s->H;
		f.next.b = s->w + next.p.qkv_bias + skip;
		f.next_size = next.all ? 3 * s->H : 2 * s->H;
	}
	follow_forward(
	    e->state[l + 1], s->k->qkv, s->k->read, s->own, &f, e->m->product);
	return true;
}

/* ready: the layer before has made what attention reads; returns if this has */
static bool
layer_forward(struct encoder *e, size_t l, bool ready)
{
	struct pass s = pass_of(e, l);
	const real *w = s.w;
	struct kept *k = s.k;
	size_t H = s.H, Q = s.Q;

	inputs_forward(&s, ready);
	if (s.all)
		taps_keep_qkv(e->taps, s.layer, k->qkv, s.T);
	if (e->tapped_alone && taps_end(e->taps, s.layer))
		return false;
	attention_forward(k->read, e->kept, &s.attention, e->scratch_attention,
	    e->b->longest);
	if (follow(&s, l))
		return true;
	follow_map_norm(&(struct follow_step){ k->middle, k->xhat1, k->rstd1,
			    e->d1, k->read, e->kept, s.own, w + s.p.out,
			    w + s.p.out_bias, &s.norm1, !e->train },
	    Q, H, H, e->m->product);
	linear_gelu_forward(k->gelu, k->slope, e->kept, k->middle,
	    w + s.p.inner, w + s.p.inner_bias, Q, H, s.I, e->m->product);
	follow_map_norm(
	    &(struct follow_step){ e->state[l + 1], k->xhat2, k->rstd2, e->d1,
		k->gelu, e->kept, k->middle, w + s.p.outer, w + s.p.outer_bias,
		&s.norm2, !e->train },
	    Q, s.I, H, e->m->product);
	return false;
}

void
encoder_tap(struct encoder *e, const struct taps *t, bool alone)
{
	e->taps = t;
	e->tapped_alone = t != NULL && alone;
}

static struct dropout
embedding_dropout(const struct encoder *e)
{
	return dropout_at(e, DROPOUT_EMBEDDING, e->dropout.hidden);
}

struct encoder_reads
encoder_reads_cls(const struct batch *b)
{
	return (struct encoder_reads){ b->start, b->one, b->rows };
}

/* Where the [CLS] of each row stands among the states of the last layer. */
static const size_t *
cls_place(const struct encoder *e)
{
	return e->all ? e->b->start : e->reads.start;
}

void
encoder_forward(struct encoder *e, const struct batch *b,
    const struct encoder_reads *reads, const struct encoder_dropout *dropout)
{
	const struct model *m = e->m;
	const struct config *c = &m->config;
	size_t layers = e->tapped_alone ? taps_highest(e->taps) : c->layers;
	size_t H = c->hidden;
	bool ready = false;

	reserve(e, b, reads != NULL ? reads->count : 0);
	e->b = b;
	e->all = reads == NULL;
	e->reads = reads != NULL ? *reads : (struct encoder_reads){ 0 };
	e->dropout = dropout != NULL ? *dropout : (struct encoder_dropout){ 0 };
	embeddings_forward(
	    e->state[0], e->d1, &e->embeddings, m, b, embedding_dropout(e));
	taps_keep_state(e->taps, 0, e->state[0], b->tokens);
	for (size_t l = 0; l < layers; l++) {
		ready = layer_forward(e, l, ready);
		taps_keep_state(e->taps, l + 1, e->state[l + 1], b->tokens);
	}
	if (e->tapped_alone &&
	    (layers < c->layers || taps_end(e->taps, layers)))
		return;
	embed_gather(e->cls, e->state[c->layers], cls_place(e), b->rows, H);
	pooler_forward(e->pooled, e->unsquashed, e->cls, m, b->rows);
}

const real *
encoder_pooled(const struct encoder *e)
{
	return e->pooled;
}

const real *
encoder_hidden(const struct encoder *e)
{
	return e->state[e->m->config.layers];
}

void
encoder_attention(
    const struct encoder *e, real *p, size_t layer, size_t row, size_t head)
{
	struct pass s = pass_of((struct encoder *)(uintptr_t)e, layer);

	attention_map(p, &s.attention, e->scratch_attention, row, head);
}

void
encoder_watch(
    struct encoder *e, void (*done)(void *context, size_t from), void *context)
{
	e->done = done;
	e->context = context;
}

static void
tell(const struct encoder *e, size_t from)
{
	if (e->done != NULL)
		e->done(e->context, from);
}

/* From the gradient of attention's result to that of the layer's input. */
static void
attention_part_backward(struct pass *s, real *dx, const real *dread)
{
	struct encoder *e = s->e;
	enum product_numbers kept =
	    taps_adds_qkv(e->taps, s->layer) ? PRODUCT_FLOAT32 : e->kept;
	size_t H = s->H, part = H * product_bytes(kept);
	const real *w = s->w + s->p.qkv;
	real *g = s->grad + s->p.qkv, *g_bias = s->grad + s->p.qkv_bias;
	char *dqkv = e->wide;

	if (s->all) {
		attention_backward(dqkv, dqkv + part, dqkv + 2 * part, kept,
		    dread, &s->attention, e->scratch_attention, e->b->longest);
		taps_add_qkv(e->taps, e->wide, s->layer, s->T);
		linear_kept_backward(dx, true, g, g_bias, dqkv, kept, s->x,
		    PRODUCT_FLOAT32, w, s->T, H, 3 * H, e->m->product);
		return;
	}
	/* dx holds the tokens read alone; e->d2 gets all. */
	attention_backward(e->d3, dqkv, dqkv + part, kept, dread, &s->attention,
	    e->scratch_attention, e->b->longest);
	linear_kept_backward(dx, true, g, g_bias, e->d3, kept, e->own,
	    PRODUCT_FLOAT32, w, s->Q, H, H, e->m->product);
	linear_kept_backward(e->d2, false, g + H * H, g_bias + H, dqkv, kept,
	    s->x, PRODUCT_FLOAT32, w + H * H, s->T, H, 2 * H, e->m->product);
	embed_scatter_add(e->d2, dx, e->reads.token, s->Q, H);
	memcpy(dx, e->d2, s->T * H * sizeof(real));
}

/* What the norms of this layer and the one before gave, from what they keep. */
static void
states_again(const struct pass *s, size_t l)
{
	struct encoder *e = s->e;

	norm_again(s->k->middle, s->k->xhat1, &s->norm1, s->Q, s->H);
	if (l > 0) {
		struct pass before = pass_of(e, l - 1);

		norm_again(
		    e->state[l], before.k->xhat2, &before.norm2, s->T, s->H);
	}
	if (!s->all)
		embed_gather(e->own, s->x, e->reads.token, s->Q, s->H);
}

/* d [Q,H] the gradient of the layer's result becomes [T,H], its input's. */
static void
layer_backward(struct encoder *e, real *grad, size_t l, real *d)
{
	struct pass s;
	const struct kept *k;
	const real *w = e->m->value;
	real *g = grad, *dx = e->d2;

	if (e->recompute)
		layer_forward(e, l, false);
	s = pass_of(e, l);
	s.grad = grad;
	k = s.k;
	if (!e->recompute)
		states_again(&s, l);
	norm_backward(d, dx, g + s.p.norm2, g + s.p.norm2_bias, d, k->xhat2,
	    k->rstd2, &s.norm2, s.Q, s.H);
	linear_gelu_backward(e->wide, g + s.p.outer, g + s.p.outer_bias, dx,
	    k->gelu, k->slope, e->kept, w + s.p.outer, s.Q, s.I, s.H,
	    e->m->product);
	tell(e, s.p.outer);
	linear_kept_backward(d, true, g + s.p.inner, g + s.p.inner_bias,
	    e->wide, e->kept, k->middle, PRODUCT_FLOAT32, w + s.p.inner, s.Q,
	    s.H, s.I, e->m->product);
	tell(e, s.p.inner);
	norm_backward(d, dx, g + s.p.norm1, g + s.p.norm1_bias, d, k->xhat1,
	    k->rstd1, &s.norm1, s.Q, s.H);
	linear_kept_backward(e->d1, false, g + s.p.out, g + s.p.out_bias, dx,
	    PRODUCT_FLOAT32, k->read, e->kept, w + s.p.out, s.Q, s.H, s.H,
	    e->m->product);
	tell(e, s.p.out);
	attention_part_backward(&s, d, e->d1);
	tell(e, s.p.qkv);
}

void
encoder_freeze(struct encoder *e, size_t depth)
{
	e->frozen = depth;
}

void
encoder_backward(
    struct encoder *e, real *grad, const real *dpooled, const real *dhidden)
{
	const struct model *m = e->m;
	const struct config *c = &m->config;
	const struct batch *b = e->b;
	size_t H = c->hidden, Q = e->all ? b->tokens : e->reads.count;
	real *d = e->down;

	pooler_backward(e->dcls, grad, dpooled, e->pooled, e->unsquashed,
	    e->cls, m, b->rows);
	if (dhidden != NULL)
		memcpy(d, dhidden, Q * H * sizeof(real));
	else
		memset(d, 0, Q * H * sizeof(real));
	embed_scatter_add(d, e->dcls, cls_place(e), b->rows, H);
	taps_add_state(e->taps, d, c->layers, b->tokens);
	for (size_t l = c->layers; l-- > 0 && l + 1 >= e->frozen;) {
		layer_backward(e, grad, l, d);
		taps_add_state(e->taps, d, l, b->tokens);
	}
	if (e->frozen == 0)
		embeddings_backward(grad, d, e->wide, &e->embeddings, m, b,
		    embedding_dropout(e));
	tell(e, 0);
}
