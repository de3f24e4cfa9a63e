/*
 * Feature losses of a whole student: losses and the gradient of every
 * parameter against PyTorch's in float64 (tests/torch/feature.py) and, in
 * double, against differences with dropout; the same bytes with activations
 * computed again and for any number of threads; of some rows alone.
 */
#include "check.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/thread.h"
#include "data/batch.h"
#include "net/encoder.h"
#include "net/feature.h"

#define FIXTURE "tests/net/fixture/feature/"

enum { ROWS = 6, VOCAB = 23, MOST = 32, PAIRS = 3 };

/* Of the largest number of the whole gradient; of the loss. */
#ifdef REAL_DOUBLE
static const double bound = 1e-6, loss_bound = 1e-10;
#else
static const double bound = 1e-5, loss_bound = 1e-5;
#endif

static const struct feature_pair wide_pairs[PAIRS] = { { 0, 0, 0 }, { 1, 2, 0 },
	{ 2, 4, 0 } };
static const struct feature_pair other_pairs[] = { { 1, 1, 0 }, { 2, 3, 0 } };

static const struct test_case {
	const char *name;
	bool wide;
	struct feature_options o;
} cases[] = {
	{ "hidden", true, { .hidden = 2 } },
	{ "equal-hidden", false, { .hidden = 1 } },
	{ "cosine", true, { .cosine = 0.5 } },
	{ "equal-cosine", false, { .cosine = 1 } },
	{ "scores", true, { .attention = 1, .kind = RELATION_SQUARES } },
	{ "probabilities", true,
	    { .attention = 1, .kind = RELATION_DIVERGENCE } },
	{ "relation", true, { .relation = 1, .relation_heads = 4 } },
	{ "equal-relation", false, { .relation = 1, .relation_heads = 3 } },
	{ "all", true, { 1, 0.5, 2, 0.25, RELATION_DIVERGENCE, 2 } },
};

/* A student and a teacher side by side. */
struct pass {
	struct model *m, *teacher;
	struct encoder *e, *its;
	struct taps *taps, *taught;
	struct feature *f;
	struct feature_pair pair[PAIRS];
	struct encoder_dropout dropout;
	struct batch b;
	real *grad;
};

static void
fill(struct batch *b)
{
	static const size_t lengths[ROWS] = { 5, 1, 30, 3, 8, 2 };

	for (size_t r = 0; r < ROWS; r++) {
		int32_t id[MOST];

		for (size_t t = 0; t < lengths[r]; t++)
			id[t] =
			    (int32_t)(1 + (7 * r * r + 5 * t * t + 3 * t + r) %
					      (VOCAB - 1));
		batch_add(b, id, lengths[r], (lengths[r] + 1) / 2);
	}
}

/* The student, with projections where the teacher is wider. */
static struct model *
student(const struct model *teacher, size_t pairs)
{
	struct model *from = model_open(FIXTURE "student", true), *m;
	struct config c;
	bool fresh;

	config_copy(&c, &from->config, true);
	for (size_t i = 0; i < pairs && teacher->config.hidden != c.hidden;
	     i++) {
		char name[32];

		snprintf(name, sizeof(name), "projection.%zu", i);
		config_add_projection(&c, name, teacher->config.hidden);
	}
	m = model_extend(from, &c, true, 1, &fresh);
	for (size_t i = 0; i < c.projections; i++)
		for (size_t k = 0; k < c.projection[i].outputs * c.hidden; k++)
			m->value[m->params.projection[i] + k] =
			    (real)(0.3 * sin((double)(k + i)));
	config_free(&c);
	model_close(from);
	return m;
}

static void
start(struct pass *s, const struct test_case *c, bool recompute)
{
	size_t pairs = c->wide ? COUNT(wide_pairs) : COUNT(other_pairs);

	*s = (struct pass){ 0 };
	s->teacher =
	    model_open(c->wide ? FIXTURE "wide" : FIXTURE "other", true);
	s->m = student(s->teacher, pairs);
	memcpy(s->pair, c->wide ? wide_pairs : other_pairs,
	    pairs * sizeof(*s->pair));
	for (size_t i = 0; i < pairs; i++)
		s->pair[i].projection = i < s->m->config.projections
					    ? s->m->params.projection[i]
					    : PARAMS_NONE;
	s->e = encoder_new(s->m, true, recompute);
	s->its = encoder_new(s->teacher, false, false);
	s->taps = taps_new(&s->m->config, true);
	s->taught = taps_new(&s->teacher->config, false);
	s->f = feature_new(s->m, s->teacher, &c->o, s->pair, pairs);
	feature_want(s->f, s->taps, s->taught);
	encoder_tap(s->e, s->taps, false);
	encoder_tap(s->its, s->taught, true);
	fill(&s->b);
	s->grad = mem_zero(s->m->params.total, sizeof(*s->grad));
}

static void
stop(struct pass *s)
{
	encoder_free(s->e);
	encoder_free(s->its);
	taps_free(s->taps);
	taps_free(s->taught);
	feature_free(s->f);
	batch_free(&s->b);
	free(s->grad);
	model_close(s->m);
	model_close(s->teacher);
}

static double
forward(struct pass *s)
{
	const struct batch *b = &s->b;
	struct feature_rows rows = { b->start, b->rows, b->longest,
		(double)b->tokens };

	taps_reserve(s->taps, b->tokens);
	taps_reserve(s->taught, b->tokens);
	encoder_forward(s->e, b, NULL, &s->dropout);
	encoder_forward(s->its, b, NULL, NULL);
	return feature_pass(s->f, s->grad, s->taps, s->taught, &rows);
}

static double
backward(struct pass *s)
{
	double loss;

	memset(s->grad, 0, s->m->params.total * sizeof(*s->grad));
	loss = forward(s);
	encoder_backward(s->e, s->grad, NULL, NULL);
	return loss;
}

/* --- against PyTorch --- */

static double *
expected(const struct st *st, const char *name, const char *kind, size_t n)
{
	char *key = mem_printf("%s.%s", name, kind);
	const struct st_tensor *t = st_find(st, key);
	double *x = mem_zero(n, sizeof(*x));

	CHECK_NAMED(key, t != NULL && t->count == n);
	if (t != NULL && t->count == n)
		st_get_double(x, t, 0, n);
	free(key);
	return x;
}

/* The worst difference, over the largest number. */
static double
distance(const real *got, const double *want, size_t n)
{
	double most = 0, worst = 0;

	for (size_t i = 0; i < n; i++) {
		most = fmax(most, fabs(want[i]));
		worst = fmax(worst, fabs((double)got[i] - want[i]));
	}
	return worst / most;
}

static void
compare(const struct st *st, const struct test_case *c)
{
	struct pass s, again;
	double *loss = expected(st, c->name, "loss", 1), *grad, got;
	size_t n;

	start(&s, c, false);
	n = s.m->params.total;
	grad = expected(st, c->name, "grad", n);
	got = backward(&s);
	CHECK_NEAR(c->name, got / *loss, 1, loss_bound);
	printf("# %s: gradient %.1e\n", c->name, distance(s.grad, grad, n));
	CHECK(distance(s.grad, grad, n) < bound);

	start(&again, c, true);
	thread_use(3);
	CHECK_NAMED("computed again, by more threads", backward(&again) == got);
	thread_use(1);
	backward(&s);
	CHECK(memcmp(s.grad, again.grad, n * sizeof(real)) == 0);
	s.m->value[n - 5] += (real)0.01;
	s.m->value[s.m->params.layer[0].qkv] += (real)0.01;
	backward(&s);
	CHECK_NAMED("a weight that is off is seen",
	    distance(s.grad, grad, n) > 10 * bound);
	stop(&again);
	stop(&s);
	free(loss);
	free(grad);
}

/* --- against differences --- */

static bool
right(struct pass *s, const struct param *p)
{
	struct rng r = rng_key(5, p->offset, 0);
	real *x = s->m->value + p->offset;
	double h = 3e-6, want = 0, whole = 0, up, d;

	for (size_t i = 0; i < p->count; i++) {
		want += (double)s->grad[p->offset + i] * rng_normal(r, i);
		x[i] += (real)(h * rng_normal(r, i));
	}
	for (size_t i = 0; i < s->m->params.total; i++)
		whole += (double)s->grad[i] * (double)s->grad[i];
	up = forward(s);
	for (size_t i = 0; i < p->count; i++)
		x[i] -= (real)(2 * h * rng_normal(r, i));
	d = (up - forward(s)) / (2 * h);
	for (size_t i = 0; i < p->count; i++)
		x[i] += (real)(h * rng_normal(r, i));
	d = fabs(d - want) /
	    fmax(1e-2 * fmax(1, sqrt(whole)), fmax(fabs(d), fabs(want)));
	if (d >= 1e-6)
		printf("# %s: relative difference %g\n", p->name, d);
	return d < 1e-6;
}

static void
differences(const struct test_case *c)
{
	struct pass s;
	real *grad;
	size_t n;
	bool good = true;

	start(&s, c, false);
	n = s.m->params.total;
	s.dropout = (struct encoder_dropout){ 8, 3, 0.1, 0.1 };
	backward(&s);
	grad = mem_alloc(n, sizeof(*grad));
	memcpy(grad, s.grad, n * sizeof(*grad));
	for (size_t i = 0; i < s.m->params.count; i++) {
		/* forward adds gradients of projections */
		memcpy(s.grad, grad, n * sizeof(*grad));
		good &= right(&s, &s.m->params.item[i]);
	}
	CHECK_NAMED(c->name, good);
	for (size_t i = 0; i < n; i++)
		s.grad[i] = -grad[i];
	CHECK_NAMED("a wrong sign fails",
	    !right(&s, params_find(&s.m->params,
			   "bert.encoder.layer.0.attention.self.key.weight")));
	free(grad);
	stop(&s);
}

/* --- some rows alone --- */

/* Taps of tokens in another order: loss and gradients are the same. */
static void
test_gather(const struct test_case *c)
{
	struct pass s;
	struct taps *mine, *its;
	size_t token[64], at[ROWS + 1] = { 0 }, n = 0;
	double loss, got;
	struct feature_rows rows;
	real *grad;

	start(&s, c, false);
	loss = backward(&s);
	grad = mem_alloc(s.m->params.total, sizeof(*grad));
	memcpy(grad, s.grad, s.m->params.total * sizeof(*grad));
	for (size_t r = 0; r < ROWS; r++) {
		size_t from = s.b.start[ROWS - 1 - r], to = s.b.start[ROWS - r];

		while (from < to)
			token[n++] = from++;
		at[r + 1] = n;
	}
	mine = taps_new(&s.m->config, true);
	its = taps_new(&s.teacher->config, false);
	feature_want(s.f, mine, its);
	memset(s.grad, 0, s.m->params.total * sizeof(*s.grad));
	taps_reserve(s.taps, n);
	encoder_forward(s.e, &s.b, NULL, &s.dropout);
	taps_gather(mine, s.taps, token, n);
	taps_gather(its, s.taught, token, n);
	rows = (struct feature_rows){ at, ROWS, s.b.longest, (double)n };
	got = feature_pass(s.f, s.grad, mine, its, &rows);
	taps_scatter(s.taps, mine, token, n);
	encoder_backward(s.e, s.grad, NULL, NULL);
	CHECK_NEAR("rows in another order", got / loss, 1, loss_bound);
	for (size_t i = 0; i < s.m->params.total; i++)
		if (fabs((double)(s.grad[i] - grad[i])) > 100 * bound)
			got = NAN;
	CHECK_NAMED("and their gradients", !isnan(got));
	taps_free(mine);
	taps_free(its);
	free(grad);
	stop(&s);
}

int
main(void)
{
	struct st *st = st_open(FIXTURE "expected.safetensors");

	thread_use(1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		compare(st, &cases[i]);
		if (sizeof(real) == sizeof(double))
			differences(&cases[i]);
	}
	test_gather(&cases[COUNT(cases) - 1]);
	st_close(st);
	return check_done();
}
