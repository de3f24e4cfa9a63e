/*
 * softmax: against libm, at any scale, and the fast rows of attention
 * against the plain vector.
 */
#include "plain.h"

#include "layer/softmax.h"

enum { ROWS = 7, MOST = 130 };

static void
plain_softmax(double *p, const real *x, double scale, size_t n)
{
	double max = -INFINITY, sum = 0;

	for (size_t i = 0; i < n; i++)
		max = fmax(max, (double)x[i] * scale);
	for (size_t i = 0; i < n; i++)
		sum += p[i] = exp((double)x[i] * scale - max);
	for (size_t i = 0; i < n; i++)
		p[i] /= sum;
}

static void
test_vectors(size_t n, double size)
{
	real x[MOST], p[MOST], logp[MOST];
	double want[MOST], want_log[MOST];

	check_random(x, n, (unsigned)n);
	for (size_t i = 0; i < n; i++)
		x[i] *= (real)size;
	plain_softmax(want, x, 1, n);
	for (size_t i = 0; i < n; i++)
		want_log[i] =
		    want[i] > 1e-300 ? log(want[i]) : (double)x[i] - 1e300;
	softmax_forward(p, x, n);
	CHECK_NAMED("softmax", plain_near(p, want, n));
	softmax_log(logp, x, n);
	if (size < 100)
		CHECK_NAMED("log softmax", plain_near(logp, want_log, n));
	softmax_forward(x, x, n);
	CHECK_NAMED("in place", memcmp(x, p, n * sizeof(*x)) == 0);
}

static void
test_rows(size_t n, real scale)
{
	static real rows[ROWS * MOST];
	static double want[ROWS * MOST];

	check_random(rows, ROWS * n, (unsigned)n + 1);
	for (size_t i = 0; i < ROWS * n; i++)
		rows[i] *= 8;
	for (size_t r = 0; r < ROWS; r++)
		plain_softmax(want + r * n, rows + r * n, (double)scale, n);
	softmax_rows(rows, scale, ROWS, n, n);
	CHECK_NAMED("rows", plain_near(rows, want, ROWS * n));
}

/* Down the columns, divided by what comes with them; halves leave the rest. */
static void
test_columns(size_t n, bool half)
{
	enum { C = SOFTMAX_COLUMNS };
	static real x[MOST * C], old[MOST * C], share[C];
	size_t count = half ? C / 2 : C;
	bool near = true, left = true;

	check_random(x, n * C, (unsigned)n + 2);
	for (size_t i = 0; i < n * C; i++)
		old[i] = x[i] *= 8;
	softmax_columns(x, share, (real)0.125, n, half);
	for (size_t c = 0; c < C; c++) {
		real column[MOST], got[MOST];
		double want[MOST];

		for (size_t i = 0; i < n; i++) {
			column[i] = old[i * C + c];
			got[i] = x[i * C + c] * share[c];
			left &= c < count || x[i * C + c] == column[i];
		}
		plain_softmax(want, column, 0.125, n);
		near &= c >= count || plain_near(got, want, n);
	}
	CHECK_NAMED("columns", near);
	CHECK_NAMED("and no others", left);
}

/* Far apart, and far from 0: no overflow, no division by 0. */
static void
test_extremes(void)
{
	real x[3] = { 1e30f, -1e30f, 1e30f }, p[3], logp[3];

	softmax_forward(p, x, 3);
	CHECK(p[0] == (real)0.5 && p[1] == 0 && p[2] == (real)0.5);
	softmax_log(logp, x, 3);
	CHECK(isfinite((double)logp[0]) && logp[1] < -1e29f);
	softmax_rows(x, 1, 1, 3, 3);
	CHECK_NEAR("rows far apart", (double)x[0], 0.5, 1e-6);
	CHECK_NEAR("rows far below", (double)x[1], 0, 1e-30);
	x[0] = 700;
	softmax_rows(x, 1, 1, 1, 1);
	CHECK_NEAR("one entry", (double)x[0], 1, 0);
}

int
main(void)
{
	static const size_t lengths[] = { 1, 2, 3, 16, 33, MOST };

	for (size_t i = 0; i < COUNT(lengths); i++) {
		test_vectors(lengths[i], 1);
		test_vectors(lengths[i], 30);
		test_rows(lengths[i], 1);
		test_rows(lengths[i], (real)0.125);
		test_columns(lengths[i], false);
		test_columns(lengths[i], true);
	}
	test_extremes();
	return check_done();
}
