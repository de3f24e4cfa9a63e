/*
 * exact: against a plain product in double, bit for bit but for the last
 * rounding; on rows that are nearly alike and gradients that cancel, where
 * sums in float are lost; gradients against finite differences.
 */
#include "plain.h"

#include "layer/linear.h"
#include "layer/exact.h"
#include "layer/linear.h"

enum { T = 9, K = 150, N = 21 };

static real x[T * K], w[N * K], b[N], r[T * N], y[T * N];
static real dx[T * K], dw[N * K], db[N];

/* Rows and gradients as a question's candidates have them at first. */
static void
fill(bool alike)
{
	check_random(x, T * K, 1);
	check_random(w, N * K, 2);
	check_random(b, N, 3);
	check_random(r, T * N, 4);
	if (!alike)
		return;
	for (size_t t = 0; t < T; t++)
		for (size_t k = 0; k < K; k++)
			x[t * K + k] = x[k] + x[t * K + k] / 4096;
	for (size_t n = 0; n < N; n++) {
		real all = 0;

		for (size_t t = 1; t < T; t++) {
			/* of few digits, so that they do sum to 0 */
			r[t * N + n] = (real)rint(64 * (double)r[t * N + n]);
			all += r[t * N + n];
		}
		r[n] = -all;
	}
}

static double
product(const real *p, size_t p_step, const real *q, size_t q_step, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)p[i * p_step] * (double)q[i * q_step];
	return sum;
}

/* The largest difference of a number, over that number. */
static double
worst(const real *got, const double *want, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most,
		    fabs((double)got[i] - want[i]) / fmax(1e-6, fabs(want[i])));
	return most;
}

static double want_x[T * K], want_w[N * K], want_b[N], want_y[T * N];

static void
expect(void)
{
	for (size_t t = 0; t < T; t++)
		for (size_t n = 0; n < N; n++)
			want_y[t * N + n] =
			    product(x + t * K, 1, w + n * K, 1, K) +
			    (double)b[n];
	for (size_t t = 0; t < T; t++)
		for (size_t k = 0; k < K; k++)
			want_x[t * K + k] = product(r + t * N, 1, w + k, K, N);
	for (size_t n = 0; n < N; n++) {
		want_b[n] = 0;
		for (size_t t = 0; t < T; t++)
			want_b[n] += (double)r[t * N + n];
		for (size_t k = 0; k < K; k++)
			want_w[n * K + k] = product(r + n, N, x + k, K, T);
	}
}

static void
clear(void)
{
	memset(dw, 0, sizeof(dw));
	memset(db, 0, sizeof(db));
}

static void
test_sums(const char *name, bool alike)
{
	double bound = plain_exact() ? 1e-9 : 6e-8; /* half a last place */

	printf("# %s\n", name);
	fill(alike);
	expect();
	clear();
	exact_forward(y, x, w, b, false, T, K, N);
	exact_backward(dx, dw, db, r, x, w, T, K, N);
	CHECK_NEAR("outputs", worst(y, want_y, T * N), 0, bound);
	CHECK_NEAR("inputs", worst(dx, want_x, T * K), 0, bound);
	CHECK_NEAR("weights", worst(dw, want_w, N * K), 0, bound);
	CHECK_NEAR("bias", worst(db, want_b, N), 0, bound);
	if (!plain_exact()) {
		clear();
		linear_backward(NULL, false, dw, db, r, x, w, T, K, N, NULL);
		CHECK_NAMED("sums in float would be further off",
		    worst(dw, want_w, N * K) > 4 * bound);
	}
	clear();
	exact_backward(NULL, dw, db, r, x, NULL, T, K, N);
	exact_backward(NULL, dw, db, r, x, NULL, T, K, N);
	for (size_t i = 0; i < N * K; i++)
		want_w[i] *= 2;
	CHECK_NEAR("added to", worst(dw, want_w, N * K), 0, 4 * bound);
	for (size_t i = 0; i < T * N; i++)
		want_y[i] = tanh(want_y[i]);
	exact_forward(y, x, w, b, true, T, K, N);
	CHECK_NEAR("squashed", worst(y, want_y, T * N), 0, bound);
}

static double
objective(void)
{
	exact_forward(y, x, w, b, false, T, K, N);
	return plain_dot(r, y, T * N);
}

static void
test_gradients(void)
{
	fill(false);
	clear();
	exact_backward(dx, dw, db, r, x, w, T, K, N);
	CHECK_DIRECTION("x", x, dx, T * K, objective());
	CHECK_DIRECTION("w", w, dw, N * K, objective());
	CHECK_DIRECTION("b", b, db, N, objective());
	plain_negate(dw, N * K);
	CHECK_DIRECTION_FAILS("w, sign turned", w, dw, N * K, objective());
}

int
main(void)
{
	test_sums("rows drawn", false);
	test_sums("rows alike, gradients that sum to 0", true);
	if (plain_exact())
		test_gradients();
	else
		check_skip("gradients", "built in single precision");
	return check_done();
}
