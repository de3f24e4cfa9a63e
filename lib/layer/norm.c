#include "layer/norm.h"

#include <string.h>

#include "base/least.h"
#include "layer/kernel.h"

enum { TOKENS = 32, FEATURES = 64 };

static size_t
row_of(const struct norm *n, size_t t)
{
	return n->first + (n->position != NULL ? n->position[t] : t);
}

/* s = residual + dropout(x + b), into xhat for the time being. */
static KERNEL void
sum_row(real *s, const real *x, const real *b, const real *residual,
    struct dropout d, uint32_t at, size_t H)
{
	if (d.threshold > 0 && b != NULL && residual != NULL) {
#pragma omp simd
		for (size_t h = 0; h < H; h++)
			s[h] =
			    residual[h] +
			    (x[h] + b[h]) * dropout_factor(d, at + (uint32_t)h);
		return;
	}
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		s[h] = x[h] + (b != NULL ? b[h] : 0);
	if (d.threshold > 0)
#pragma omp simd
		for (size_t h = 0; h < H; h++)
			s[h] *= dropout_factor(d, at + (uint32_t)h);
	if (residual != NULL)
#pragma omp simd
		for (size_t h = 0; h < H; h++)
			s[h] += residual[h];
}

static KERNEL void
scale_row(real *y, real *xhat, real *rstd, const real *gain, const real *bias,
    real eps, size_t H)
{
	real mean = 0, var = 0, r;

#pragma omp simd reduction(+ : mean)
	for (size_t h = 0; h < H; h++)
		mean += xhat[h];
	mean /= (real)H;
	/* A second pass, not E[x^2] - mean^2: that cancels. */
#pragma omp simd reduction(+ : var)
	for (size_t h = 0; h < H; h++)
		var += (xhat[h] - mean) * (xhat[h] - mean);
	r = 1 / real_sqrt(var / (real)H + eps);
	*rstd = r;
#pragma omp simd
	for (size_t h = 0; h < H; h++) {
		real z = (xhat[h] - mean) * r;

		xhat[h] = z;
		y[h] = gain[h] * z + bias[h];
	}
}

void
norm_forward(real *y, real *xhat, real *rstd, const real *x, const real *b,
    const real *residual, const struct norm *norm, size_t T, size_t H)
{
#pragma omp parallel for schedule(static, TOKENS)
	for (size_t t = 0; t < T; t++) {
		sum_row(xhat + t * H, x + t * H, b,
		    residual != NULL ? residual + t * H : NULL, norm->dropout,
		    (uint32_t)(row_of(norm, t) * H), H);
		scale_row(y + t * H, xhat + t * H, rstd + t, norm->gain,
		    norm->bias, norm->eps, H);
	}
}

/* In halves, whose sums do not wait for each other. */
static KERNEL void
norm_row(real *y, const real *s, const struct norm *n, size_t H)
{
	const real *gain = n->gain, *bias = n->bias;
	size_t half = H / 2;
	real mean = 0, more = 0, r;

#pragma omp simd reduction(+ : mean, more)
	for (size_t h = 0; h < half; h++) {
		mean += s[h];
		more += s[half + h];
	}
	mean += more + (H % 2 > 0 ? s[H - 1] : 0);
	mean /= (real)H;
	r = more = 0;
#pragma omp simd reduction(+ : r, more)
	for (size_t h = 0; h < half; h++) {
		r += (s[h] - mean) * (s[h] - mean);
		more += (s[half + h] - mean) * (s[half + h] - mean);
	}
	r += more;
	if (H % 2 > 0)
		r += (s[H - 1] - mean) * (s[H - 1] - mean);
	r = 1 / real_sqrt(r / (real)H + n->eps);
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		y[h] = (s[h] - mean) * r * gain[h] + bias[h];
}

void
norm_rows(real *y, const real *s, const struct norm *norm, size_t T, size_t H)
{
	for (size_t t = 0; t < T; t++)
		norm_row(y + t * H, s + t * H, norm, H);
}

static KERNEL void
again_row(
    real *y, const real *xhat, const real *gain, const real *bias, size_t H)
{
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		y[h] = gain[h] * xhat[h] + bias[h];
}

void
norm_again(
    real *y, const real *xhat, const struct norm *norm, size_t T, size_t H)
{
#pragma omp parallel for schedule(static, TOKENS)
	for (size_t t = 0; t < T; t++)
		again_row(y + t * H, xhat + t * H, norm->gain, norm->bias, H);
}

/*
 * With g = gain * dy, the Jacobian of (s - mean) * rstd gives
 *	ds = rstd * (g - mean(g) - xhat * mean(g * xhat)).
 */
static KERNEL void
backward_row(real *ds, const real *dy, const real *xhat, const real *gain,
    real rstd, size_t H)
{
	real mean = 0, along = 0;

#pragma omp simd reduction(+ : mean, along)
	for (size_t h = 0; h < H; h++) {
		real g = gain[h] * dy[h];

		mean += g;
		along += g * xhat[h];
	}
	mean /= (real)H;
	along /= (real)H;
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		ds[h] = rstd * (gain[h] * dy[h] - mean - xhat[h] * along);
}

static KERNEL void
drop_row(real *dx, const real *ds, struct dropout d, uint32_t at, size_t H)
{
	if (d.threshold == 0) {
		memcpy(dx, ds, H * sizeof(*dx));
		return;
	}
#pragma omp simd
	for (size_t h = 0; h < H; h++)
		dx[h] = ds[h] * dropout_factor(d, at + (uint32_t)h);
}

/*
 * Sums over all tokens for a block of features, in the order of tokens, and
 * in double, since they often cancel.  Two tokens at a time: the sums are
 * fetched less often.
 */
static KERNEL void
parameter_block(real *dgain, real *dbias, const real *dy, const real *xhat,
    size_t T, size_t n, size_t H)
{
	double gain[FEATURES] = { 0 }, bias[FEATURES] = { 0 };

	for (; T >= 2; T -= 2, dy += 2 * H, xhat += 2 * H)
#pragma omp simd
		for (size_t h = 0; h < n; h++) {
			double first = (double)dy[h], next = (double)dy[H + h];

			gain[h] = gain[h] + first * (double)xhat[h] +
				  next * (double)xhat[H + h];
			bias[h] = bias[h] + first + next;
		}
	if (T > 0)
#pragma omp simd
		for (size_t h = 0; h < n; h++) {
			gain[h] += (double)dy[h] * (double)xhat[h];
			bias[h] += (double)dy[h];
		}
	for (size_t h = 0; h < n; h++) {
		dgain[h] += (real)gain[h];
		dbias[h] += (real)bias[h];
	}
}

void
norm_backward(real *ds, real *dx, real *dgain, real *dbias, const real *dy,
    const real *xhat, const real *rstd, const struct norm *norm, size_t T,
    size_t H)
{
	/* First: ds may overwrite dy. */
	if (dgain != NULL)
#pragma omp parallel for schedule(dynamic, 1)
		for (size_t h = 0; h < H; h += FEATURES)
			parameter_block(dgain + h, dbias + h, dy + h, xhat + h,
			    T, least(FEATURES, H - h), H);
#pragma omp parallel for schedule(static, TOKENS)
	for (size_t t = 0; t < T; t++) {
		backward_row(ds + t * H, dy + t * H, xhat + t * H, norm->gain,
		    rstd[t], H);
		if (dx != NULL)
			drop_row(dx + t * H, ds + t * H, norm->dropout,
			    (uint32_t)(row_of(norm, t) * H), H);
	}
}
