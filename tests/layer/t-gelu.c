/*
 * gelu, and the exponential and the normal distribution below it: against
 * libm over their whole range, in units of the last place.
 */
#include "plain.h"

#include <float.h>

#include "layer/gelu.h"
#include "layer/special.h"

enum { N = 4096, STEPS = 2000001 };

/* Units of the last place of real between a value and the exact one. */
static double
ulps(real got, double want)
{
	double size = fmax(fabs(want), (double)FLT_MIN);
	double unit = plain_exact() ? DBL_EPSILON : FLT_EPSILON;

	return fabs((double)got - want) / (size * unit);
}

static double
worst_exp(double from, double to)
{
	double worst = 0;

	for (size_t i = 0; i < STEPS; i++) {
		real x = (real)(from + (to - from) * (double)i / (STEPS - 1));

		worst = fmax(worst, ulps(special_exp(x), exp((double)x)));
	}
	return worst;
}

static double
worst_normal(double from, double to, bool density)
{
	double worst = 0;

	for (size_t i = 0; i < STEPS; i++) {
		real x = (real)(from + (to - from) * (double)i / (STEPS - 1));
		double z = (double)x, exact, d;
		real phi, below = special_normal(x, &phi);

		exact = density ? exp(-z * z / 2) * 0.39894228040143267794
				: erfc(-z * 0.70710678118654752440) / 2;
		d = ulps(density ? phi : below, exact);
		worst = fmax(worst, d);
	}
	return worst;
}

/* Errors grow with the exponent's own rounding, x^2 / 2 units. */
static void
test_kernels(void)
{
	CHECK_NEAR("exp, -87 to 88", worst_exp(-87, 88), 0, 3);
	CHECK_NEAR("exp, around 0", worst_exp(-1, 1), 0, 2);
	CHECK(special_exp(0) == 1);
	/* whatever bits a NaN has, also under UBSan */
	CHECK(isnan(special_exp((real)NAN)));
	CHECK(isnan(special_exp((real)nanf("0xff"))));
	CHECK_NEAR("normal, -1 to 1", worst_normal(-1, 1, false), 0, 4);
	CHECK_NEAR("normal, 0 to 20", worst_normal(0, 20, false), 0, 4);
	CHECK_NEAR("normal, -4 to 0", worst_normal(-4, 0, false), 0, 12);
	CHECK_NEAR("density, -2 to 2", worst_normal(-2, 2, true), 0, 6);
	CHECK_NEAR("density, -4 to 4", worst_normal(-4, 4, true), 0, 12);
	CHECK(
	    isfinite((double)special_exp(-1000)) && special_exp(-1000) < 1e-30);
}

/* For what is rounded to 8 bits next. */
static void
test_near(void)
{
	double worst = 0, far = 0;

	for (size_t i = 0; i < STEPS; i++) {
		real u = (real)(-8 + 16 * (double)i / (STEPS - 1));

		worst = fmax(worst,
		    fabs((double)special_gelu(u) - plain_gelu((double)u)));
		if (fabs((double)u) > 0.05) /* 100 u is beyond 5 */
			far = fmax(far, fabs((double)(special_gelu(100 * u)) -
					     fmax(0, 100 * (double)u)) /
					    fabs(100 * (double)u));
	}
	CHECK_NEAR("gelu for 8 bits, -8 to 8", worst, 0, 2e-6);
	CHECK_NEAR("of large numbers", far, 0, 4e-7);
	CHECK(isnan(special_gelu((real)NAN)));
	CHECK(special_gelu((real)INFINITY) == (real)INFINITY);
}

static void
test_forward(void)
{
	static real u[N], y[N], in_place[N], slope[N], other[N];
	static double want[N];

	for (size_t i = 0; i < N; i++) {
		u[i] = (real)(-16 + 32 * (double)i / (N - 1));
		want[i] = plain_gelu((double)u[i]);
	}
	gelu_forward(y, u, N);
	for (size_t i = 0; i < N; i++)
		if (fabs((double)y[i] - want[i]) >
		    1e-6 * fmax(1e-3, fabs(want[i]))) {
			printf("# u %g: %g, expected %g\n", (double)u[i],
			    (double)y[i], want[i]);
			CHECK_NAMED("gelu, -16 to 16", false);
			return;
		}
	CHECK_NAMED("gelu, -16 to 16", true);
	gelu_slope(in_place, slope, u, N);
	CHECK_NAMED("with slopes", memcmp(in_place, y, sizeof(y)) == 0);
	memcpy(in_place, u, sizeof(u));
	gelu_slope(in_place, other, in_place, N);
	CHECK_NAMED("with slopes, in place",
	    memcmp(in_place, y, sizeof(y)) == 0 &&
		memcmp(other, slope, sizeof(slope)) == 0);
	gelu_forward(u, u, N);
	CHECK_NAMED("in place", memcmp(u, y, sizeof(y)) == 0);
}

static double
objective(const real *u, const real *r, size_t n)
{
	static real y[N];

	gelu_forward(y, u, n);
	return plain_dot(r, y, n);
}

static void
backward(real *du, const real *r, const real *u, size_t n)
{
	static real y[N], slope[N];

	gelu_slope(y, slope, u, n);
	gelu_backward(du, r, slope, n);
}

static void
gradients(void)
{
	static real u[37], r[37], du[37];

	check_random(u, 37, 1);
	check_random(r, 37, 2);
	backward(du, r, u, 37);
	CHECK_DIRECTION("u", u, du, 37, objective(u, r, 37));
	for (size_t i = 0; i < 37; i++)
		u[i] *= 4;
	backward(du, r, u, 37);
	CHECK_DIRECTION(
	    "u, four times as large", u, du, 37, objective(u, r, 37));
	plain_negate(du, 37);
	CHECK_DIRECTION_FAILS("u, sign turned", u, du, 37, objective(u, r, 37));
}

int
main(void)
{
	test_kernels();
	test_near();
	test_forward();
	if (plain_exact())
		gradients();
	else
		check_skip("gradients", "built in single precision");
	return check_done();
}
