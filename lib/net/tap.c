#include "net/tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "layer/embed.h"

struct taps *
taps_new(const struct config *c, bool gradients)
{
	struct taps *t = mem_zero(1, sizeof(*t));

	t->layers = c->layers;
	t->hidden = c->hidden;
	t->gradients = gradients;
	t->at = mem_zero(c->layers + 1, sizeof(*t->at));
	return t;
}

void
taps_free(struct taps *t)
{
	if (t == NULL)
		return;
	free(t->at);
	free(t->block);
	free(t);
}

void
taps_want(struct taps *t, size_t layer, unsigned what)
{
	t->at[layer].what |= what;
}

size_t
taps_highest(const struct taps *t)
{
	size_t l = t->layers;

	while (l > 0 && t->at[l].what == 0)
		l--;
	return l;
}

bool
taps_end(const struct taps *t, size_t layer)
{
	return layer == taps_highest(t) && t->at[layer].what == TAP_QKV;
}

static void
lay_out(struct arena *a, const struct taps *t, struct tap *at, size_t T)
{
	size_t H = t->hidden;

	for (size_t l = 0; l <= t->layers; l++) {
		unsigned what = t->at[l].what;

		if ((what & TAP_STATE) != 0)
			at[l].state = arena_reals(a, T * H);
		if ((what & TAP_QKV) != 0)
			at[l].qkv = arena_reals(a, T * 3 * H);
		if ((what & TAP_STATE) != 0 && t->gradients)
			at[l].dstate = arena_reals(a, T * H);
		if ((what & TAP_QKV) != 0 && t->gradients)
			at[l].dqkv = arena_reals(a, T * 3 * H);
	}
}

size_t
taps_bytes(const struct taps *t, size_t tokens)
{
	struct arena a = arena_count();
	struct tap *at = mem_zero(t->layers + 1, sizeof(*at));

	lay_out(&a, t, at, tokens);
	free(at);
	return a.used;
}

void
taps_reserve(struct taps *t, size_t tokens)
{
	size_t H = t->hidden;

	if (tokens > t->room) {
		struct arena a;

		free(t->block);
		t->room = tokens;
		t->block = mem_align(taps_bytes(t, tokens), 1);
		a = arena_in(t->block);
		lay_out(&a, t, t->at, tokens);
	}
	for (size_t l = 0; l <= t->layers; l++) {
		struct tap *p = &t->at[l];

		if (p->dstate != NULL)
			memset(p->dstate, 0, tokens * H * sizeof(real));
		if (p->dqkv != NULL)
			memset(p->dqkv, 0, tokens * 3 * H * sizeof(real));
	}
}

void
taps_gather(
    struct taps *to, const struct taps *from, const size_t *token, size_t n)
{
	size_t H = to->hidden;

	taps_reserve(to, n);
	for (size_t l = 0; l <= to->layers; l++) {
		if (to->at[l].state != NULL)
			embed_gather(
			    to->at[l].state, from->at[l].state, token, n, H);
		if (to->at[l].qkv != NULL)
			embed_gather(
			    to->at[l].qkv, from->at[l].qkv, token, n, 3 * H);
	}
}

void
taps_scatter(
    struct taps *to, const struct taps *from, const size_t *token, size_t n)
{
	size_t H = from->hidden;

	for (size_t l = 0; l <= from->layers; l++) {
		if (from->at[l].dstate != NULL)
			embed_scatter_add(
			    to->at[l].dstate, from->at[l].dstate, token, n, H);
		if (from->at[l].dqkv != NULL)
			embed_scatter_add(
			    to->at[l].dqkv, from->at[l].dqkv, token, n, 3 * H);
	}
}

static void
copy_rows(real *to, const real *from, size_t T, size_t H)
{
#pragma omp parallel for schedule(static, 32)
	for (size_t t = 0; t < T; t++)
		memcpy(to + t * H, from + t * H, H * sizeof(*to));
}

static void
add(real *to, const real *from, size_t n)
{
#pragma omp parallel for simd schedule(static, 4096)
	for (size_t i = 0; i < n; i++)
		to[i] += from[i];
}

void
taps_keep_state(const struct taps *t, size_t layer, const real *state, size_t T)
{
	if (t != NULL && t->at[layer].state != NULL)
		copy_rows(t->at[layer].state, state, T, t->hidden);
}

void
taps_keep_qkv(const struct taps *t, size_t layer, const real *qkv, size_t T)
{
	if (t != NULL && t->at[layer].qkv != NULL)
		copy_rows(t->at[layer].qkv, qkv, T, 3 * t->hidden);
}

void
taps_add_state(const struct taps *t, real *d, size_t layer, size_t T)
{
	if (t != NULL && t->at[layer].dstate != NULL)
		add(d, t->at[layer].dstate, T * t->hidden);
}

bool
taps_adds_qkv(const struct taps *t, size_t layer)
{
	return t != NULL && t->at[layer].dqkv != NULL;
}

void
taps_add_qkv(const struct taps *t, real *d, size_t layer, size_t T)
{
	if (taps_adds_qkv(t, layer))
		add(d, t->at[layer].dqkv, T * 3 * t->hidden);
}
