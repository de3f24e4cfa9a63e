/*
 * Optimisers: figures by hand, and several updates against a plain dense
 * twin in double for every kind, with clipping, decay, layer-wise rates,
 * frozen layers and heads that come and go; words that catch up.
 */
#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "train/optimizer.h"

enum { VOCAB = 300, UPDATES = 7 };

static struct model *
model_of(void)
{
	static char *labels[] = { "no", "yes" };
	struct head h = { .labels = { TASK_CLASSIFICATION, 2, labels },
		.outputs = 2 };
	struct config c = { .vocab = VOCAB,
		.hidden = 24, /* more than a register's, and some */
		.layers = 2,
		.heads = 2,
		.inner = 16,
		.positions = 10,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.3,
		.pooler = true };
	struct model *m;

	put_text_file("vocab.txt", "[PAD]\n");
	h.name = "one";
	config_add_head(&c, &h);
	h.name = "two";
	config_add_head(&c, &h);
	m = model_new(&c, "vocab.txt", false, 5);
	config_free(&c);
	return m;
}

/* The plain twin: everything in double, every number every time. */
struct twin {
	double *p, *first, *second, *turn;
	size_t steps[2]; /* of the heads */
};

static void
twin_start(struct twin *t, const struct model *m)
{
	size_t n = m->params.total;

	t->p = mem_zero(n, sizeof(double));
	t->first = mem_zero(n, sizeof(double));
	t->second = mem_zero(n, sizeof(double));
	t->turn = mem_zero(n, sizeof(double));
	t->steps[0] = t->steps[1] = 0;
	for (size_t i = 0; i < n; i++)
		t->p[i] = (double)m->value[i];
}

static void
twin_end(struct twin *t)
{
	free(t->p);
	free(t->first);
	free(t->second);
	free(t->turn);
}

/* One number: the equations of optimizer.h. */
static void
twin_move(struct twin *w, size_t i, double g, double t, double lr, double decay,
    enum optimizer_kind kind)
{
	double m = w->first[i] = 0.9 * w->first[i] + 0.1 * g;
	double s = w->second[i], *p = &w->p[i];

	if (kind == ADAMAX || kind == ADAMAX_2019)
		s = fmax(0.999 * s, fabs(g) + (kind == ADAMAX ? 1e-8 : 1e-6));
	else
		s = 0.999 * s + 0.001 * g * g;
	w->second[i] = s;
	switch (kind) {
	case ADAMAX:
		*p -= lr * decay * *p;
		*p -= lr / (1 - pow(0.9, t)) * m / s;
		break;
	case ADAMAX_2019:
		*p -= lr * (m / (s + 1e-6) + decay * *p);
		break;
	case ADAMW:
		*p -= lr * decay * *p;
		*p -= lr * (m / (1 - pow(0.9, t))) /
		      (sqrt(s / (1 - pow(0.999, t))) + 1e-8);
		break;
	case BERT_ADAM:
		*p -= lr * (m / (sqrt(s) + 1e-6) + decay * *p);
		break;
	case LAMB:
		w->turn[i] = (m / (1 - pow(0.9, t))) /
				 (sqrt(s / (1 - pow(0.999, t))) + 1e-6) +
			     decay * *p;
		break;
	}
}

/* The second half of lamb, for a whole parameter. */
static void
twin_turn(struct twin *w, const struct param *q, double lr)
{
	double own = 0, turn = 0, ratio = 1;

	for (size_t i = q->offset; i < q->offset + q->count; i++) {
		own += w->p[i] * w->p[i];
		turn += w->turn[i] * w->turn[i];
	}
	if (!q->plain && own > 0 && turn > 0)
		ratio = sqrt(own / turn);
	for (size_t i = q->offset; i < q->offset + q->count; i++)
		w->p[i] -= lr * ratio * w->turn[i];
}

static bool
takes_part(const struct twin *w, const struct param *p,
    const struct optimizer_options *o, const bool *active)
{
	if (p->head < 0)
		return p->depth >= o->freeze;
	return active[p->head] ||
	       (o->kind == ADAMAX_2019 && w->steps[p->head] > 0);
}

static double
twin_norm(const struct twin *w, const struct model *m, const real *grad,
    const struct optimizer_options *o, const bool *active)
{
	double sum = 0;

	for (size_t k = 0; k < m->params.count; k++) {
		const struct param *p = &m->params.item[k];

		for (size_t i = 0; i < p->count; i++)
			if (takes_part(w, p, o, active))
				sum += pow((double)grad[p->offset + i], 2);
	}
	return sqrt(sum);
}

static void
twin_step(struct twin *w, const struct model *m, const real *grad,
    const struct optimizer_options *o, const bool *active, size_t step)
{
	double norm = twin_norm(w, m, grad, o, active);
	double clip = o->clip > 0 && norm > o->clip ? o->clip / norm : 1;
	double own = o->kind == ADAMAX ? 0 : 0.01;

	for (size_t k = 0; k < m->params.count; k++) {
		const struct param *p = &m->params.item[k];
		size_t t = p->head < 0 ? step : w->steps[p->head];
		size_t when = o->kind == ADAMAX_2019 ? t : step;
		double decay = o->weight_decay < 0 ? own : o->weight_decay;
		double lr =
		    o->learning_rate *
		    schedule_factor(o->schedule, o->warmup, when, UPDATES) *
		    pow(o->layer_decay, 2 + 2 - (double)p->depth);

		if ((o->kind == BERT_ADAM || o->kind == LAMB) && p->plain)
			decay = 0;
		if (!takes_part(w, p, o, active))
			continue;
		for (size_t i = p->offset; i < p->offset + p->count; i++)
			twin_move(w, i, clip * (double)grad[i], (double)t + 1,
			    lr, decay, o->kind);
		if (o->kind == LAMB)
			twin_turn(w, p, lr);
	}
	for (size_t h = 0; h < 2; h++)
		w->steps[h] +=
		    active[h] || (o->kind == ADAMAX_2019 && w->steps[h] > 0);
}

/* A batch of words far apart and side by side, others in each update. */
static void
words_of(struct batch *b, size_t step)
{
	int32_t id[6] = { 2, 3, (int32_t)((17 * step + 5) % VOCAB), 200, 201,
		(int32_t)(299 - step) };

	batch_clear(b);
	batch_add(b, id, 6, 6);
}

/* Gradients: words where the batch has them, heads where they are active. */
static void
draw(real *grad, const struct model *m, const struct batch *b,
    const bool *active, size_t step)
{
	const struct params *all = &m->params;
	struct rng r = rng_key(6, step, 0);

	for (size_t k = 1; k < all->count; k++) {
		const struct param *p = &all->item[k];

		for (size_t i = p->offset; i < p->offset + p->count; i++)
			if (p->head < 0 || active[p->head])
				grad[i] = (real)rng_normal(r, i);
	}
	for (size_t t = 0; t < b->tokens; t++)
		for (size_t h = 0; h < m->config.hidden; h++) {
			size_t i = (size_t)b->id[t] * m->config.hidden + h;

			grad[i] = (real)rng_normal(r, i);
		}
}

static void
check_same(const char *name, const struct model *m, const struct twin *w)
{
	double worst = 0, bound = sizeof(real) == sizeof(float) ? 2e-5 : 1e-12;

	for (size_t i = 0; i < m->params.total; i++)
		worst = fmax(worst, fabs((double)m->value[i] - w->p[i]));
	CHECK_NEAR(name, worst, 0, bound);
}

/* Heads: both, one, the other, none of the first, ... */
static void
run(const char *name, const struct optimizer_options *options)
{
	static const bool active[UPDATES][2] = { { true, false },
		{ true, true }, { false, true }, { false, true },
		{ true, false }, { true, true }, { true, true } };
	struct model *m = model_of();
	struct optimizer *o = optimizer_new(m, options, UPDATES);
	real *grad = mem_zero(m->params.total, sizeof(*grad));
	struct batch b = { 0 };
	struct twin w;
	bool clear = true;

	twin_start(&w, m);
	for (size_t s = 0; s < UPDATES; s++) {
		double norm;

		words_of(&b, s);
		optimizer_touch(o, &b);
		draw(grad, m, &b, active[s], s);
		norm = optimizer_norm(o, grad, active[s]);
		if (s == 2)
			CHECK_NEAR("norm", norm,
			    twin_norm(&w, m, grad, options, active[s]), 1e-4);
		twin_step(&w, m, grad, options, active[s], s);
		optimizer_step(o, m->value, grad, active[s], s, norm);
	}
	optimizer_settle(o);
	check_same(name, m, &w);
	CHECK(o->head_step[0] == w.steps[0] && o->head_step[1] == w.steps[1]);
	for (size_t i = 0; i < m->params.total; i++)
		clear &= grad[i] == 0;
	CHECK_NAMED("gradients are 0 again", clear);
	twin_end(&w);
	batch_free(&b);
	free(grad);
	optimizer_free(o);
	model_close(m);
}

static void
test_twins(void)
{
	static const char *const names[] = { "adamax", "adamax-2019", "adamw",
		"bert-adam", "lamb" };
	struct optimizer_options o = {
		.learning_rate = 0.01, .warmup = 0.2, .layer_decay = 1
	};

	for (int kind = 0; kind < (int)COUNT(names); kind++) {
		printf("# %s\n", names[kind]);
		o.kind = (enum optimizer_kind)kind;
		o.weight_decay = -1;
		o.clip = 0;
		o.layer_decay = 1;
		o.freeze = 0;
		o.schedule = SCHEDULE_TRIANGLE;
		run("its own decay", &o);
		o.weight_decay = 0;
		run("no decay, words by rows", &o);
		o.weight_decay = 0.1;
		run("decay 0.1", &o);
		o.clip = 1;
		o.schedule = SCHEDULE_BERT_2019;
		run("clipped", &o);
		o.layer_decay = 0.5;
		run("layer-wise rates", &o);
		o.freeze = 1;
		run("embeddings frozen", &o);
		o.weight_decay = 0;
		o.freeze = 3;
		run("all but the pooler frozen", &o);
	}
}

/* One number of a weight and one of a bias, two updates. */
static void
figures(const char *name, enum optimizer_kind kind, const double *weight,
    const double *bias)
{
	const struct optimizer_options options = { .kind = kind,
		.schedule = SCHEDULE_CONSTANT,
		.learning_rate = 0.1,
		.weight_decay = -1,
		.layer_decay = 1 };
	static const bool active[2] = { true, true };
	static const double g[2] = { 0.5, -1 };
	struct model *m = model_of();
	struct optimizer *o = optimizer_new(m, &options, 2);
	real *grad = mem_zero(m->params.total, sizeof(*grad));
	size_t w = m->params.pooler.weight;
	size_t b = m->params.pooler.bias;

	m->value[w] = m->value[b] = 1;
	printf("# %s\n", name);
	for (size_t s = 0; s < 2; s++) {
		grad[w] = grad[b] = (real)g[s];
		optimizer_step(o, m->value, grad, active, s,
		    optimizer_norm(o, grad, active));
		if (weight != NULL)
			CHECK_NEAR(
			    "a weight", (double)m->value[w], weight[s], 1e-6);
		CHECK_NEAR("a bias", (double)m->value[b], bias[s], 1e-6);
	}
	free(grad);
	optimizer_free(o);
	model_close(m);
}

static void
test_figures(void)
{
	/* m 0.05, -0.055; u 0.5, 1; rates 1 and 0.1/0.19 */
	static const double adamax[] = { 0.9, 0.9289474 };
	/* 1 - 0.1 (0.0999996 + 0.01); then + 0.1 (0.055 - 0.00989) */
	static const double old[] = { 0.98900004, 0.99351094 };
	/* 0.999 - 0.1; v 0.00025, 0.00124975 over 0.001999 */
	static const double adamw[] = { 0.899, 0.9347114 };
	/* sqrt(v) 0.0158114, 0.0353518 */
	static const double bert[] = { 0.6827922, 0.8376841 };
	static const double spared[] = { 0.6837922, 0.8393669 };
	/* of a bias: 1 - 0.1 0.999998, then + 0.1 0.2894737 / 0.7906891 */
	static const double lamb[] = { 0.9000002, 0.9366105 };

	figures("adamax", ADAMAX, adamax, adamax);
	figures("adamax-2019", ADAMAX_2019, old, old);
	figures("adamw", ADAMW, adamw, adamw);
	figures("bert-adam", BERT_ADAM, bert, spared);
	figures("lamb", LAMB, NULL, lamb);
}

/* Clipping: a gradient of norm 5 moves as one of norm 1. */
static void
test_clip(void)
{
	const struct optimizer_options options = { .kind = ADAMAX_2019,
		.schedule = SCHEDULE_CONSTANT,
		.learning_rate = 1,
		.weight_decay = 0,
		.layer_decay = 1,
		.clip = 1 };
	static const bool none[2] = { false, false };
	struct model *m = model_of();
	struct optimizer *o = optimizer_new(m, &options, 2);
	real *grad = mem_zero(m->params.total, sizeof(*grad));
	size_t w = m->params.pooler.weight;
	double norm;

	grad[w] = 3;
	grad[w + 1] = -4;
	norm = optimizer_norm(o, grad, none);
	CHECK_NEAR("norm of 3 and 4", norm, 5, 1e-6);
	optimizer_step(o, m->value, grad, none, 0, norm);
	CHECK_NEAR("m after clipping", (double)o->first[w], 0.06, 1e-6);
	CHECK_NEAR("m after clipping", (double)o->first[w + 1], -0.08, 1e-6);
	grad[w] = (real)0.6;
	norm = optimizer_norm(o, grad, none);
	optimizer_step(o, m->value, grad, none, 1, norm);
	CHECK_NEAR("below the bound", (double)o->first[w],
	    0.9 * 0.06 + 0.1 * 0.6, 1e-6);
	free(grad);
	optimizer_free(o);
	model_close(m);
}

static void
test_rate(void)
{
	const struct optimizer_options options = { .kind = ADAMAX,
		.schedule = SCHEDULE_TRIANGLE,
		.learning_rate = 0.5,
		.warmup = 0.5,
		.weight_decay = -1,
		.layer_decay = 1 };
	static const bool none[2] = { false, false };
	struct model *m = model_of();
	struct optimizer *o = optimizer_new(m, &options, 4);
	real *grad = mem_zero(m->params.total, sizeof(*grad));
	real *before = mem_alloc(m->params.total, sizeof(*before));

	memcpy(before, m->value, m->params.total * sizeof(*before));
	for (size_t i = 0; i < m->params.shared; i++)
		grad[i] = 1;
	optimizer_norm(o, grad, none);
	CHECK(optimizer_step(o, m->value, grad, none, 0, 1) == 0);
	CHECK_NAMED("the first update of a warm-up moves nothing",
	    memcmp(before, m->value, m->params.total * sizeof(*before)) == 0);
	optimizer_norm(o, grad, none);
	CHECK_NEAR("the next", optimizer_step(o, m->value, grad, none, 1, 1),
	    0.25, 1e-12);
	free(before);
	free(grad);
	optimizer_free(o);
	model_close(m);
}

/* One of them settled after every update, the other at the end alone. */
static void
check_late(const char *name, const struct optimizer_options *options)
{
	enum { MANY = 300 };
	static const bool active[2] = { true, false };
	struct model *m[2] = { model_of(), model_of() };
	struct optimizer *o[2];
	size_t bytes = m[0]->params.total * sizeof(real);
	struct batch b = { 0 };

	for (int k = 0; k < 2; k++) {
		real *grad = mem_zero(m[0]->params.total, sizeof(*grad));

		o[k] = optimizer_new(m[k], options, MANY);
		for (size_t s = 0; s < MANY; s++) {
			words_of(&b, s);
			optimizer_touch(o[k], &b);
			draw(grad, m[k], &b, active, s);
			optimizer_step(o[k], m[k]->value, grad, active, s,
			    optimizer_norm(o[k], grad, active));
			if (k == 0)
				optimizer_settle(o[k]);
		}
		free(grad);
	}
	optimizer_settle(o[1]);
	CHECK_NAMED(name, memcmp(m[0]->value, m[1]->value, bytes) == 0);
	CHECK(memcmp(o[0]->first, o[1]->first, bytes) == 0);
	CHECK(memcmp(o[0]->second, o[1]->second, bytes) == 0);
	for (int k = 0; k < 2; k++) {
		optimizer_free(o[k]);
		model_close(m[k]);
	}
	batch_free(&b);
}

static void
test_late(void)
{
	struct optimizer_options o = { .learning_rate = 0.01,
		.warmup = 0.2,
		.clip = 1,
		.layer_decay = 0.9 };

	o.kind = ADAMAX;
	check_late("adamax: words that were behind", &o);
	o.kind = ADAMAX_2019;
	check_late("adamax-2019: words that were behind", &o);
	o.kind = ADAMW;
	check_late("adamw: words that were behind", &o);
	o.kind = BERT_ADAM;
	check_late("bert-adam: words that were behind", &o);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-optim-XXXXXX";

	own_folder(folder);
	test_figures();
	test_twins();
	test_clip();
	test_rate();
	test_late();
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
