/*
 * linear: against a plain product, over more tokens, inputs and outputs than
 * one block has, by OpenBLAS and in all numbers of oneDNN's; gradients against
 * finite differences.
 */
#include "plain.h"

#include <omp.h>
#include <stdlib.h>

#include "layer/gelu.h"
#include "layer/linear.h"
#include "layer/linearrows.h"
#include "layer/quantise.h"

enum { MOST_T = 700, MOST = 600 };

static real x[MOST_T * MOST], u[MOST_T * MOST], w[MOST * MOST], b[MOST];
static real slope[MOST_T * MOST], y[MOST_T * MOST], r[MOST_T * MOST];
static real dx[MOST_T * MOST], dw[MOST * MOST], db[MOST], du[MOST_T * MOST];
static double want[MOST * MOST], want_b[MOST];

static const struct shape {
	size_t T, K, N;
	const char *name;
} shapes[] = { { 1, 1, 1, "1 x 1 x 1" }, { 5, 7, 6, "5 x 7 x 6" },
	{ 97, 33, 65, "97 x 33 x 65" }, { 200, 40, 600, "200 x 40 x 600" },
	{ 193, 600, 70, "193 x 600 x 70" }, { 700, 96, 80, "700 x 96 x 80" },
	{ 3, 64, 200, "3 x 64 x 200" } };

/* NULL: OpenBLAS. */
static struct product *product;
static enum product_numbers numbers;

/* Numbers that a product takes as they are. */
static void
draw(real *to, size_t n, unsigned seed)
{
	check_random(to, n, seed);
	for (size_t i = 0; i < n && numbers == PRODUCT_BF16; i++) {
		float exact = (float)to[i];
		uint32_t bits;

		memcpy(&bits, &exact, sizeof(bits));
		bits &= 0xffff0000;
		memcpy(&exact, &bits, sizeof(bits));
		to[i] = (real)exact;
	}
}

static void
fill(const struct shape *s)
{
	draw(x, s->T * s->K, 1);
	draw(w, s->N * s->K, 2);
	draw(b, s->N, 3);
	draw(r, s->T * s->N, 4);
	if (product != NULL)
		product_changed(product);
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

/* y against want, the GELU's arguments, overwritten; slope against u. */
static void
check_gelu(const struct shape *s)
{
	for (size_t i = 0; i < s->T * s->N; i++)
		want[i] = plain_gelu(want[i]);
	CHECK_NAMED("after GELU", plain_near(y, want, s->T * s->N));
	linear_forward(u, x, w, b, s->T, s->K, s->N, product);
	for (size_t i = 0; i < s->T * s->N; i++)
		want[i] = plain_gelu_slope((double)u[i]);
	CHECK_NAMED("GELU's slope", plain_near(slope, want, s->T * s->N));
}

static void
test_forward(const struct shape *s)
{
	fill(s);
	set(y, s->T * s->N, NAN);
	linear_forward(y, x, w, b, s->T, s->K, s->N, product);
	plain_forward(s, true);
	CHECK_NAMED(s->name, plain_near(y, want, s->T * s->N));
	set(y, s->T * s->N, NAN);
	linear_forward(y, x, w, NULL, s->T, s->K, s->N, product);
	plain_forward(s, false);
	CHECK_NAMED("without a bias", plain_near(y, want, s->T * s->N));
	linear_gelu_forward(
	    y, slope, PRODUCT_FLOAT32, x, w, b, s->T, s->K, s->N, product);
	plain_forward(s, true);
	check_gelu(s);
	linear_gelu_forward(
	    u, NULL, PRODUCT_FLOAT32, x, w, b, s->T, s->K, s->N, product);
	CHECK_NAMED("no slopes, the same bits",
	    memcmp(u, y, s->T * s->N * sizeof(*u)) == 0);
}

static void
test_backward(const struct shape *s)
{
	size_t inputs = s->T * s->K;

	fill(s);
	set(dx, inputs, NAN);
	set(dw, s->N * s->K, 2);
	set(db, s->N, 2);
	linear_backward(dx, false, dw, db, r, x, w, s->T, s->K, s->N, product);
	plain_input(s, 0);
	CHECK_NAMED("inputs, overwritten", plain_near(dx, want, inputs));
	plain_weight(s, 2);
	CHECK_NAMED("weights, accumulated", plain_near(dw, want, s->N * s->K));
	CHECK_NAMED("bias, accumulated", plain_near(db, want_b, s->N));
	set(dx, inputs, 3);
	linear_backward(
	    dx, true, NULL, NULL, r, x, w, s->T, s->K, s->N, product);
	plain_input(s, 3);
	CHECK_NAMED("inputs, added to", plain_near(dx, want, inputs));
	set(dw, s->N * s->K, 0);
	linear_backward(
	    NULL, false, dw, NULL, r, x, w, s->T, s->K, s->N, product);
	plain_weight(s, 0);
	CHECK_NAMED("weights alone", plain_near(dw, want, s->N * s->K));
}

static double
objective(const struct shape *s, bool bias)
{
	linear_forward(y, x, w, bias ? b : NULL, s->T, s->K, s->N, product);
	return plain_dot(r, y, s->T * s->N);
}

/* GELU after the map. */
static double
objective_gelu(const struct shape *s)
{
	linear_gelu_forward(
	    y, slope, PRODUCT_FLOAT32, x, w, b, s->T, s->K, s->N, product);
	return plain_dot(r, y, s->T * s->N);
}

/* GELU before the map: its argument is u. */
static double
objective_after_gelu(const struct shape *s)
{
	gelu_slope(x, slope, u, s->T * s->K);
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
	linear_backward(dx, false, dw, db, r, x, w, s->T, s->K, s->N, product);
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
	gelu_backward(du, r, slope, s->T * s->N);
	linear_backward(dx, false, dw, db, du, x, w, s->T, s->K, s->N, product);
	CHECK_DIRECTION("x, GELU after", x, dx, s->T * s->K, objective_gelu(s));
	CHECK_DIRECTION("w, GELU after", w, dw, s->N * s->K, objective_gelu(s));
	CHECK_DIRECTION("b, GELU after", b, db, s->N, objective_gelu(s));
	check_random(u, s->T * s->K, 5);
	clear(s);
	objective_after_gelu(s);
	linear_gelu_backward(du, dw, db, r, x, slope, PRODUCT_FLOAT32, w, s->T,
	    s->K, s->N, product);
	CHECK_DIRECTION(
	    "u, GELU before", u, du, s->T * s->K, objective_after_gelu(s));
	CHECK_DIRECTION(
	    "w, GELU before", w, dw, s->N * s->K, objective_after_gelu(s));
	CHECK_DIRECTION("b, GELU before", b, db, s->N, objective_after_gelu(s));
	plain_negate(du, s->T * s->K);
	CHECK_DIRECTION_FAILS(
	    "u, sign turned", u, du, s->T * s->K, objective_after_gelu(s));
}

/* Rows of one product are those of products of any other rows. */
static void
test_rows(int threads)
{
	static const size_t some[] = { 1, 2, 7, 13, 16, 31, 64, 65, 127, 250 };
	const struct shape s = { MOST_T, 96, 130, "" };
	static real all[MOST_T * MOST];
	size_t differ = 0, wide = s.N;
	int before = omp_get_max_threads();

	check_random(x, s.T * s.K, 1);
	check_random(w, s.N * s.K, 2);
	product_changed(product);
	linear_forward(all, x, w, b, s.T, s.K, s.N, product);
	omp_set_num_threads(threads);
	for (size_t i = 0; i < COUNT(some); i++) {
		size_t from = s.T - some[i];

		linear_forward(
		    y, x + from * s.K, w, b, some[i], s.K, s.N, product);
		differ += memcmp(y, all + from * wide,
			      some[i] * wide * sizeof(*y)) != 0;
	}
	omp_set_num_threads(before);
	CHECK_NEAR("rows that differ among others", (double)differ, 0, 0);
}

/* Weights that change are packed anew when that is said. */
static void
test_changed(void)
{
	const struct shape *s = &shapes[2];

	fill(s);
	product_changed(product);
	linear_forward(y, x, w, b, s->T, s->K, s->N, product);
	plain_negate(w, s->N * s->K);
	product_changed(product);
	linear_forward(y, x, w, b, s->T, s->K, s->N, product);
	plain_forward(s, true);
	CHECK_NAMED("weights that changed", plain_near(y, want, s->T * s->N));
}

static void
test_all(void)
{
	for (size_t i = 0; i < COUNT(shapes); i++) {
		test_forward(&shapes[i]);
		test_backward(&shapes[i]);
	}
}

static bool
by_onednn(void)
{
	char name[PRODUCT_NAME];

	product_library(name);
	return strncmp(name, "oneDNN", 6) == 0;
}

static void *
take(size_t bytes)
{
	return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

/* y = x W^T + b of x and W as they are quantised, for want. */
static void
plain_quantised(const struct shape *s)
{
	static uint8_t row[MOST];
	static int8_t q[MOST];
	float scale, sum;

	for (size_t n = 0; n < s->N; n++) {
		quantise_weights(q, 4, &scale, &sum, w + n * s->K, s->K);
		for (size_t t = 0; t < s->T; t++) {
			struct quantised_row of =
			    quantise_row(row, x + t * s->K, s->K);
			double all = 0;

			for (size_t k = 0; k < s->K; k++)
				all += ((double)of.step * row[k] +
					   (double)of.low) *
				       q[k];
			want[t * s->N + n] = (double)scale * all + (double)b[n];
		}
	}
}

/* Rounding moves no number by more than half a step. */
static void
test_rounding(void)
{
	static uint8_t row[MOST];
	struct quantised_row of;
	double worst = 0;

	check_random(x, MOST, 1);
	of = quantise_row(row, x, MOST);
	for (size_t k = 0; k < MOST; k++)
		worst = fmax(worst, fabs((double)x[k] - (double)of.low -
					 (double)of.step * row[k]));
	CHECK_NEAR("rounding", worst / (double)of.step, 0.25, 0.2501);
	x[7] = NAN;
	of = quantise_row(row, x, MOST);
	CHECK_NAMED("a row with a NaN is one", isnan((double)of.low));
	x[7] = INFINITY;
	of = quantise_row(row, x, MOST);
	CHECK_NAMED("or an infinity", isnan((double)of.low));
	set(x, MOST, 3);
	of = quantise_row(row, x, MOST);
	CHECK_NAMED("a row of one number",
	    (double)of.low + (double)of.step * row[5] == 3);
}

/* Maps of blocks of rows give linear_add_forward's bits, which are in y. */
static void
check_rows_of(const struct shape *s)
{
	size_t rows = linear_rows_block(s->T, LINEAR_ROWS);
	struct linear_rows m;
	enum product_numbers of;
	void *scratch;

	product_begin(product, s->N, s->K, &of);
	linear_rows_plan(&m, w, b, s->K, s->N, s->T, rows, product);
	scratch = take(linear_rows_bytes(&m));
	product_scratch(product, 0, 0);
	for (size_t t = 0; t < s->T; t += rows)
		linear_rows_run(&m, u + t * s->N, x + t * s->K, r + t * s->N,
		    s->T - t < rows ? s->T - t : rows, false, scratch);
	CHECK_NAMED(
	    "by blocks of rows", memcmp(u, y, s->T * s->N * sizeof(*y)) == 0);
	free(scratch);
}

static void
test_quantised(void)
{
	for (size_t i = 0; i < COUNT(shapes); i++) {
		const struct shape *s = &shapes[i];

		if (s->K < 16 || s->N < 16)
			continue; /* float32 */
		fill(s);
		linear_forward(y, x, w, b, s->T, s->K, s->N, product);
		plain_quantised(s);
		CHECK_NAMED(s->name, plain_near(y, want, s->T * s->N));
		for (size_t k = 0; k < s->T * s->N; k++)
			want[k] += (double)r[k];
		linear_add_forward(y, x, r, w, b, s->T, s->K, s->N, product);
		CHECK_NAMED("and added", plain_near(y, want, s->T * s->N));
		check_rows_of(s);
		plain_quantised(s);
		linear_gelu_forward(y, NULL, PRODUCT_FLOAT32, x, w, b, s->T,
		    s->K, s->N, product);
		for (size_t k = 0; k < s->T * s->N; k++)
			want[k] = plain_gelu(want[k]);
		CHECK_NAMED("after GELU", plain_near(y, want, s->T * s->N));
		CHECK_NAMED("whole numbers: adding is free",
		    linear_adds(product, s->N, s->K));
	}
}

/* x [n] = what is kept of it. */
static void
widen(real *to, const uint16_t *kept, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = number_widen(kept[i]);
}

static uint16_t kept_y[MOST_T * MOST], kept_slope[MOST_T * MOST];
static uint16_t kept_du[MOST_T * MOST];
static real other[MOST_T * MOST], other_w[MOST * MOST], other_b[MOST];

/* A gradient that is kept, and one that is not, of an x that is. */
static void
check_kept_backward(const struct shape *s)
{
	size_t n = s->T * s->N, k = s->T * s->K, weights = s->N * s->K;

	fill(s);
	check_random(r, n, 6); /* which are rounded */
	blocked_round(kept_slope, r, n);
	blocked_round(kept_y, x, k);
	for (int rounded = 0; rounded < 2; rounded++) {
		enum product_numbers kept = linear_kept(product, s->N, s->K);

		if (rounded)
			widen(r, kept_slope, n);
		set(dx, k, 3);
		set(other, k, 3);
		set(dw, weights, 2);
		set(other_w, weights, 2);
		set(db, s->N, 2);
		set(other_b, s->N, 2);
		linear_backward(
		    dx, true, dw, db, r, x, w, s->T, s->K, s->N, product);
		linear_kept_backward(other, true, other_w, other_b,
		    rounded ? (const void *)kept_slope : r,
		    rounded ? kept : PRODUCT_FLOAT32, kept_y, kept, w, s->T,
		    s->K, s->N, product);
		CHECK_NAMED("dx", memcmp(other, dx, k * sizeof(*dx)) == 0);
		CHECK_NAMED(
		    "dw", memcmp(other_w, dw, weights * sizeof(*dw)) == 0);
		CHECK_NAMED("db", memcmp(other_b, db, s->N * sizeof(*db)) == 0);
	}
}

/* What is kept in bfloat16 gives the bits of the same numbers in float32. */
static void
check_kept(const struct shape *s)
{
	size_t n = s->T * s->N, k = s->T * s->K, weights = s->N * s->K;
	enum product_numbers kept = linear_kept(product, s->N, s->K);

	CHECK_NAMED("kept where it is multiplied",
	    (kept == PRODUCT_BF16) == (s->N >= 16 && s->K >= 16));
	if (kept != PRODUCT_BF16)
		return;
	fill(s);
	linear_gelu_forward(
	    y, slope, PRODUCT_FLOAT32, x, w, b, s->T, s->K, s->N, product);
	linear_gelu_forward(
	    kept_y, kept_slope, kept, x, w, b, s->T, s->K, s->N, product);
	CHECK_NAMED(s->name, plain_rounded(kept_y, y, n));
	CHECK_NAMED("slopes", plain_rounded(kept_slope, slope, n));
	blocked_round(kept_y, x, k);
	blocked_round(kept_slope, dx, k);
	widen(x, kept_y, k);
	widen(slope, kept_slope, k);
	linear_forward(y, x, w, NULL, s->T, s->K, s->N, product);
	linear_kept_forward(other, kept_y, kept, w, s->T, s->K, s->N, product);
	CHECK_NAMED("read", memcmp(other, y, n * sizeof(*y)) == 0);
	set(dw, weights, 2);
	set(other_w, weights, 2);
	linear_gelu_backward(du, dw, NULL, r, x, slope, PRODUCT_FLOAT32, w,
	    s->T, s->K, s->N, product);
	linear_gelu_backward(kept_du, other_w, NULL, r, kept_y, kept_slope,
	    kept, w, s->T, s->K, s->N, product);
	CHECK_NAMED("du", plain_rounded(kept_du, du, k));
	CHECK_NAMED("dW", memcmp(other_w, dw, weights * sizeof(*dw)) == 0);
	memset(kept_du, 0, sizeof(kept_du));
	linear_gelu_backward(kept_du, NULL, NULL, r, kept_y, kept_slope, kept,
	    w, s->T, s->K, s->N, product);
	CHECK_NAMED("du alone", plain_rounded(kept_du, du, k));
	check_kept_backward(s);
}

static void
test_product(enum product_numbers n)
{
	static const struct product_memory memory = { take, free };
	static const char *const name[] = { "float32", "bf16", "int8" };
	const char *refusal;

	product = calloc(1, product_size());
	refusal = product_start(product, n, &memory);
	printf("# %s: %s\n", name[n], refusal != NULL ? refusal : "started");
	numbers = n;
	if (refusal == NULL) {
		if (n == PRODUCT_INT8)
			test_quantised();
		else {
			test_all();
			test_changed();
			for (size_t i = 0;
			     n == PRODUCT_BF16 && i < COUNT(shapes); i++)
				check_kept(&shapes[i]);
		}
		if (by_onednn()) {
			test_rows(1);
			test_rows(3);
		}
	} else
		check_skip(name[n], refusal);
	product_end(product);
	free(product);
	product = NULL;
	numbers = PRODUCT_FLOAT32;
}

int
main(void)
{
	test_all();
	test_product(PRODUCT_FLOAT32);
	test_product(PRODUCT_BF16);
	test_rounding();
	test_product(PRODUCT_INT8);
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
