#include "layer/embed.h"

#include <string.h>

#include "base/least.h"
#include "layer/kernel.h"

enum { TOKENS = 32, FEATURES = 64 };

static KERNEL void
sum_row(real *y, const real *a, const real *b, const real *c, size_t H)
{
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		y[h] = a[h] + b[h] + c[h];
}

static KERNEL void
sum_two(real *restrict y, const real *a, const real *b, size_t H)
{
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		y[h] = a[h] + b[h];
}

void
embed_forward(real *y, const real *word, const real *position,
    const real *segment, const int32_t *id, const int32_t *at,
    const int32_t *side, size_t T, size_t H)
{
#pragma omp parallel for schedule(static, TOKENS)
	for (size_t t = 0; t < T; t++) {
		if (segment == NULL) {
			sum_two(y + t * H, word + (size_t)id[t] * H,
			    position + (size_t)at[t] * H, H);
			continue;
		}
		sum_row(y + t * H, word + (size_t)id[t] * H,
		    position + (size_t)at[t] * H, segment + (size_t)side[t] * H,
		    H);
	}
}

static KERNEL void
add_row(real *y, const real *x, size_t H)
{
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		y[h] += x[h];
}

/*
 * Threads share features, not tokens: each sum then runs over the tokens in
 * their order, whichever rows they meet in.
 */
void
embed_backward(real *dword, real *dposition, real *dsegment, const real *dy,
    const int32_t *id, const int32_t *at, const int32_t *side, size_t T,
    size_t H)
{
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t h = 0; h < H; h += FEATURES) {
		size_t n = least(FEATURES, H - h);

		for (size_t t = 0; t < T; t++) {
			const real *d = dy + t * H + h;

			add_row(dword + (size_t)id[t] * H + h, d, n);
			add_row(dposition + (size_t)at[t] * H + h, d, n);
			if (dsegment != NULL)
				add_row(
				    dsegment + (size_t)side[t] * H + h, d, n);
		}
	}
}

static KERNEL void
drop_row(real *x, struct dropout d, uint32_t at, size_t H)
{
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		x[h] *= dropout_factor(d, at + (uint32_t)h);
}

void
embed_drop(real *x, struct dropout d, size_t first, size_t T, size_t H)
{
	if (d.threshold == 0)
		return;
#pragma omp parallel for schedule(static, TOKENS)
	for (size_t t = 0; t < T; t++)
		drop_row(x + t * H, d, (uint32_t)((first + t) * H), H);
}

void
embed_gather(real *out, const real *x, const size_t *row, size_t N, size_t H)
{
	for (size_t n = 0; n < N; n++)
		memcpy(out + n * H, x + row[n] * H, H * sizeof(*out));
}

void
embed_scatter_add(
    real *x, const real *in, const size_t *row, size_t N, size_t H)
{
	for (size_t n = 0; n < N; n++)
		add_row(x + row[n] * H, in + n * H, H);
}
