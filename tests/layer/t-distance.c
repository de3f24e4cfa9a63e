/*
 * distance: losses against plain ones, gradients against differences, states
 * that are nothing, the same bytes for any number of threads.
 */
#include "plain.h"

#include "base/thread.h"
#include "layer/distance.h"

enum { T = 70, N = 37 };

typedef double distance(
    real *, double *, const real *, const real *, size_t, size_t, double);

static real u[T * N], v[T * N], du[T * N], again[T * N];
static double part[T];

static double
plain_row(bool cosine, const real *x, const real *y)
{
	double sum = 0;

	if (cosine)
		return 1 - plain_dot(x, y, N) /
			       sqrt(plain_dot(x, x, N) * plain_dot(y, y, N));
	for (size_t i = 0; i < N; i++)
		sum += pow((double)x[i] - (double)y[i], 2) / N;
	return sum;
}

static void
test(bool cosine)
{
	distance *f = cosine ? distance_cosine : distance_squares;
	double want = 0, got = f(NULL, part, u, v, T, N, 0.7);
	const char *name = cosine ? "cosine" : "squares";

	for (size_t t = 0; t < T; t++)
		want += 0.7 * plain_row(cosine, u + t * N, v + t * N);
	CHECK_NEAR(name, got / want, 1, plain_exact() ? 1e-13 : 1e-6);
	memset(du, 0, sizeof(du));
	f(du, part, u, v, T, N, 0.7);
	memcpy(again, du, sizeof(du));
	thread_use(3);
	memset(du, 0, sizeof(du));
	CHECK_NAMED("threads", f(du, part, u, v, T, N, 0.7) == got &&
				   memcmp(again, du, sizeof(du)) == 0);
	thread_use(1);
	if (!plain_exact())
		return;
	CHECK_DIRECTION(
	    "gradient", u, du, T * N, f(NULL, part, u, v, T, N, 0.7));
	plain_negate(du, T * N);
	CHECK_DIRECTION_FAILS(
	    "a wrong sign fails", u, du, T * N, f(NULL, part, u, v, T, N, 0.7));
}

/* The gradient is added to; vectors of zeros have no direction. */
static void
test_edges(void)
{
	real zero[N] = { 0 }, d[N] = { 0 };
	double once;

	CHECK_NEAR("no direction",
	    distance_cosine(d, part, zero, zero, 1, N, 1), 1, 0);
	CHECK(d[0] == 0);
	distance_squares(d, part, u, v, 1, N, 1);
	once = (double)d[3];
	distance_squares(d, part, u, v, 1, N, 1);
	CHECK_NEAR("added to", (double)d[3], 2 * once, 1e-6);
	CHECK_NEAR(
	    "alike", distance_cosine(NULL, part, u, u, 1, N, 1), 0, 1e-7);
}

int
main(void)
{
	thread_use(1);
	check_random(u, T * N, 1);
	check_random(v, T * N, 2);
	test(false);
	test(true);
	test_edges();
	return check_done();
}
