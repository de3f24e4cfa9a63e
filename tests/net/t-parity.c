/*
 * The whole model against PyTorch in float64 (tests/torch/fixture.py):
 * states, logits, losses and the gradient of every parameter, with the last
 * layer at every token and at [CLS] alone, kept and computed again; the same
 * of a SAN head.
 */
#include "check.h"

#include "data/pred.h"
#include "torch/pass.h"

#define FIXTURE "tests/net/fixture/"

enum { PACKS = 3 };

static const char *const tasks[PACKS] = { "mnli", "stsb", "qnli-rank" };

/* Differences allowed, relative to the largest number of a tensor. */
#ifdef REAL_DOUBLE
static const double state_bound = 1e-10, gradient_bound = 1e-10;
#else
static const double state_bound = 1e-5, gradient_bound = 1e-4;
#endif

struct fixture {
	struct st *expected;
	struct model *m;
	const struct pack *packs[PACKS];
};

static double
largest(const double *x, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(x[i]));
	return most;
}

/* The numbers of an expected tensor; owned by the caller. */
static double *
expected(const struct fixture *f, const char *name, size_t count)
{
	const struct st_tensor *t = st_find(f->expected, name);
	double *x = mem_zero(count, sizeof(*x));

	CHECK_NAMED(name, t != NULL && t->count == count);
	if (t != NULL && t->count == count)
		st_get_double(x, t, 0, count);
	return x;
}

/* Worst difference, relative to the larger of a floor and x's largest. */
static double
difference(const real *got, const double *x, size_t n, double floor)
{
	double most = fmax(floor, largest(x, n)), worst = 0;

	for (size_t i = 0; i < n; i++) {
		double d = fabs((double)got[i] - x[i]) / most;

		worst = isnan(d) ? INFINITY : fmax(worst, d);
	}
	return worst;
}

static void
compare(const char *what, const char *name, const real *got, const double *x,
    size_t n, double floor, double bound)
{
	double worst = difference(got, x, n, floor);
	char *label = mem_printf("%s: %s: %.0e", what, name, worst);

	CHECK_NEAR(label, worst, 0, bound);
	free(label);
}

static void
compare_named(const struct fixture *f, const char *what, const char *task,
    const char *kind, const real *got, size_t n)
{
	char *name = mem_printf("%s.%s", task, kind);
	double *x = expected(f, name, n);

	compare(what, name, got, x, n, 0, state_bound);
	free(x);
	free(name);
}

static void
compare_states(const struct fixture *f, const struct pass *s, bool all)
{
	size_t H = f->m->config.hidden;
	const char *what = all ? "all tokens" : "[CLS] alone";

	for (size_t i = 0; i < s->parts; i++) {
		const struct pass_part *q = &s->part[i];
		size_t rows = q->pack->rows;
		real loss = (real)q->loss;

		if (all)
			compare_named(f, what, tasks[i], "hidden",
			    encoder_hidden(s->e) + q->tokens * H,
			    q->pack->tokens_total * H);
		compare_named(f, what, tasks[i], "pooled",
		    encoder_pooled(s->e) + q->first * H, rows * H);
		compare_named(
		    f, what, tasks[i], "logits", q->logits, rows * q->outputs);
		compare_named(f, what, tasks[i], "loss", &loss, 1);
	}
}

/* The true gradient of a key's bias is 0: hence the floor. */
static void
compare_gradients(const struct fixture *f, const char *what, const char *kind,
    const real *grad)
{
	const struct params *all = &f->m->params;
	double *x[64], model = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct param *p = &all->item[i];
		char *name = mem_printf("%s.%s", kind, p->name);

		/* no token state reaches the heads and the pooler */
		x[i] = st_find(f->expected, name) == NULL && kind[0] == 't' &&
			       p->depth > f->m->config.layers
			   ? mem_zero(p->count, sizeof(double))
			   : expected(f, name, p->count);
		model = fmax(model, largest(x[i], p->count));
		free(name);
	}
	for (size_t i = 0; i < all->count; i++) {
		const struct param *p = &all->item[i];

		compare(what, p->name, grad + p->offset, x[i], p->count,
		    1e-3 * model, gradient_bound);
		free(x[i]);
	}
}

/* Passes with activations kept and computed again. */
static void
test_pass(const struct fixture *f, bool all)
{
	struct pass s, again;
	size_t total = f->m->params.total;

	pass_start(&s, f->m, f->packs, PACKS, false);
	pass_forward(&s, all);
	compare_states(f, &s, all);
	pass_backward(&s);
	compare_gradients(f,
	    all ? "gradient, all tokens" : "gradient, [CLS] alone", "grad",
	    s.grad);
	pass_start(&again, f->m, f->packs, PACKS, true);
	pass_forward(&again, all);
	pass_backward(&again);
	CHECK_NAMED(all ? "computed again, the same bytes: all tokens"
			: "computed again, the same bytes: [CLS] alone",
	    memcmp(s.grad, again.grad, total * sizeof(real)) == 0);
	pass_stop(&again);
	pass_stop(&s);
}

/* An objective that reads every token: the states along a wave. */
static void
test_tokens(const struct fixture *f)
{
	struct pass s;
	size_t n;
	real *direction;

	pass_start(&s, f->m, f->packs, PACKS, false);
	n = s.b.tokens * f->m->config.hidden;
	direction = mem_alloc(n, sizeof(*direction));
	for (size_t i = 0; i < n; i++)
		direction[i] = (real)sin((double)i);
	encoder_forward(s.e, &s.b, NULL, NULL);
	memset(s.grad, 0, f->m->params.total * sizeof(real));
	encoder_backward(s.e, s.grad, NULL, direction);
	compare_gradients(f, "gradient of states", "token_grad", s.grad);
	free(direction);
	pass_stop(&s);
}

/* The SAN head, in a model of its own, texts in either order. */
static void
test_san(void)
{
	struct fixture f = { .expected =
				 st_open(FIXTURE "san/expected.safetensors"),
		.m = model_open(FIXTURE "san", true),
		.packs = { pack_open(FIXTURE "san/ab.st"),
		    pack_open(FIXTURE "san/ba.st") } };
	static const char *const orders[] = { "ab", "ba" };
	struct pass s;

	pass_start(&s, f.m, f.packs, 2, false);
	pass_forward(&s, true);
	for (size_t i = 0; i < 2; i++) {
		const struct pass_part *q = &s.part[i];
		real loss = (real)q->loss;

		compare_named(&f, "san", orders[i], "logits", q->logits,
		    q->pack->rows * q->outputs);
		compare_named(&f, "san", orders[i], "loss", &loss, 1);
	}
	pass_backward(&s);
	compare_gradients(&f, "gradient, san", "grad", s.grad);
	pass_stop(&s);
	for (size_t i = 0; i < 2; i++)
		pack_close((struct pack *)(uintptr_t)f.packs[i]);
	model_close(f.m);
	st_close(f.expected);
}

/* One weight of thousands off a little: states and gradients tell. */
static void
test_fault(const struct fixture *f)
{
	const struct param *p = params_find(
	    &f->m->params, "bert.encoder.layer.0.attention.self.key.weight");
	const struct param *q = params_find(
	    &f->m->params, "bert.encoder.layer.1.output.dense.weight");
	real *weight = f->m->value + p->offset + 7, old = *weight;
	double *x = expected(
	    f, "mnli.hidden", f->packs[0]->tokens_total * f->m->config.hidden);
	double *dx = expected(
	    f, "grad.bert.encoder.layer.1.output.dense.weight", q->count);
	struct pass s;

	*weight += (real)0.05;
	pass_start(&s, f->m, f->packs, PACKS, false);
	pass_forward(&s, true);
	CHECK(difference(encoder_hidden(s.e), x,
		  f->packs[0]->tokens_total * f->m->config.hidden,
		  0) > 10 * state_bound);
	pass_backward(&s);
	CHECK(difference(s.grad + q->offset, dx, q->count, 0) >
	      10 * gradient_bound);
	*weight = old;
	pass_stop(&s);
	free(x);
	free(dx);
}

/* --- losses by themselves --- */

/* The soft targets of a pack, in its order; owned. */
static float *
read_soft(const struct pack *p, const char *task, size_t width)
{
	char *path = mem_printf(FIXTURE "%s-soft.tsv", task);
	struct pred *q = pred_read(path);
	size_t *order = mem_alloc(p->rows, sizeof(*order));
	float *soft = mem_alloc(p->rows * width, sizeof(*soft));

	pred_match(order, q, p);
	for (size_t r = 0; r < p->rows; r++)
		memcpy(soft + r * width, q->value + order[r] * width,
		    width * sizeof(*soft));
	pred_free(q);
	free(order);
	free(path);
	return soft;
}

static void
compare_loss(const struct fixture *f, const char *name,
    const struct loss_rows *rows, const struct loss_rule *rule)
{
	size_t n = rows->n * rule->outputs;
	real *dlogits = mem_alloc(n, sizeof(*dlogits)), got[3];
	struct loss_sum sum = { 0 };
	char *gradient = mem_printf("%s.dlogits", name);
	double *x = expected(f, name, 3), *dx = expected(f, gradient, n);

	loss_backward(dlogits, &sum, rows, rule);
	got[0] = (real)sum.loss;
	got[1] = (real)sum.hard;
	got[2] = (real)sum.soft;
	compare("loss, hard, soft", name, got, x, 3, 0, state_bound);
	compare("gradient", name, dlogits, dx, n, 0, state_bound);
	free(dlogits);
	free(gradient);
	free(x);
	free(dx);
}

/* Every soft loss at two temperatures, 0.3 of it hard. */
static void
test_losses(const struct fixture *f, size_t k)
{
	static const char *const kinds[] = { "ce", "kl", "mse" };
	const struct pack *p = f->packs[k];
	size_t C = labels_width(&p->labels);
	size_t n = p->rows * C;
	char *name = mem_printf("loss.%s.logits", tasks[k]);
	double *z = expected(f, name, n);
	real *logits = mem_alloc(n, sizeof(*logits));
	bool *has = mem_alloc(p->rows, sizeof(*has));
	float *soft = read_soft(p, tasks[k], C);
	struct loss_rows rows = { p->rows, logits, p->label, p->group, soft,
		has, p->applies };

	for (size_t i = 0; i < n; i++)
		logits[i] = (real)z[i];
	memset(has, true, p->rows);
	for (unsigned i = 0; i < 6; i++) {
		struct loss_rule rule = { p->labels.type, C,
			(enum soft_loss)(i / 2), 1 + i % 2, 0.3, 0.7, 1,
			(double)pass_units(p), NULL };
		char *which = mem_printf(
		    "loss.%s.%s.%u", tasks[k], kinds[i / 2], 1 + i % 2);

		compare_loss(f, which, &rows, &rule);
		free(which);
	}
	free(name);
	free(z);
	free(logits);
	free(has);
	free(soft);
}

int
main(void)
{
	struct fixture f = { .expected =
				 st_open(FIXTURE "expected.safetensors") };

	f.m = model_open(FIXTURE "model", true);
	for (size_t i = 0; i < PACKS; i++) {
		char *path = mem_printf(FIXTURE "%s.st", tasks[i]);

		f.packs[i] = pack_open(path);
		free(path);
	}
	test_fault(&f);
	test_pass(&f, true);
	test_pass(&f, false);
	test_tokens(&f);
	test_san();
	for (size_t i = 0; i < PACKS; i++)
		test_losses(&f, i);
	for (size_t i = 0; i < PACKS; i++)
		pack_close((struct pack *)(uintptr_t)f.packs[i]);
	model_close(f.m);
	st_close(f.expected);
	return check_done();
}
