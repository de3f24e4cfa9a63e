/*
 * Checks for unit tests: TAP on stdout, one line a check; main ends with
 * "return check_done();", which prints the plan.
 */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/real.h"
#include "base/rng.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int check_count, check_failed;

static inline bool
check_that(bool good, const char *file, int line, const char *name)
{
	check_count++;
	printf("%sok %d - %s\n", good ? "" : "not ", check_count, name);
	if (!good) {
		check_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	return good;
}

#define CHECK(condition) check_that(condition, __FILE__, __LINE__, #condition)
#define CHECK_NAMED(name, condition)                                           \
	check_that(condition, __FILE__, __LINE__, name)

static inline void
check_near(double got, double want, double tolerance, const char *file,
    int line, const char *name)
{
	bool good =
	    fabs(got - want) <= tolerance || (isnan(got) && isnan(want));

	if (!check_that(good, file, line, name))
		printf("# got %.17g, expected %.17g within %g\n", got, want,
		    tolerance);
}

#define CHECK_NEAR(name, got, want, tolerance)                                 \
	check_near(got, want, tolerance, __FILE__, __LINE__, name)

static inline void
check_text(const char *got, const char *want, const char *file, int line,
    const char *name)
{
	if (!check_that(strcmp(got, want) == 0, file, line, name))
		printf("# got '%s', expected '%s'\n", got, want);
}

#define CHECK_TEXT(got, want)                                                  \
	check_text(got, want, __FILE__, __LINE__, #got " = " #want)

/* A check that cannot be made here. */
static inline void
check_skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++check_count, name, why);
}

/* n numbers from N(0,1), other ones for each seed. */
static inline void
check_random(real *x, size_t n, unsigned seed)
{
	struct rng r = rng_key(seed, 0, 0);

	for (size_t i = 0; i < n; i++)
		x[i] = (real)rng_normal(r, i);
}

/*
 * The signed change of an objective along a random direction of x [n],
 * measured by central differences, against the gradient dx.  The expression
 * is evaluated anew with x moved.
 */
#define CHECK_DIRECTION_IS(name, x, dx, n, objective, expected)                \
	do {                                                                   \
		double check_worst = 0;                                        \
		for (unsigned check_s = 0; check_s < 3; check_s++) {           \
			struct rng check_r = rng_key(77, check_s, 0);          \
			double check_along = 0, check_up, check_down;          \
			double check_h = 1e-5, check_d;                        \
			for (size_t check_i = 0; check_i < (n); check_i++)     \
				check_along += (double)(dx)[check_i] *         \
					       rng_normal(check_r, check_i);   \
			for (size_t check_i = 0; check_i < (n); check_i++)     \
				(x)[check_i] +=                                \
				    (real)(check_h *                           \
					   rng_normal(check_r, check_i));      \
			check_up = (double)(objective);                        \
			for (size_t check_i = 0; check_i < (n); check_i++)     \
				(x)[check_i] -=                                \
				    (real)(2 * check_h *                       \
					   rng_normal(check_r, check_i));      \
			check_down = (double)(objective);                      \
			for (size_t check_i = 0; check_i < (n); check_i++)     \
				(x)[check_i] +=                                \
				    (real)(check_h *                           \
					   rng_normal(check_r, check_i));      \
			check_d = (check_up - check_down) / (2 * check_h);     \
			check_d = fabs(check_d - check_along) /                \
				  fmax(1e-3,                                   \
				      fmax(fabs(check_d), fabs(check_along))); \
			check_worst = fmax(check_worst, check_d);              \
		}                                                              \
		check_that((check_worst < 1e-6) == (expected), __FILE__,       \
		    __LINE__, "gradient: " name);                              \
		if ((check_worst < 1e-6) != (expected))                        \
			printf("# relative difference %g\n", check_worst);     \
	} while (0)

#define CHECK_DIRECTION(name, x, dx, n, objective)                             \
	CHECK_DIRECTION_IS(name, x, dx, n, objective, true)
#define CHECK_DIRECTION_FAILS(name, x, dx, n, objective)                       \
	CHECK_DIRECTION_IS(name, x, dx, n, objective, false)

static inline int
check_done(void)
{
	printf("1..%d\n", check_count);
	return check_failed > 0;
}

#endif
