/*
 * norm: against the formula, and the gradient against finite differences,
 * signed, along random directions of every input, for each combination of
 * bias, residual and dropout.
 */
#include "plain.h"

#include "layer/norm.h"

enum { T = 37, H = 67 };

static real x[T * H], b[H], residual[T * H], gain[H], bias[H], r[T * H];
static real y[T * H], xhat[T * H], rstd[T];
static real ds[T * H], dx[T * H], dgain[H], dbias[H];
static size_t position[T];

/* One combination of what may stand before a norm. */
struct form {
	bool b, residual, dropout, position;
};

static struct norm
norm_of(const struct form *f)
{
	struct norm n = {
		.gain = gain, .bias = bias, .eps = (real)1e-12, .first = 5
	};

	n.dropout = dropout_make(rng_key(7, 1, 2), f->dropout ? 0.3 : 0);
	n.position = f->position ? position : NULL;
	return n;
}

static void
forward(const struct form *f)
{
	struct norm n = norm_of(f);

	norm_forward(y, xhat, rstd, x, f->b ? b : NULL,
	    f->residual ? residual : NULL, &n, T, H);
}

static double
objective(const struct form *f)
{
	forward(f);
	return plain_dot(r, y, T * H);
}

static double
kept(const struct form *f, size_t t, size_t h)
{
	struct norm n = norm_of(f);
	size_t row = 5 + (f->position ? position[t] : t);

	return f->dropout
		   ? (double)dropout_factor(n.dropout, (uint32_t)(row * H + h))
		   : 1;
}

/* The formula of the header, number by number. */
static void
plain(double *want, const struct form *f)
{
	for (size_t t = 0; t < T; t++) {
		double s[H], mean = 0, var = 0;

		for (size_t h = 0; h < H; h++) {
			s[h] = (double)x[t * H + h] + (f->b ? (double)b[h] : 0);
			s[h] *= kept(f, t, h);
			s[h] += f->residual ? (double)residual[t * H + h] : 0;
			mean += s[h] / H;
		}
		for (size_t h = 0; h < H; h++)
			var += (s[h] - mean) * (s[h] - mean) / H;
		for (size_t h = 0; h < H; h++)
			want[t * H + h] =
			    (double)bias[h] +
			    (double)gain[h] * (s[h] - mean) / sqrt(var + 1e-12);
	}
}

static void
test_forward(const struct form *f)
{
	static double want[T * H];
	static real again[T * H];
	struct norm n = norm_of(f);

	forward(f);
	plain(want, f);
	CHECK_NAMED("the formula", plain_near(y, want, T * H));
	/* In place of its input, and without xhat of its own. */
	memcpy(again, x, sizeof(again));
	norm_forward(again, xhat, rstd, again, f->b ? b : NULL,
	    f->residual ? residual : NULL, &n, T, H);
	CHECK_NAMED("in place", memcmp(again, y, sizeof(y)) == 0);
	norm_forward(again, again, rstd, x, f->b ? b : NULL,
	    f->residual ? residual : NULL, &n, T, H);
	CHECK_NAMED("without xhat", memcmp(again, y, sizeof(y)) == 0);
	forward(f);
	norm_again(again, xhat, &n, T, H);
	CHECK_NAMED("from xhat", memcmp(again, y, sizeof(y)) == 0);
}

/* To answer with, of odd rows and even ones, in place, far from 0. */
static void
test_rows(real mean, size_t wide)
{
	static double want[H];
	static real s[H];
	struct norm n = { .gain = gain, .bias = bias, .eps = (real)1e-12 };
	double average = 0, var = 0;

	for (size_t h = 0; h < wide; h++) {
		s[h] = x[h] + mean;
		average += (double)s[h] / (double)wide;
	}
	for (size_t h = 0; h < wide; h++)
		var += ((double)s[h] - average) * ((double)s[h] - average) /
		       (double)wide;
	for (size_t h = 0; h < wide; h++)
		want[h] = (double)bias[h] + (double)gain[h] *
						((double)s[h] - average) /
						sqrt(var + 1e-12);
	norm_rows(s, s, &n, 1, wide);
	CHECK_NAMED("a row to answer with",
	    plain_distance(s, want, wide) < (plain_exact() ? 1e-11
						: mean > 0 ? 1e-3
							   : 1e-6));
}

static void
backward(const struct form *f)
{
	struct norm n = norm_of(f);

	memset(dgain, 0, sizeof(dgain));
	memset(dbias, 0, sizeof(dbias));
	forward(f);
	norm_backward(ds, dx, dgain, dbias, r, xhat, rstd, &n, T, H);
}

static void
test_backward(const struct form *f)
{
	static real alone[T * H], dy[T * H];
	struct norm n = norm_of(f);

	backward(f);
	memcpy(dy, r, sizeof(dy));
	memcpy(alone, dbias, sizeof(dbias));
	norm_backward(dy, NULL, dgain, dbias, dy, xhat, rstd, &n, T, H);
	CHECK_NAMED("in place of dy", memcmp(dy, ds, sizeof(ds)) == 0);
	CHECK_NAMED(
	    "accumulates", fabs((double)(dbias[3] - 2 * alone[3])) < 1e-4);
	norm_backward(dy, alone, NULL, NULL, r, xhat, rstd, &n, T, H);
	CHECK_NAMED(
	    "without parameters", memcmp(dy, ds, sizeof(ds)) == 0 &&
				      memcmp(alone, dx, sizeof(dx)) == 0);
}

static void
gradients(const struct form *f)
{
	static real db[H];

	backward(f);
	memset(db, 0, sizeof(db));
	for (size_t i = 0; i < T * H; i++)
		db[i % H] += dx[i];
	printf("# bias %d, residual %d, dropout %d, positions %d\n", f->b,
	    f->residual, f->dropout, f->position);
	CHECK_DIRECTION("x", x, dx, T * H, objective(f));
	CHECK_DIRECTION("gain", gain, dgain, H, objective(f));
	CHECK_DIRECTION("bias", bias, dbias, H, objective(f));
	if (f->b)
		CHECK_DIRECTION("bias of x", b, db, H, objective(f));
	if (f->residual)
		CHECK_DIRECTION("residual", residual, ds, T * H, objective(f));
	plain_negate(dgain, H);
	CHECK_DIRECTION_FAILS(
	    "gain, sign turned", gain, dgain, H, objective(f));
	plain_negate(dx, T * H);
	CHECK_DIRECTION_FAILS("x, sign turned", x, dx, T * H, objective(f));
}

/* A large mean must not cancel the variance. */
static void
test_large_mean(void)
{
	const struct form f = { false, false, false, false };
	static double want[T * H];

	for (size_t i = 0; i < T * H; i++)
		x[i] += 1000;
	forward(&f);
	plain(want, &f);
	CHECK_NAMED("mean 1000",
	    plain_distance(y, want, T * H) < (plain_exact() ? 1e-11 : 1e-3));
}

int
main(void)
{
	for (size_t t = 0; t < T; t++)
		position[t] = 3 * t + t % 2;
	check_random(gain, H, 2);
	check_random(bias, H, 3);
	check_random(r, T * H, 4);
	check_random(residual, T * H, 5);
	check_random(b, H, 6);
	check_random(x, T * H, 1);
	for (unsigned i = 0; i < 16; i++) {
		struct form f = { i & 1, i & 2, i & 4, i & 8 };

		test_forward(&f);
		test_backward(&f);
		if (plain_exact())
			gradients(&f);
	}
	if (!plain_exact())
		check_skip("gradients", "built in single precision");
	test_rows(0, H);
	test_rows(0, H - 1);
	test_rows(1000, H);
	test_large_mean();
	return check_done();
}
