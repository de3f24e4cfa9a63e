/*
 * SAN head, of classes and of sets: every gradient against finite differences,
 * with dropout and with dropped turns; the mixture against plain arithmetic,
 * and a set's against that of two classes.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "base/mem.h"
#include "model/model.h"
#include "net/san.h"
#include "refused.h"

enum { H = 8, T = 19, N = 3, C = 3, K = 4 };

static const struct san_row rows[N] = { { 3, 7, 0, 3, 0 }, { 7, 9, 9, 14, 1 },
	{ 15, 19, 14, 15, 2 } };

static struct model *
make_model(enum task_type type, size_t classes)
{
	static char *labels[] = { "a", "b", "c" };
	struct head head = { "x", HEAD_SAN, { type, classes, labels }, classes,
		0.3, K, 0.4, false };
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

/*
 * Label c of a set against a head of two classes, whose first has the weights
 * of c and whose second has none: the same turns, the same parts.
 */
static void
check_set(const struct model *set, struct model *two, size_t c,
    const struct san_dropout *dropout)
{
	struct linear_offsets from = set->params.head[0].answer;
	struct linear_offsets to = two->params.head[0].answer;
	struct san *s = san_new(set, 0), *q = san_new(two, 0);
	real hidden[T * H], logits[N * C], pair[N * 2];

	check_random(hidden, T * H, 1);
	memset(two->value + to.weight, 0, 2 * 4 * H * sizeof(real));
	memcpy(two->value + to.weight, set->value + from.weight + c * 4 * H,
	    4 * H * sizeof(real));
	two->value[to.bias] = set->value[from.bias + c];
	two->value[to.bias + 1] = 0;
	san_forward(s, logits, hidden, rows, N, dropout);
	san_forward(q, pair, hidden, rows, N, dropout);
	for (size_t i = 0; i < N; i++)
		CHECK_NEAR("the odds of a label are those of two classes",
		    (double)logits[i * C + c],
		    (double)(pair[i * 2] - pair[i * 2 + 1]), 1e-12);
	san_free(s);
	san_free(q);
}

static void
check_sets(struct model *set)
{
	struct model *two = make_model(TASK_CLASSIFICATION, 2);
	struct san_dropout some = { 5, 6, 0.3, 0.4 }, none = { 0 };

	for (size_t i = 0; i < two->params.count; i++) {
		const struct param *to = &two->params.item[i];
		const struct param *from = params_find(&set->params, to->name);

		if (from != NULL && from->count == to->count)
			memcpy(two->value + to->offset,
			    set->value + from->offset,
			    to->count * sizeof(real));
	}
	for (size_t c = 0; c < C; c++) {
		check_set(set, two, c, &none);
		check_set(set, two, c, &some);
	}
	model_close(two);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-san-XXXXXX";
	struct model *m, *set;

	own_folder(folder);
	m = make_model(TASK_CLASSIFICATION, C);
	set = make_model(TASK_MULTILABEL, C);
	check_mixture(m);
	check_sets(set);
	if (sizeof(real) == sizeof(double)) {
		check_gradients(m, &(struct san_dropout){ 0 });
		check_gradients(m, &(struct san_dropout){ 5, 6, 0.3, 0.4 });
		check_gradients(set, &(struct san_dropout){ 0 });
		check_gradients(set, &(struct san_dropout){ 5, 6, 0.3, 0.4 });
	}
	model_close(m);
	model_close(set);
	remove_folder(folder, files, 1);
	return check_done();
}
