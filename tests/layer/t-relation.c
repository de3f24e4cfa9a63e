/*
 * relation: losses against plain ones over sequences of one token, of a few
 * and of more than a block, the student's heads being of another width than
 * the teacher's; gradients against differences, with x and y apart and the
 * same; the same bytes for any number of threads.
 */
#include "plain.h"

#include <stdlib.h>

#include "base/thread.h"
#include "layer/relation.h"

enum {
	SEQUENCES = 4,
	T = 1 + 9 + 130 + 4,
	LONGEST = 130,
	HEADS = 3,
	D = 5, /* of the student's heads, and of the teacher's */
	E = 8,
	W = HEADS * D,
	V = HEADS * E
};

static const size_t start[SEQUENCES + 1] = { 0, 1, 10, 140, T };
static real mine[T * 2 * W], grad[T * 2 * W], own[T * 2 * V];
static real *scratch;
static double part[SEQUENCES * HEADS];

/* x and y beside each other in a row, or y the same as x. */
static struct relation
relation_of(enum relation_kind kind, bool same)
{
	return (struct relation){ .kind = kind,
		.student = { mine, same ? mine : mine + W, 2 * W, D },
		.teacher = { own, same ? own : own + V, 2 * V, E },
		.start = start,
		.sequences = SEQUENCES,
		.heads = HEADS,
		.scale = 0.3 };
}

static double
objective(enum relation_kind kind, bool same)
{
	struct relation r = relation_of(kind, same);

	return relation_backward(NULL, NULL, part, &r, scratch, LONGEST);
}

static void
backward(enum relation_kind kind, bool same)
{
	struct relation r = relation_of(kind, same);

	memset(grad, 0, sizeof(grad));
	relation_backward(
	    grad, same ? grad : grad + W, part, &r, scratch, LONGEST);
}

/* The scores of one token; returns the log of the sum of their exponentials. */
static double
plain_scores(double *z, const struct relation_side *side, size_t head,
    size_t token, size_t first, size_t n)
{
	const real *x = side->x + token * side->width + head * side->d;
	double sum = 0, max = -INFINITY;

	for (size_t j = 0; j < n; j++) {
		const real *y =
		    side->y + (first + j) * side->width + head * side->d;

		z[j] = plain_dot(x, y, side->d) / sqrt((double)side->d);
		max = fmax(max, z[j]);
	}
	for (size_t j = 0; j < n; j++)
		sum += exp(z[j] - max);
	return sum > 0 ? max + log(sum) : max;
}

static double
plain_token(const struct relation *r, size_t s, size_t head, size_t token)
{
	size_t first = start[s], n = start[s + 1] - first;
	double a[LONGEST], b[LONGEST], loss = 0;
	double A = plain_scores(a, &r->student, head, token, first, n);
	double B = plain_scores(b, &r->teacher, head, token, first, n);

	for (size_t j = 0; j < n; j++)
		loss += r->kind == RELATION_SQUARES
			    ? (a[j] - b[j]) * (a[j] - b[j]) / (double)n
			    : exp(b[j] - B) * ((b[j] - B) - (a[j] - A));
	return loss;
}

static double
plain_loss(const struct relation *r)
{
	double sum = 0;

	for (size_t s = 0; s < SEQUENCES; s++)
		for (size_t h = 0; h < HEADS; h++)
			for (size_t t = start[s]; t < start[s + 1]; t++)
				sum += plain_token(r, s, h, t);
	return r->scale * sum;
}

static void
test(enum relation_kind kind, bool same)
{
	struct relation r = relation_of(kind, same);
	static real again[T * 2 * W];
	double want = plain_loss(&r), got = objective(kind, same);
	char name[64];

	snprintf(name, sizeof(name), "%s of %s",
	    kind == RELATION_SQUARES ? "squares" : "divergence",
	    same ? "one thing" : "two");
	CHECK_NEAR(name, got / want, 1, plain_exact() ? 1e-13 : 2e-6);
	backward(kind, same);
	memcpy(again, grad, sizeof(grad));
	thread_use(3);
	free(scratch);
	scratch = malloc(relation_scratch(LONGEST, &r) * sizeof(real));
	backward(kind, same);
	CHECK_NAMED("threads", memcmp(again, grad, sizeof(grad)) == 0);
	CHECK_NAMED("and the loss", objective(kind, same) == got);
	thread_use(1);
	if (!plain_exact())
		return;
	CHECK_DIRECTION(
	    "gradient", mine, grad, T * 2 * W, objective(kind, same));
	plain_negate(grad, T * 2 * W);
	CHECK_DIRECTION_FAILS(
	    "a wrong sign fails", mine, grad, T * 2 * W, objective(kind, same));
	plain_negate(grad, T * 2 * W);
	plain_negate(grad, T * W);
	CHECK_DIRECTION_FAILS("in half of them too", mine, grad, T * 2 * W,
	    objective(kind, same));
}

/* A student that has what the teacher has learns nothing. */
static void
test_equal(enum relation_kind kind)
{
	struct relation r = relation_of(kind, false);

	r.student = r.teacher;
	CHECK_NEAR("nothing to learn",
	    relation_backward(NULL, NULL, part, &r, scratch, LONGEST), 0,
	    plain_exact() ? 1e-12 : 1e-4);
}

int
main(void)
{
	struct relation r = relation_of(RELATION_SQUARES, false);

	thread_use(1);
	scratch = malloc(2 * relation_scratch(LONGEST, &r) * sizeof(real));
	check_random(mine, T * 2 * W, 1);
	check_random(own, T * 2 * V, 2);
	test_equal(RELATION_SQUARES);
	test_equal(RELATION_DIVERGENCE);
	for (unsigned way = 0; way < 4; way++)
		test((enum relation_kind)(way / 2), way % 2 == 1);
	free(scratch);
	return check_done();
}
