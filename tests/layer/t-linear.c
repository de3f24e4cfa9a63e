/*
 * linear: against a plain product, over more tokens, inputs and outputs than
 * one block has; gradients against finite differences.
 */
#include "plain.h"

#include "layer/blas.h"
#include "layer/gelu.h"
#include "layer/linear.h"

enum { MOST_T = 200, MOST = 600 };

static real x[MOST_T * MOST], u[MOST_T * MOST], w[MOST * MOST], b[MOST];
static real y[MOST_T * MOST], r[MOST_T * MOST];
static real dx[MOST_T * MOST], dw[MOST * MOST], db[MOST], du[MOST_T * MOST];
static double want[MOST * MOST], want_b[MOST];

static const struct shape {
	size_t T, K, N;
	const char *name;
} shapes[] = { { 1, 1, 1, "1 x 1 x 1" }, { 5, 7, 6, "5 x 7 x 6" },
	{ 97, 33, 65, "97 x 33 x 65" }, { 200, 40, 600, "200 x 40 x 600" },
	{ 193, 600, 70, "193 x 600 x 70" } };

static void
fill(const struct shape *s)
{
	check_random(x, s->T * s->K, 1);
	check_random(w, s->N * s->K, 2);
	check_random(b, s->N, 3);
	check_random(r, s->T * s->N, 4);
}

static void
plain_forward(const struct shape *s, bool bias)
{
	for (size_t t = 0; t < s->T; t++)
		for (size_t n = 0; n < s->N; n++) {
			double sum = bias ? (double)b[n] : 0;

			for (size_t k = 0; k < s->K; k++)
				sum += (double)x[t * s->K + k] *
				       (double)w[n * s->K + k];
			want[t * s->N + n] = sum;
		}
}

/* The plain gradients: into want for one of them, scaled by derivative. */
static void
plain_input(const struct shape *s, double start)
{
	for (size_t t = 0; t < s->T; t++)
		for (size_t k = 0; k < s->K; k++) {
			double sum = start;

			for (size_t n = 0; n < s->N; n++)
				sum += (double)r[t * s->N + n] *
				       (double)w[n * s->K + k];
			want[t * s->K + k] = sum;
		}
}

static void
plain_weight(const struct shape *s, double start)
{
	for (size_t n = 0; n < s->N; n++) {
		want_b[n] = start;
		for (size_t t = 0; t < s->T; t++)
			want_b[n] += (double)r[t * s->N + n];
		for (size_t k = 0; k < s->K; k++) {
			double sum = start;

			for (size_t t = 0; t < s->T; t++)
				sum += (double)r[t * s->N + n] *
				       (double)x[t * s->K + k];
			want[n * s->K + k] = sum;
		}
	}
}

static void
set(real *to, size_t n, real value)
{
	for (size_t i = 0; i < n; i++)
		to[i] = value;
}

static void
test_forward(const struct shape *s)
{
	fill(s);
	set(y, s->T * s->N, NAN);
	linear_forward(y, x, w, b, s->T, s->K, s->N, BLAS_FLOAT32);
	plain_forward(s, true);
	CHECK_NAMED(s->name, plain_near(y, want, s->T * s->N));
	set(y, s->T * s->N, NAN);
	linear_forward(y, x, w, NULL, s->T, s->K, s->N, BLAS_FLOAT32);
	plain_forward(s, false);
	CHECK_NAMED("without a bias", plain_near(y, want, s->T * s->N));
	linear_gelu_forward(y, u, x, w, b, s->T, s->K, s->N, BLAS_FLOAT32);
	plain_forward(s, true);
	CHECK_NAMED("before GELU", plain_near(u, want, s->T * s->N));
	for (size_t i = 0; i < s->T * s->N; i++)
		want[i] = plain_gelu(want[i]);
	CHECK_NAMED("after GELU", plain_near(y, want, s->T * s->N));
}

static void
test_backward(const struct shape *s)
{
	size_t inputs = s->T * s->K;

	fill(s);
	set(dx, inputs, NAN);
	set(dw, s->N * s->K, 2);
	set(db, s->N, 2);
	linear_backward(
	    dx, false, dw, db, r, x, w, s->T, s->K, s->N, BLAS_FLOAT32);
	plain_input(s, 0);
	CHECK_NAMED("inputs, overwritten", plain_near(dx, want, inputs));
	plain_weight(s, 2);
	CHECK_NAMED("weights, accumulated", plain_near(dw, want, s->N * s->K));
	CHECK_NAMED("bias, accumulated", plain_near(db, want_b, s->N));
	set(dx, inputs, 3);
	linear_backward(
	    dx, true, NULL, NULL, r, x, w, s->T, s->K, s->N, BLAS_FLOAT32);
	plain_input(s, 3);
	CHECK_NAMED("inputs, added to", plain_near(dx, want, inputs));
	set(dw, s->N * s->K, 0);
	linear_backward(
	    NULL, false, dw, NULL, r, x, w, s->T, s->K, s->N, BLAS_FLOAT32);
	plain_weight(s, 0);
	CHECK_NAMED("weights alone", plain_near(dw, want, s->N * s->K));
}

static double
objective(const struct shape *s, bool bias)
{
	linear_forward(
	    y, x, w, bias ? b : NULL, s->T, s->K, s->N, BLAS_FLOAT32);
	return plain_dot(r, y, s->T * s->N);
}

/* GELU after the map. */
static double
objective_gelu(const struct shape *s)
{
	linear_gelu_forward(y, u, x, w, b, s->T, s->K, s->N, BLAS_FLOAT32);
	return plain_dot(r, y, s->T * s->N);
}

/* GELU before the map: its argument is u. */
static double
objective_after_gelu(const struct shape *s)
{
	gelu_forward(x, u, s->T * s->K);
	return objective(s, true);
}

static void
clear(const struct shape *s)
{
	set(dw, s->N * s->K, 0);
	set(db, s->N, 0);
}

static void
gradients_plain(const struct shape *s)
{
	fill(s);
	clear(s);
	linear_backward(
	    dx, false, dw, db, r, x, w, s->T, s->K, s->N, BLAS_FLOAT32);
	CHECK_DIRECTION("x", x, dx, s->T * s->K, objective(s, true));
	CHECK_DIRECTION("w", w, dw, s->N * s->K, objective(s, true));
	CHECK_DIRECTION("b", b, db, s->N, objective(s, true));
	CHECK_DIRECTION("x, no bias", x, dx, s->T * s->K, objective(s, false));
	CHECK_DIRECTION("w, no bias", w, dw, s->N * s->K, objective(s, false));
	plain_negate(dw, s->N * s->K);
	CHECK_DIRECTION_FAILS(
	    "w, sign turned", w, dw, s->N * s->K, objective(s, true));
	plain_negate(dx, s->T * s->K);
	CHECK_DIRECTION_FAILS(
	    "x, sign turned", x, dx, s->T * s->K, objective(s, true));
}

static void
gradients_gelu(const struct shape *s)
{
	fill(s);
	clear(s);
	objective_gelu(s);
	gelu_backward(du, r, u, s->T * s->N);
	linear_backward(
	    dx, false, dw, db, du, x, w, s->T, s->K, s->N, BLAS_FLOAT32);
	CHECK_DIRECTION("x, GELU after", x, dx, s->T * s->K, objective_gelu(s));
	CHECK_DIRECTION("w, GELU after", w, dw, s->N * s->K, objective_gelu(s));
	CHECK_DIRECTION("b, GELU after", b, db, s->N, objective_gelu(s));
	check_random(u, s->T * s->K, 5);
	clear(s);
	objective_after_gelu(s);
	linear_gelu_backward(
	    du, dw, db, r, x, u, w, s->T, s->K, s->N, BLAS_FLOAT32);
	CHECK_DIRECTION(
	    "u, GELU before", u, du, s->T * s->K, objective_after_gelu(s));
	CHECK_DIRECTION(
	    "w, GELU before", w, dw, s->N * s->K, objective_after_gelu(s));
	CHECK_DIRECTION("b, GELU before", b, db, s->N, objective_after_gelu(s));
	plain_negate(du, s->T * s->K);
	CHECK_DIRECTION_FAILS(
	    "u, sign turned", u, du, s->T * s->K, objective_after_gelu(s));
}

int
main(void)
{
	blas_start();
	for (size_t i = 0; i < COUNT(shapes); i++) {
		test_forward(&shapes[i]);
		test_backward(&shapes[i]);
	}
	if (!plain_exact()) {
		check_skip("gradients", "built in single precision");
		return check_done();
	}
	gradients_plain(&shapes[1]);
	gradients_plain(&shapes[2]);
	gradients_gelu(&shapes[1]);
	gradients_gelu(&shapes[2]);
	return check_done();
}
