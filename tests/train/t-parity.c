/*
 * Training against PyTorch in float64 (tests/torch/fixture.py): the losses
 * and gradient norms of eighteen updates over three tasks and the final
 * parameters, with Adamax on hard targets and AdamW on mixed ones.
 */
#include "check.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/tsv.h"
#include "data/plan.h"
#include "train/update.h"

#define FIXTURE "tests/net/fixture/"

enum { PACKS = 3 };

static const double rate = 1e-3;

static const char *const tasks[PACKS] = { "mnli", "stsb", "qnli-rank" };

/*
 * Relative differences of losses and norms; of parameters in units of the
 * rate, so that 1 is a whole update.
 */
#ifdef REAL_DOUBLE
static const double loss_bound = 1e-10, move_bound = 1e-6, mean_bound = 1e-9;
#else
static const double loss_bound = 1e-5, move_bound = 5e-3, mean_bound = 3e-4;
#endif

struct run {
	struct model *m;
	struct pack *packs[PACKS];
	struct soft soft[PACKS];
	struct recipe recipe;
	struct plan *plan;
	struct optimizer *optimizer;
	struct update update;
	size_t head[PACKS], total;
	double weight[PACKS];
};

static void
read_packs(struct run *r, bool distil)
{
	const char *soft[] = { FIXTURE "mnli-soft.tsv",
		FIXTURE "qnli-rank-soft.tsv" };

	for (size_t i = 0; i < PACKS; i++) {
		char *path = mem_printf(FIXTURE "%s.st", tasks[i]);

		r->packs[i] = pack_open(path);
		r->head[i] = i;
		r->weight[i] = 1;
		free(path);
	}
	soft_read(r->soft, (const struct pack *const *)r->packs, PACKS, soft,
	    distil ? 2 : 0, false);
}

static void
start(struct run *r, bool distil)
{
	struct plan_options order = {
		.batch_size = 4, .shuffle = SHUFFLE_NONE, .sampling = 1
	};
	struct optimizer_options options = { .kind = distil ? ADAMW : ADAMAX,
		.learning_rate = rate,
		.warmup = 0.1,
		.clip = 1,
		.weight_decay = -1,
		.layer_decay = 1 };
	const bool *use[PACKS];

	*r = (struct run){ .m = model_open(FIXTURE "model", true) };
	read_packs(r, distil);
	recipe_start(&r->recipe);
	r->recipe.dropout = 0;
	r->recipe.temperature = 2;
	r->recipe.mix.value = 0.5;
	for (size_t i = 0; i < r->m->config.head_count; i++)
		r->m->config.head[i].dropout = 0;
	for (size_t i = 0; i < PACKS; i++)
		use[i] = r->soft[i].has;
	r->plan =
	    plan_new((const struct pack *const *)r->packs, PACKS, use, &order);
	r->total = 2 * r->plan->batches;
	r->optimizer = optimizer_new(r->m, &options, r->total);
	r->update = (struct update){ .recipe = &r->recipe,
		.m = r->m,
		.packs = (const struct pack *const *)r->packs,
		.pack_count = PACKS,
		.head = r->head,
		.weight = r->weight,
		.soft = distil ? r->soft : NULL };
	r->update.encoder = encoder_new(r->m, true, false);
	r->update.answer = answer_new(r->m);
	r->update.grad = mem_align(r->m->params.total, sizeof(real));
	update_start(&r->update);
}

static void
stop(struct run *r)
{
	answer_free(r->update.answer);
	encoder_free(r->update.encoder);
	free(r->update.grad);
	update_free(&r->update);
	optimizer_free(r->optimizer);
	plan_free(r->plan);
	for (size_t i = 0; i < PACKS; i++) {
		soft_free(&r->soft[i]);
		pack_close(r->packs[i]);
	}
	model_close(r->m);
}

/* One update; its losses in *sum, its norm returned. */
static double
update(struct run *r, struct batch *b, const struct plan_epoch *e, size_t step,
    struct loss_sum *sum)
{
	size_t k = step % e->batches;
	double norm;

	update_begin(&r->update, step, r->total, 1);
	batch_fill(b, r->update.packs, e->rows + e->start[k],
	    e->start[k + 1] - e->start[k]);
	optimizer_touch(r->optimizer, b);
	update_meet(&r->update, b);
	update_pass(&r->update, b, sum);
	norm = optimizer_norm(r->optimizer, r->update.grad, r->update.active);
	optimizer_step(r->optimizer, r->m->value, r->update.grad,
	    r->update.active, step, norm);
	return norm;
}

/* A number of the log of PyTorch's run. */
static double
field(const struct tsv *log, const struct tsv_row *row, const char *name)
{
	double x = NAN;

	num_real(row->field[tsv_need(log, name)], 0, 1e9, &x);
	return x;
}

static double
relative(double got, double want)
{
	return fabs(got - want) / fmax(1, fabs(want));
}

/* All updates, against the log; the worst differences as they went. */
static void
check_updates(struct run *r, const char *name)
{
	char *path = mem_printf(FIXTURE "%s.tsv", name);
	struct tsv *log = tsv_open(path, "log");
	struct tsv_row row;
	struct plan_epoch e;
	struct batch b = { 0 };
	double loss = 0, hard = 0, soft = 0, norm = 0;
	size_t steps = 0;

	plan_epoch(&e, r->plan, 0);
	while (tsv_next(log, &row)) {
		struct loss_sum sum = { 0 };
		double got = update(r, &b, &e, steps++, &sum);

		loss = fmax(loss, relative(sum.loss, field(log, &row, "loss")));
		hard = fmax(hard, relative(sum.hard, field(log, &row, "hard")));
		soft = fmax(soft, relative(sum.soft, field(log, &row, "soft")));
		norm = fmax(norm, relative(got, field(log, &row, "grad_norm")));
	}
	printf("# %s: loss %.1e, hard %.1e, soft %.1e, norm %.1e\n", name, loss,
	    hard, soft, norm);
	CHECK(steps == r->total);
	CHECK_NEAR("loss", loss, 0, loss_bound);
	CHECK_NEAR("hard", hard, 0, loss_bound);
	CHECK_NEAR("soft", soft, 0, loss_bound);
	CHECK_NEAR("gradient norm", norm, 0, loss_bound);
	plan_epoch_free(&e);
	batch_free(&b);
	tsv_close(log);
	free(path);
}

/*
 * The true gradient of a key's bias is 0, since softmax does not mind a number
 * added to all its arguments.  Adamax and AdamW make whole updates of what
 * rounding leaves there.
 */
static bool
is_idle(const struct param *p)
{
	return sizeof(real) == sizeof(float) &&
	       strstr(p->name, "key.bias") != NULL;
}

/* Largest difference of one parameter, in units of the rate; all to *sum. */
static double
moved(const real *got, const struct st_tensor *t, double *sum)
{
	double *want = mem_alloc(t->count, sizeof(*want)), most = 0;

	st_get_double(want, t, 0, t->count);
	for (size_t k = 0; k < t->count; k++) {
		double d = fabs((double)got[k] - want[k]) / rate;

		most = isnan(d) ? INFINITY : fmax(most, d);
		*sum += d;
	}
	free(want);
	return most;
}

static void
check_parameters(const struct run *r, const char *name)
{
	char *path = mem_printf(FIXTURE "%s.safetensors", name);
	struct st *want = st_open(path);
	double worst = 0, sum = 0;
	size_t numbers = 0;

	for (size_t i = 0; i < r->m->params.count; i++) {
		const struct param *p = &r->m->params.item[i];

		if (is_idle(p))
			continue;
		worst = fmax(
		    worst, moved(r->m->value + p->offset,
			       st_need(want, p->name, ST_F64, p->rank), &sum));
		numbers += p->count;
	}
	printf("# %s: parameters off by %.1e of an update at most, %.1e in "
	       "the mean\n",
	    name, worst, sum / (double)numbers);
	CHECK_NEAR("parameters, at most", worst, 0, move_bound);
	CHECK_NEAR("parameters, mean", sum / (double)numbers, 0, mean_bound);
	st_close(want);
	free(path);
}

static void
test_training(const char *name, bool distil)
{
	struct run r;

	start(&r, distil);
	check_updates(&r, name);
	optimizer_settle(r.optimizer);
	check_parameters(&r, name);
	stop(&r);
}

int
main(void)
{
	test_training("finetune", false);
	test_training("distil", true);
	return check_done();
}
