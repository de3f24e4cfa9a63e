/*
 * The encoder: [CLS] alone is what all tokens give there, recomputing changes
 * nothing, a batch in parts is the whole batch, rows do not see each other,
 * and threads do not show.
 */
#include "net.h"

#include "base/thread.h"
#include "layer/embed.h"

/* Differences that the order of sums makes. */
static const double near = sizeof(real) == sizeof(double) ? 1e-12 : 2e-5;

static void
set_dropout(struct net *n, double rate)
{
	n->hidden = n->attention = n->before = rate;
}

static void
test_cls(struct model *m, double rate)
{
	struct net all, alone;

	net_start(&all, m, false);
	net_start(&alone, m, false);
	set_dropout(&all, rate);
	set_dropout(&alone, rate);
	all.all = true;
	net_backward(&all);
	net_backward(&alone);
	CHECK_NEAR("logits at [CLS] alone",
	    net_distance(alone.logits, all.logits, NET_ROWS * 3), 0, near);
	CHECK_NEAR("gradients at [CLS] alone",
	    net_distance(alone.grad, all.grad, m->params.total), 0, near);
	for (size_t i = 0; i < NET_ROWS; i++)
		if (net_distance(encoder_hidden(alone.e) + i * NET_HIDDEN,
			encoder_hidden(all.e) + all.b.start[i] * NET_HIDDEN,
			NET_HIDDEN) > near)
			CHECK_NAMED("hidden states at [CLS]", false);
	net_end(&all);
	net_end(&alone);
}

/* Some tokens besides [CLS]: states and gradients are those of all. */
static void
test_some(struct model *m, double rate, bool recompute)
{
	struct encoder_dropout dropout = { 8, 3, rate, rate };
	size_t token[NET_ROWS * 3], start[NET_ROWS + 1] = { 0 }, n = 0;
	struct encoder_reads reads = { token, start, 0 };
	struct net all, some;
	real *d, *at;

	net_start(&all, m, false);
	net_start(&some, m, recompute);
	d = mem_zero(all.b.tokens * NET_HIDDEN, sizeof(*d));
	at = mem_zero(all.b.tokens * NET_HIDDEN, sizeof(*at));
	for (size_t i = 0; i < NET_ROWS; i++) {
		size_t first = all.b.start[i], end = all.b.start[i + 1];

		for (size_t t = first; t < end && t < first + 3 * i + 1;
		     t += i + 1)
			token[n++] = t;
		start[i + 1] = n;
	}
	reads.count = n;
	for (size_t i = 0; i < n * NET_HIDDEN; i++)
		d[i] = (real)sin((double)i);
	embed_scatter_add(at, d, token, n, NET_HIDDEN);
	encoder_forward(all.e, &all.b, NULL, &dropout);
	encoder_forward(some.e, &some.b, &reads, &dropout);
	for (size_t i = 0; i < n; i++)
		if (net_distance(encoder_hidden(some.e) + i * NET_HIDDEN,
			encoder_hidden(all.e) + token[i] * NET_HIDDEN,
			NET_HIDDEN) > near)
			CHECK_NAMED("hidden states of some tokens", false);
	CHECK_NEAR("pooled beside some tokens",
	    net_distance(encoder_pooled(some.e), encoder_pooled(all.e),
		NET_ROWS * NET_HIDDEN),
	    0, near);
	encoder_backward(all.e, all.grad, NULL, at);
	encoder_backward(some.e, some.grad, NULL, d);
	CHECK_NEAR("gradients from some tokens",
	    net_distance(some.grad, all.grad, m->params.total), 0, near);
	free(d);
	free(at);
	net_end(&all);
	net_end(&some);
}

static void
test_recompute(struct model *m, bool all)
{
	struct net keep, twice;

	net_start(&keep, m, false);
	net_start(&twice, m, true);
	set_dropout(&keep, 0.1);
	set_dropout(&twice, 0.1);
	keep.all = twice.all = all;
	net_backward(&keep);
	net_backward(&twice);
	CHECK_NAMED("the same bytes when recomputed",
	    memcmp(keep.grad, twice.grad, m->params.total * sizeof(real)) == 0);
	CHECK(encoder_bytes(&m->config, NULL, 89, 6, 70, true, true) <
	      encoder_bytes(&m->config, NULL, 89, 6, 70, true, false));
	net_end(&keep);
	net_end(&twice);
}

/* What is frozen gets no gradient, what lies above the same one. */
static void
test_frozen(struct model *m, size_t depth, bool recompute)
{
	struct net whole, part;
	size_t zero = 0, same = 0;

	net_start(&whole, m, false);
	net_start(&part, m, recompute);
	set_dropout(&whole, 0.2);
	set_dropout(&part, 0.2);
	encoder_freeze(part.e, depth);
	net_backward(&whole);
	net_backward(&part);
	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];
		bool frozen = p->head < 0 && p->depth < depth &&
			      p->depth <= m->config.layers;

		for (size_t k = p->offset; k < p->offset + p->count; k++) {
			zero += frozen && part.grad[k] != 0;
			same += !frozen && part.grad[k] != whole.grad[k];
		}
	}
	CHECK_NAMED("nothing below", zero == 0);
	CHECK_NAMED("the same above", same == 0);
	net_end(&whole);
	net_end(&part);
}

/* Rows 0 to 2 and 3 to 5 by themselves, each at its place in the whole. */
static void
test_parts(struct model *m)
{
	struct net whole, parts;
	double loss = 0;

	net_start(&whole, m, false);
	net_start(&parts, m, false);
	set_dropout(&whole, 0.3);
	set_dropout(&parts, 0.3);
	net_backward(&whole);
	for (size_t first = 0; first < NET_ROWS; first += 3) {
		net_batch(&parts.b, first, 3);
		net_backward(&parts);
		loss += parts.sum.loss;
	}
	CHECK_NEAR(
	    "loss of the parts", loss, whole.sum.loss, near * whole.sum.loss);
	CHECK_NEAR("gradients of the parts",
	    net_distance(parts.grad, whole.grad, m->params.total), 0, near);
	/* The check can fail: dropout at another place is another one. */
	net_batch(&parts.b, 3, 3);
	net_forward(&parts);
	loss = parts.sum.loss;
	parts.b.first_row = 0;
	net_forward(&parts);
	CHECK_NAMED(
	    "the head's place counts", fabs(parts.sum.loss - loss) > 1e-4);
	parts.b.first_row = 3;
	parts.b.first_token = 0;
	net_forward(&parts);
	CHECK_NAMED(
	    "the encoder's place counts", fabs(parts.sum.loss - loss) > 1e-4);
	net_end(&whole);
	net_end(&parts);
}

/* A row's logits do not depend on what else is in the batch. */
static void
test_alone(struct model *m)
{
	struct net whole, row;

	net_start(&whole, m, false);
	net_start(&row, m, false);
	net_forward(&whole);
	for (size_t i = 0; i < NET_ROWS; i++) {
		net_batch(&row.b, i, 1);
		net_forward(&row);
		CHECK_NEAR("a row alone",
		    net_distance(row.logits, whole.logits + 3 * i, 3), 0, near);
	}
	net_end(&whole);
	net_end(&row);
}

static void
test_threads(struct model *m)
{
	struct net one, many;

	net_start(&one, m, false);
	set_dropout(&one, 0.1);
	thread_use(1);
	net_backward(&one);
	for (int threads = 2; threads <= 4; threads++) {
		thread_use(threads);
		net_start(&many, m, false);
		set_dropout(&many, 0.1);
		net_backward(&many);
		CHECK_NAMED("equal bytes for more threads",
		    memcmp(one.grad, many.grad,
			m->params.total * sizeof(real)) == 0);
		net_end(&many);
	}
	net_end(&one);
	thread_use(0);
}

/* An encoder for prediction, used over and over, gives the same. */
static void
test_predict(struct model *m)
{
	struct net n;
	struct encoder *e = encoder_new(m, false, false);
	struct batch small = { 0 };
	struct encoder_reads cls;

	net_start(&n, m, false);
	net_forward(&n);
	net_batch(&small, 1, 1);
	cls = encoder_reads_cls(&small);
	encoder_forward(e, &small, &cls, NULL);
	cls = encoder_reads_cls(&n.b);
	encoder_forward(e, &n.b, &cls, NULL);
	CHECK_NAMED("for training and for prediction",
	    memcmp(encoder_pooled(e), encoder_pooled(n.e),
		NET_ROWS * NET_HIDDEN * sizeof(real)) == 0);
	encoder_forward(e, &n.b, NULL, NULL);
	CHECK_NEAR("at all tokens",
	    net_distance(
		encoder_pooled(e), encoder_pooled(n.e), NET_ROWS * NET_HIDDEN),
	    0, near);
	batch_free(&small);
	encoder_free(e);
	net_end(&n);
}

/* Dropout: none where it is off, else as often as the rate says. */
static void
test_dropout(void)
{
	struct dropout d = dropout_make(rng_key(1, 2, 3), 0.25);
	size_t dropped = 0, n = 100000;

	for (uint32_t i = 0; i < n; i++)
		dropped += dropout_factor(d, i) == 0;
	CHECK_NEAR(
	    "a quarter is dropped", (double)dropped / (double)n, 0.25, 0.005);
	CHECK_NEAR("the rest is scaled", (double)d.scale, 4.0 / 3, 1e-6);
	CHECK(dropout_make(rng_key(1, 2, 3), 0).threshold == 0);
}

static void
test_attention(struct model *m)
{
	struct net n;
	real p[70 * 70];
	double worst = 0;

	net_start(&n, m, false);
	n.all = true;
	net_forward(&n);
	encoder_attention(n.e, p, 1, 2, 2);
	for (size_t i = 0; i < 70; i++) {
		double sum = 0;

		for (size_t k = 0; k < 70; k++)
			sum += (double)p[i * 70 + k];
		worst = fmax(worst, fabs(sum - 1));
	}
	CHECK_NEAR("attention sums to 1", worst, 0, 1e-5);
	net_end(&n);
}

/* Where states between the first and the last take turns. */
static void
test_deep(void)
{
	struct config c;
	struct model *m;

	net_config(&c, POOLER_TANH);
	c.layers = 7;
	m = net_model_of(&c);
	test_recompute(m, false);
	test_recompute(m, true);
	model_close(m);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-net-XXXXXX";
	struct model *m;

	own_folder(folder);
	m = net_model(true);
	test_cls(m, 0);
	test_cls(m, 0.2);
	test_some(m, 0.2, false);
	test_some(m, 0.2, true);
	test_recompute(m, false);
	test_recompute(m, true);
	for (size_t depth = 0; depth <= m->config.layers + 2; depth++)
		test_frozen(m, depth, depth % 2 == 1);
	test_deep();
	test_parts(m);
	test_alone(m);
	test_threads(m);
	test_predict(m);
	test_dropout();
	test_attention(m);
	model_close(m);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
