/*
 * The heads of pre-training: their losses against sums written out, and the
 * gradients of every parameter against finite differences, signed, with and
 * without a teacher.
 */
#include "net.h"

#include "base/thread.h"
#include "net/mlm.h"

enum { READS = 40 };

struct trial {
	struct model *m, *teacher;
	struct encoder *e, *taught;
	struct mlm *head, *teacher_head;
	struct batch b;
	size_t token[READS], start[NET_ROWS + 1];
	int32_t want[READS];
	struct encoder_reads reads;
	uint8_t apart[NET_ROWS];
	struct mlm_rule rule;
	bool next;
	struct mlm_sum sum;
	size_t right;
	real *grad, *dhidden, *dpooled;
};

/* embedding: its width where it is projected, or 0 */
static struct model *
make(uint64_t seed, size_t embedding)
{
	struct config c;
	struct model *m;
	struct rng r = rng_key(seed, 9, 9);

	put_text_file("vocab.txt", "[PAD]\n");
	net_config(&c, true);
	c.embedding = embedding;
	c.mlm = c.next_sentence = true;
	m = model_new(&c, "vocab.txt", false, seed);
	for (size_t i = 0; i < m->params.total; i++)
		m->value[i] += (real)(0.1 * rng_normal(r, i));
	config_free(&c);
	return m;
}

/* [CLS] of every row, and of the longer ones every third token. */
static void
choose(struct trial *t)
{
	size_t n = 0;

	for (size_t i = 0; i < NET_ROWS; i++) {
		t->start[i] = n;
		for (size_t k = t->b.start[i]; k < t->b.start[i + 1]; k += 3) {
			t->token[n] = k;
			t->want[n++] = k == t->b.start[i]
					   ? -1
					   : (int32_t)(k * 7 % NET_VOCAB);
		}
		t->apart[i] = i % 3 == 0;
	}
	t->start[NET_ROWS] = n;
	t->reads = (struct encoder_reads){ t->token, t->start, n };
	t->rule.norm = (double)mlm_asked(t->want, n);
}

static void
begin(struct trial *t, bool taught, size_t embedding)
{
	*t = (struct trial){ .m = make(5, embedding), .rule = { 1, 0, 1, 1 } };
	t->e = encoder_new(t->m, true, false);
	t->head = mlm_new(t->m);
	if (taught) {
		t->teacher = make(6, 0);
		t->taught = encoder_new(t->teacher, false, false);
		t->teacher_head = mlm_new(t->teacher);
	}
	net_batch(&t->b, 0, NET_ROWS);
	choose(t);
	t->grad = mem_zero(t->m->params.total, sizeof(real));
	t->dhidden = mem_zero(READS * NET_HIDDEN, sizeof(real));
	t->dpooled = mem_zero(NET_ROWS * NET_HIDDEN, sizeof(real));
}

static void
end(struct trial *t)
{
	mlm_free(t->head);
	encoder_free(t->e);
	model_close(t->m);
	if (t->teacher != NULL) {
		mlm_free(t->teacher_head);
		encoder_free(t->taught);
		model_close(t->teacher);
	}
	batch_free(&t->b);
	free(t->grad);
	free(t->dhidden);
	free(t->dpooled);
}

static double
pass(struct trial *t, bool backward)
{
	struct encoder_dropout dropout = { 8, 3, 0.2, 0.1 };
	double next = 0;

	t->sum = (struct mlm_sum){ 0 };
	t->right = 0;
	encoder_forward(t->e, &t->b, &t->reads, &dropout);
	if (t->teacher != NULL)
		encoder_forward(t->taught, &t->b, &t->reads, NULL);
	mlm_pass(t->head, &t->sum, backward ? t->dhidden : NULL,
	    backward ? t->grad : NULL, encoder_hidden(t->e), t->want,
	    t->reads.count, &t->rule, t->teacher_head,
	    t->teacher != NULL ? encoder_hidden(t->taught) : NULL);
	if (t->next)
		next = mlm_next_pass(t->m, backward ? t->dpooled : NULL,
		    backward ? t->grad : NULL, encoder_pooled(t->e), t->apart,
		    NET_ROWS, NET_ROWS, &t->right);
	if (backward)
		encoder_backward(
		    t->e, t->grad, t->next ? t->dpooled : NULL, t->dhidden);
	return t->rule.hard_weight * t->sum.hard +
	       t->rule.soft_weight * t->sum.soft + next;
}

/* --- the losses, written out --- */

static const real *
value(const struct model *m, const char *name)
{
	return m->value + params_find(&m->params, name)->offset;
}

/* Logits [V] of one token's states h [H]. */
static void
plain_logits(double *z, const struct model *m, const real *h)
{
	const real *w = value(m, "cls.predictions.transform.dense.weight");
	const real *b = value(m, "cls.predictions.transform.dense.bias");
	const real *gain =
	    value(m, "cls.predictions.transform.LayerNorm.weight");
	const real *bias = value(m, "cls.predictions.transform.LayerNorm.bias");
	const real *own = value(m, "cls.predictions.bias");
	size_t E = config_embedding(&m->config);
	double y[2 * NET_HIDDEN], mean = 0, var = 0;

	for (size_t i = 0; i < E; i++) {
		double u = (double)b[i];

		for (size_t k = 0; k < NET_HIDDEN; k++)
			u += (double)w[i * NET_HIDDEN + k] * (double)h[k];
		y[i] = u * (1 + erf(u / sqrt(2))) / 2;
		mean += y[i] / (double)E;
	}
	for (size_t i = 0; i < E; i++)
		var += (y[i] - mean) * (y[i] - mean) / (double)E;
	for (size_t v = 0; v < NET_VOCAB; v++) {
		z[v] = (double)own[v];
		for (size_t i = 0; i < E; i++)
			z[v] += (double)m->value[v * E + i] *
				((double)gain[i] * (y[i] - mean) /
					sqrt(var + 1e-12) +
				    (double)bias[i]);
	}
}

static void
plain_softmax(double *p, const double *z, double temperature)
{
	double sum = 0;

	for (size_t v = 0; v < NET_VOCAB; v++)
		sum += p[v] = exp(z[v] / temperature);
	for (size_t v = 0; v < NET_VOCAB; v++)
		p[v] /= sum;
}

static void
test_losses(double temperature)
{
	struct trial t;
	double z[NET_VOCAB], p[NET_VOCAB], q[NET_VOCAB], hard = 0, soft = 0;
	size_t right = 0;

	begin(&t, true, 7);
	t.rule.temperature = temperature;
	pass(&t, false);
	for (size_t i = 0; i < t.reads.count; i++) {
		size_t best = 0;

		if (t.want[i] < 0)
			continue;
		plain_logits(
		    z, t.teacher, encoder_hidden(t.taught) + i * NET_HIDDEN);
		plain_softmax(q, z, temperature);
		plain_logits(z, t.m, encoder_hidden(t.e) + i * NET_HIDDEN);
		plain_softmax(p, z, 1);
		hard -= log(p[t.want[i]]) / t.rule.norm;
		for (size_t v = 0; v < NET_VOCAB; v++)
			best = z[v] > z[best] ? v : best;
		right += best == (size_t)t.want[i];
		plain_softmax(p, z, temperature);
		for (size_t v = 0; v < NET_VOCAB; v++)
			soft -= temperature * temperature * q[v] * log(p[v]) /
				t.rule.norm;
	}
	CHECK_NEAR("hard loss", t.sum.hard, hard, 1e-12);
	CHECK_NEAR("soft loss", t.sum.soft, soft, 1e-12);
	CHECK(t.sum.right == right && t.sum.asked == (size_t)t.rule.norm);
	end(&t);
}

/* --- gradients --- */

/* Along one random direction of a parameter: relative to its size. */
static double
difference(struct trial *t, const struct param *p)
{
	struct rng r = rng_key(77, p->offset, 0);
	double h = 3e-6, expected = 0, up, measured;
	real *x = t->m->value + p->offset;

	for (size_t i = 0; i < p->count; i++) {
		expected += (double)t->grad[p->offset + i] * rng_normal(r, i);
		x[i] += (real)(h * rng_normal(r, i));
	}
	up = pass(t, false);
	for (size_t i = 0; i < p->count; i++)
		x[i] -= (real)(2 * h * rng_normal(r, i));
	measured = (up - pass(t, false)) / (2 * h);
	for (size_t i = 0; i < p->count; i++)
		x[i] += (real)(h * rng_normal(r, i));
	return fabs(measured - expected) /
	       fmax(1e-2, fmax(fabs(measured), fabs(expected)));
}

static void
test_gradients(
    const char *name, bool next, struct mlm_rule rule, size_t embedding)
{
	struct trial t;
	const struct param *p;
	bool good = true;

	begin(&t, rule.soft_weight > 0, embedding);
	rule.norm = t.rule.norm;
	t.rule = rule;
	t.next = next;
	pass(&t, true);
	for (size_t i = 0; i < t.m->params.count; i++) {
		double d = difference(&t, &t.m->params.item[i]);

		if (d >= 1e-6)
			printf("# %s: relative difference %g\n",
			    t.m->params.item[i].name, d);
		good &= d < 1e-6;
	}
	CHECK_NAMED(name, good);
	p = params_find(&t.m->params, "cls.predictions.transform.dense.weight");
	for (size_t i = 0; i < p->count; i++)
		t.grad[p->offset + i] = -t.grad[p->offset + i];
	CHECK_NAMED("a wrong sign fails", difference(&t, p) > 1e-6);
	end(&t);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-mlm-XXXXXX";

	if (sizeof(real) == sizeof(float)) {
		check_skip("gradients", "built in single precision");
		return check_done();
	}
	own_folder(folder);
	thread_use(1); /* too small a network for more */
	test_losses(1);
	test_losses(2);
	test_gradients("hard", false, (struct mlm_rule){ 1, 0, 1, 1 }, 0);
	test_gradients("hard, narrow embeddings", false,
	    (struct mlm_rule){ 1, 0, 1, 1 }, 5);
	test_gradients("hard, pairs", true, (struct mlm_rule){ 1, 0, 1, 1 }, 0);
	test_gradients(
	    "with a teacher", false, (struct mlm_rule){ 0.3, 0.7, 1, 1 }, 0);
	test_gradients("with a teacher, at temperature 2", true,
	    (struct mlm_rule){ 0.3, 0.7, 2, 1 }, 20);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
