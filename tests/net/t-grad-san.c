/*
 * SAN head: every gradient against finite differences, with dropout and with
 * dropped turns; the mixture against plain arithmetic.
 */
#include <stdlib.h>

#include "check.h"
#include "base/mem.h"
#include "model/model.h"
#include "net/san.h"
#include "refused.h"

enum { H = 8, T = 19, N = 3, C = 3, K = 4 };

static const struct san_row rows[N] = { { 3, 7, 0, 3, 0 }, { 7, 9, 9, 14, 1 },
	{ 15, 19, 14, 15, 2 } };

static struct model *
make_model(void)
{
	static char *labels[] = { "a", "b", "c" };
	struct head head = { "x", HEAD_SAN, { TASK_CLASSIFICATION, C, labels },
		C, 0.3, K, 0.4, false };
	struct config c = { .vocab = 5,
		.hidden = H,
		.layers = 1,
		.heads = 2,
		.inner = 8,
		.positions = 16,
		.types = 2,
		.init_range = 0.4,
		.head = &head,
		.head_count = 1 };

	put_text_file("vocab.txt", "[PAD]\n");
	return model_new(&c, "vocab.txt", false, 3);
}

static real
objective(struct san *s, const real *hidden, const real *r,
    const struct san_dropout *dropout)
{
	real logits[N * C], sum = 0;

	san_forward(s, logits, hidden, rows, N, dropout);
	for (size_t i = 0; i < N * C; i++)
		sum += r[i] * logits[i];
	return sum;
}

static void
check_gradients(struct model *m, const struct san_dropout *dropout)
{
	struct san *s = san_new(m, 0);
	const struct params *all = &m->params;
	const struct param *p = params_find(all, "heads.x.san.gru.weight_ih");
	real hidden[T * H], r[N * C], dhidden[T * H] = { 0 };
	real *grad = mem_zero(m->params.total, sizeof(*grad));

	check_random(hidden, T * H, 1);
	check_random(r, N * C, 2);
	objective(s, hidden, r, dropout);
	san_backward(s, dhidden, grad, r);
	CHECK_DIRECTION("hidden states", hidden, dhidden, T * H,
	    objective(s, hidden, r, dropout));
	for (size_t i = 0; i < all->count; i++)
		if (all->item[i].head == 0)
			CHECK_DIRECTION("a parameter of the head",
			    m->value + all->item[i].offset,
			    grad + all->item[i].offset, all->item[i].count,
			    objective(s, hidden, r, dropout));
	for (size_t i = 0; i < p->count; i++)
		grad[p->offset + i] = -grad[p->offset + i];
	CHECK_DIRECTION_FAILS("GRU weights, sign turned", m->value + p->offset,
	    grad + p->offset, p->count, objective(s, hidden, r, dropout));
	san_free(s);
	free(grad);
}

/* Without dropout the logits are logs of a mean of distributions. */
static void
check_mixture(struct model *m)
{
	struct san *s = san_new(m, 0);
	struct san_dropout none = { 0 };
	real hidden[T * H], logits[N * C];

	check_random(hidden, T * H, 1);
	san_forward(s, logits, hidden, rows, N, &none);
	for (size_t i = 0; i < N; i++) {
		double sum = 0;

		for (size_t c = 0; c < C; c++)
			sum += exp((double)logits[i * C + c]);
		CHECK_NEAR("probabilities of a mixture sum to 1", sum, 1, 1e-5);
	}
	san_free(s);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-san-XXXXXX";
	struct model *m;

	own_folder(folder);
	m = make_model();
	check_mixture(m);
	if (sizeof(real) == sizeof(double)) {
		check_gradients(m, &(struct san_dropout){ 0 });
		check_gradients(m, &(struct san_dropout){ 5, 6, 0.3, 0.4 });
	}
	model_close(m);
	remove_folder(folder, files, 1);
	return check_done();
}
