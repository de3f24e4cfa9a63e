/*
 * The whole network: gradients of every parameter in the table against finite
 * differences, signed, for each way to run the encoder and each loss.
 */
#include "net.h"

#include "base/thread.h"

/*
 * Along one random direction of x: measured less expected, relative; where
 * both are 0, as for a key's bias, to the norm of the whole gradient, since
 * the objective is rounded in proportion to that.
 */
static double
difference(struct net *n, real *x, const real *dx, size_t count, unsigned seed)
{
	struct rng r = rng_key(77, seed, 0);
	double h = 3e-6, expected = 0, whole = 0, up, measured;

	for (size_t i = 0; i < count; i++) {
		expected += (double)dx[i] * rng_normal(r, i);
		x[i] += (real)(h * rng_normal(r, i));
	}
	up = net_forward(n);
	for (size_t i = 0; i < count; i++)
		x[i] -= (real)(2 * h * rng_normal(r, i));
	measured = (up - net_forward(n)) / (2 * h);
	for (size_t i = 0; i < count; i++)
		x[i] += (real)(h * rng_normal(r, i));
	for (size_t i = 0; i < n->m->params.total; i++)
		whole += (double)n->grad[i] * (double)n->grad[i];
	return fabs(measured - expected) /
	       fmax(1e-2 * fmax(1, sqrt(whole)),
		   fmax(fabs(measured), fabs(expected)));
}

static bool
right(struct net *n, const struct param *p)
{
	double d = difference(n, n->m->value + p->offset, n->grad + p->offset,
	    p->count, (unsigned)p->offset);

	if (d >= 1e-6)
		printf("# %s: relative difference %g\n", p->name, d);
	return d < 1e-6;
}

static void
check(const char *name, struct net *n)
{
	bool good = true;

	memset(n->grad, 0, n->m->params.total * sizeof(*n->grad));
	net_backward(n);
	for (size_t i = 0; i < n->m->params.count; i++)
		good &= right(n, &n->m->params.item[i]);
	CHECK_NAMED(name, good);
}

/* Turn the sign of one row of the table: it must be seen. */
static void
check_fails(struct net *n, const char *name)
{
	const struct param *p = params_find(&n->m->params, name);

	for (size_t i = 0; i < p->count; i++)
		n->grad[p->offset + i] = -n->grad[p->offset + i];
	CHECK_NAMED("a wrong sign fails", !right(n, p));
}

/* embedding: its width where it is projected, or 0 */
static void
test_ways(enum pooler pooler, size_t embedding)
{
	static const char *const names[] = { "no pooler", "pooler", "gelu",
		"relu" };
	struct config c;
	struct model *m;
	real states[96 * NET_HIDDEN];

	net_config(&c, pooler);
	c.embedding = embedding;
	m = net_model_of(&c);
	check_random(states, COUNT(states), 12);
	for (unsigned way = pooler != POOLER_NONE ? 0 : 12; way < 16; way++) {
		struct net n;
		char name[96];

		net_start(&n, m, way & 1);
		n.all = way & 2;
		n.hidden = way & 4 ? 0.2 : 0;
		n.attention = way & 4 ? 0.1 : 0;
		n.before = n.hidden;
		n.states = n.all && way & 8 ? states : NULL;
		snprintf(name, sizeof(name), "%s, E %zu%s%s%s%s", names[pooler],
		    config_embedding(&m->config),
		    n.all ? ", all tokens" : ", [CLS] alone",
		    way & 1 ? ", recomputed" : "", way & 4 ? ", dropout" : "",
		    n.states != NULL ? ", states" : "");
		if (n.all || !(way & 8) || pooler == POOLER_NONE)
			check(name, &n);
		net_end(&n);
	}
	model_close(m);
}

static void
test_signs(void)
{
	static const char *const names[] = {
		"bert.embeddings.word_embeddings.weight",
		"bert.embeddings.position_embeddings.weight",
		"bert.embeddings.LayerNorm.bias",
		"bert.encoder.layer.0.attention.self.key.weight",
		"bert.encoder.layer.1.attention.self.query.bias",
		"bert.encoder.layer.1.output.LayerNorm.weight",
		"bert.pooler.dense.weight", "heads.three.bias",
		"bert.embeddings_project.weight", "bert.embeddings_project.bias"
	};
	struct config c;
	struct model *m;
	struct net n;

	net_config(&c, POOLER_GELU);
	c.embedding = 5;
	m = net_model_of(&c);

	net_start(&n, m, false);
	n.hidden = n.attention = n.before = 0.1;
	net_backward(&n);
	for (size_t i = 0; i < COUNT(names); i++)
		check_fails(&n, names[i]);
	net_end(&n);
	model_close(m);
}

static const float three[NET_ROWS * 3] = { 0.2f, 0.5f, 0.3f, 1, 0, 0, 0.1f,
	0.1f, 0.8f, 0.25f, 0.25f, 0.5f, 0.6f, 0.3f, 0.1f, 0, 1, 0 };
static const float score[NET_ROWS] = { 0.5f, 1.5f, 4.75f, 3, 2.5f, 0 };
static const float rank[NET_ROWS] = { 0.25f, 0.75f, 1, 0, 0.5f, 0.5f };
static const bool everywhere[NET_ROWS] = { 1, 1, 1, 1, 1, 1 };
static const bool somewhere[NET_ROWS] = { 1, 1, 0, 0, 1, 1 };

static const struct loss {
	const char *name;
	size_t head;
	const float *soft;
	const bool *has;
	enum soft_loss kind;
	double T, hard, weight;
} losses[] = {
	{ "classification, hard", 0, NULL, NULL, SOFT_CE, 1, 1, 1 },
	{ "classification, weight 3", 0, NULL, NULL, SOFT_CE, 1, 1, 3 },
	{ "classification, ce", 0, three, everywhere, SOFT_CE, 1, 0.5, 1 },
	{ "classification, ce in part", 0, three, somewhere, SOFT_CE, 1, 0.3,
	    1 },
	{ "classification, ce at T 3", 0, three, everywhere, SOFT_CE, 3, 0.3,
	    2 },
	{ "classification, kl at T 0.5", 0, three, everywhere, SOFT_KL, 0.5, 0,
	    1 },
	{ "classification, kl", 0, three, everywhere, SOFT_KL, 1, 0.7, 1 },
	{ "classification, mse", 0, three, everywhere, SOFT_MSE, 1, 0.5, 1 },
	{ "regression, hard", 1, NULL, NULL, SOFT_CE, 1, 1, 1 },
	{ "regression, soft", 1, score, somewhere, SOFT_CE, 1, 0.4, 0.5 },
	{ "ranking, hard", 2, NULL, NULL, SOFT_CE, 1, 1, 1 },
	{ "ranking, soft", 2, rank, somewhere, SOFT_CE, 2, 0.5, 1 },
};

static void
test_losses(void)
{
	struct model *m = net_model(true);

	for (size_t i = 0; i < COUNT(losses); i++) {
		const struct loss *l = &losses[i];
		struct net n;

		net_start(&n, m, false);
		n.hidden = n.attention = n.before = 0.1;
		net_use_head(&n, l->head);
		n.soft = l->soft;
		n.has_soft = l->has;
		n.rule.soft = l->kind;
		n.rule.temperature = l->T;
		n.rule.hard_weight = l->hard;
		n.rule.soft_weight = 1 - l->hard;
		n.rule.weight = l->weight;
		n.b.label[5] = NAN; /* one row, or candidate, unlabelled */
		if (l->head == 2)
			n.b.label[2] = n.b.label[3] = 0;
		check(l->name, &n);
		net_end(&n);
	}
	model_close(m);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-net-XXXXXX";

	if (sizeof(real) == sizeof(float)) {
		check_skip("gradients", "built in single precision");
		return check_done();
	}
	own_folder(folder);
	thread_use(1); /* too small a network for more */
	test_ways(POOLER_TANH, 0);
	test_ways(POOLER_NONE, 0);
	test_ways(POOLER_GELU, 5);
	test_ways(POOLER_RELU, 21);
	test_ways(POOLER_NONE, 21);
	test_losses();
	test_signs();
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
