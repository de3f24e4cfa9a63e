/*
 * One update, as training makes it: the loss that goes into the log, and its
 * gradients for every row of the parameter table, against finite differences;
 * over tasks mixed in a batch, accumulated batches, each mixture of targets,
 * learned weights, both kinds of heads, and from inside teachers.  Shared by
 * several processes, as many as there are rows or more, both are the same.
 */
#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "base/thread.h"
#include "train/shard.h"
#include "train/update.h"

enum { VOCAB = 19, PACKS = 4, ROWS = 6, LENGTH = 7 };

static int32_t tokens[PACKS][ROWS * LENGTH], segment_a[PACKS][ROWS];
static int64_t starts[PACKS][ROWS + 1];
static float label[PACKS][ROWS];
static int32_t group[PACKS][ROWS];
static struct pack pack[PACKS];
static const struct pack *const packs[PACKS] = { &pack[0], &pack[1], &pack[2],
	&pack[3] };
static uint8_t applies[ROWS * 3]; /* of the last */
static char *labels[] = { "a", "b", "c" };
static float soft_value[PACKS][ROWS * 3];
static bool soft_has[PACKS][ROWS];

/*
 * Pairs of 4 to 7 tokens; a task of three classes, a score, a ranking, sets of
 * three labels.
 */
static void
make_packs(void)
{
	struct rng r = rng_key(3, 3, 3);
	static const enum task_type types[] = { TASK_CLASSIFICATION,
		TASK_REGRESSION, TASK_RANKING, TASK_MULTILABEL };

	for (size_t p = 0; p < PACKS; p++) {
		for (size_t i = 0; i < ROWS; i++) {
			starts[p][i + 1] = starts[p][i] + 4 + (int64_t)(i % 4);
			segment_a[p][i] = 2;
			label[p][i] = p == 0   ? (float)(i % 3)
				      : p == 1 ? (float)i / 2
				      : p == 2 ? i % 3 == 1
					       : 0;
			group[p][i] = (int32_t)(p == 2 ? i / 3 : i);
			soft_has[p][i] = true;
		}
		for (size_t i = 0; i < ROWS * LENGTH; i++)
			tokens[p][i] =
			    (int32_t)rng_below(r, 100 * p + i, VOCAB);
		pack[p] = (struct pack){ .path = "test",
			.task = "t",
			.labels.type = types[p],
			.rows = ROWS,
			.tokens = tokens[p],
			.starts = starts[p],
			.segment_a = segment_a[p],
			.label = label[p],
			.group = group[p] };
	}
	for (size_t i = 0; i < ROWS; i++) {
		soft_value[0][3 * i] = 0.25f;
		soft_value[0][3 * i + 1] = 0.125f * (float)(i % 4);
		soft_value[0][3 * i + 2] = 0.75f - 0.125f * (float)(i % 4);
		soft_value[1][i] = 2.5f - (float)i / 4;
		soft_value[2][i] = i % 3 == 0 ? 0.5f : 0.25f;
		for (size_t c = 0; c < 3; c++) {
			soft_value[3][3 * i + c] = (float)((i + 2 * c) % 5) / 4;
			applies[3 * i + c] = (i >> c & 1) != 0;
		}
	}
	pack[3].labels.classes = 3;
	pack[3].applies = applies;
}

static const struct soft soft[PACKS] = { { 3, soft_value[0], soft_has[0] },
	{ 1, soft_value[1], soft_has[1] }, { 1, soft_value[2], soft_has[2] },
	{ 3, soft_value[3], soft_has[3] } };

static struct model *
make_shaped(size_t hidden, size_t layers, enum head_kind kind, bool uncertainty)
{
	struct config c = { .vocab = VOCAB,
		.hidden = hidden,
		.layers = layers,
		.heads = 2,
		.inner = 12,
		.positions = 16,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.3,
		.pooler = true };
	const struct head heads[PACKS] = {
		{ .name = "three",
		    .kind = kind,
		    .labels = { TASK_CLASSIFICATION, 3, labels },
		    .outputs = 3,
		    .dropout = 0.1,
		    .turns = 3,
		    .memory_dropout = 0.2,
		    .uncertainty = uncertainty },
		{ .name = "score",
		    .labels = { .type = TASK_REGRESSION },
		    .outputs = 1,
		    .dropout = 0.2,
		    .uncertainty = uncertainty },
		{ .name = "rank",
		    .labels = { TASK_RANKING, 2, labels },
		    .outputs = 1,
		    .uncertainty = uncertainty },
		{ .name = "set",
		    .labels = { TASK_MULTILABEL, 3, labels },
		    .outputs = 3,
		    .dropout = 0.1,
		    .uncertainty = uncertainty }
	};
	struct rng r = rng_key(9, 9, 9);
	struct model *m;

	for (size_t i = 0; i < PACKS; i++)
		config_add_head(&c, &heads[i]);
	put_text_file("vocab.txt", "[PAD]\n");
	m = model_new(&c, "vocab.txt", false, 3 + layers);
	for (size_t i = 0; i < m->params.total; i++)
		m->value[i] += (real)(0.1 * rng_normal(r, i));
	config_free(&c);
	return m;
}

static struct model *
make_model(enum head_kind kind, bool uncertainty)
{
	return make_shaped(8, 2, kind, uncertainty);
}

/* An update of one batch or of two. */
struct run {
	struct update u;
	struct recipe recipe;
	const struct row_ref *rows;
	size_t count, first; /* rows in all; in the first batch */
	size_t processes;    /* that share each batch, here one by one */
};

static double
loss(struct run *r)
{
	size_t tokens_before = 0, cut[3] = { 0, r->first, r->count };
	struct loss_sum sum = { 0 };
	struct batch b = { 0 }, part = { 0 };

	update_begin(&r->u, 3, 10, r->first < r->count ? 0.5 : 1);
	for (size_t k = 0; k < 2 && cut[k] < r->count; k++) {
		batch_fill(&b, packs, r->rows + cut[k], cut[k + 1] - cut[k]);
		b.first_row = cut[k];
		b.first_token = tokens_before;
		update_meet(&r->u, &b);
		for (size_t i = 0; i < r->processes; i++) {
			size_t first, rows = shard_rows(
					  &first, &b, packs, i, r->processes);

			batch_take(&part, &b, first, rows);
			update_pass(&r->u, &part, &sum);
		}
		tokens_before += b.tokens;
	}
	batch_free(&b);
	batch_free(&part);
	return sum.loss;
}

static double
difference(struct run *r, const struct param *p, const real *grad)
{
	struct rng draw = rng_key(77, p->offset, 0);
	real *x = r->u.m->value + p->offset;
	double h = 3e-6, expected = 0, up, measured;

	for (size_t i = 0; i < p->count; i++) {
		expected += (double)grad[p->offset + i] * rng_normal(draw, i);
		x[i] += (real)(h * rng_normal(draw, i));
	}
	up = loss(r);
	for (size_t i = 0; i < p->count; i++)
		x[i] -= (real)(2 * h * rng_normal(draw, i));
	measured = (up - loss(r)) / (2 * h);
	for (size_t i = 0; i < p->count; i++)
		x[i] += (real)(h * rng_normal(draw, i));
	return fabs(measured - expected) /
	       fmax(1e-2, fmax(fabs(measured), fabs(expected)));
}

/* The same loss and gradients whatever the number of processes. */
static bool
same_shared(struct run *r, double whole, const real *grad)
{
	static const size_t processes[] = { 2, 3, 5, 20 };
	size_t total = r->u.m->params.total;
	double most = 0;

	for (size_t k = 0; k < COUNT(processes); k++) {
		memset(r->u.grad, 0, total * sizeof(real));
		r->processes = processes[k];
		most = fmax(most, fabs(loss(r) - whole));
		for (size_t i = 0; i < total; i++)
			most =
			    fmax(most, fabs((double)(r->u.grad[i] - grad[i])));
	}
	r->processes = 1;
	return most < 1e-11;
}

static void
check(const char *name, struct run *r)
{
	static const size_t head[PACKS] = { 0, 1, 2, 3 };
	static const double weight[PACKS] = { 1, 0.5, 2, 1.5 };
	struct params *all;
	bool good = true, fails = true;
	real *grad;
	double whole;

	r->u.recipe = &r->recipe;
	r->u.packs = packs;
	r->u.pack_count = PACKS;
	r->u.head = head;
	r->u.weight = weight;
	r->u.encoder = encoder_new(r->u.m, true, false);
	r->u.answer = answer_new(r->u.m);
	all = (struct params *)(uintptr_t)&r->u.m->params;
	r->u.grad = mem_zero(all->total, sizeof(real));
	update_start(&r->u);
	grad = mem_zero(all->total, sizeof(real));
	whole = loss(r);
	memcpy(grad, r->u.grad, all->total * sizeof(real));
	for (size_t i = 0; i < all->count; i++) {
		double d = difference(r, &all->item[i], grad);

		if (d < 1e-6)
			continue;
		printf("# %s: relative difference %g\n", all->item[i].name, d);
		good = false;
	}
	CHECK_NAMED(name, good);
	CHECK_NAMED("shared", same_shared(r, whole, grad));
	for (size_t i = 0; i < all->item[0].count; i++)
		grad[i] = -grad[i];
	fails = difference(r, &all->item[0], grad) > 1e-6;
	CHECK_NAMED("a wrong sign fails", fails);
	encoder_free(r->u.encoder);
	answer_free(r->u.answer);
	update_free(&r->u);
	free(r->u.grad);
	free(grad);
}

static const struct row_ref one_task[] = { { 0, 0 }, { 0, 3 }, { 0, 4 },
	{ 0, 1 } };
static const struct row_ref mixed[] = { { 1, 2 }, { 0, 5 }, { 2, 0 }, { 2, 1 },
	{ 2, 2 }, { 0, 2 }, { 1, 0 }, { 1, 4 }, { 3, 0 }, { 3, 5 }, { 3, 3 } };
static const struct row_ref sets[] = { { 3, 1 }, { 3, 2 }, { 3, 4 } };

/* What classes weigh, and sets' labels that do not and that do apply. */
static const double class_weight[] = { 0.5, 2, 1.25 };
static const double label_weight[] = { 0.75, 3, 1, 1, 0.25, 2 };
static const double *const class_weights[PACKS] = { class_weight, NULL, NULL,
	label_weight };

static struct run
run_of(struct model *m, const struct row_ref *rows, size_t count)
{
	struct run r = {
		.rows = rows, .count = count, .first = count, .processes = 1
	};

	recipe_start(&r.recipe);
	r.recipe.mix.value = 0.3;
	r.u.m = m;
	return r;
}

static void
test_hard(struct model *m, const char *head)
{
	struct run r = run_of(m, one_task, COUNT(one_task));

	printf("# %s\n", head);
	check("one task", &r);
	r = run_of(m, mixed, COUNT(mixed));
	check("tasks mixed", &r);
	r = run_of(m, mixed, COUNT(mixed));
	r.first = 5;
	check("two batches an update", &r);
	r = run_of(m, mixed, COUNT(mixed));
	r.recipe.loss_sum = true;
	check("losses summed", &r);
	r = run_of(m, sets, COUNT(sets));
	check("sets of labels", &r);
	r = run_of(m, mixed, COUNT(mixed));
	r.u.class_weight = class_weights;
	check("weights of classes", &r);
}

static void
test_soft(struct model *m, const char *head)
{
	struct run r = run_of(m, mixed, COUNT(mixed));

	printf("# %s\n", head);
	r.u.soft = soft;
	check("mixed targets", &r);
	r = run_of(m, mixed, COUNT(mixed));
	r.u.soft = soft;
	r.first = 2;
	r.recipe.temperature = 2;
	r.recipe.mix.kind = MIX_ANNEAL;
	check("annealed, T 2, two batches", &r);
	for (int kind = SOFT_KL; kind <= SOFT_MSE; kind++) {
		r = run_of(m, sets, COUNT(sets));
		r.u.soft = soft;
		r.u.class_weight = class_weights;
		r.recipe.soft_loss = kind;
		check("sets of labels, kl and mse", &r);
	}
}

static void
test_learned(struct model *m)
{
	struct run r = run_of(m, one_task, COUNT(one_task));

	r.u.soft = soft;
	r.recipe.mix.kind = MIX_UNCERTAINTY;
	check("learned weights, one task", &r);
	r = run_of(m, mixed, COUNT(mixed));
	r.u.soft = soft;
	r.recipe.mix.kind = MIX_UNCERTAINTY;
	r.first = 5;
	check("learned weights, tasks mixed, two batches", &r);
	r = run_of(m, mixed, COUNT(mixed));
	r.u.soft = soft;
	r.recipe.mix.kind = MIX_UNCERTAINTY;
	label[0][2] = NAN;
	check("learned weights, and a row without a label", &r);
	label[0][2] = 2;
}

/* Each task has one of two teachers, one of them wider than the student. */
static struct model *
use_teachers(struct run *r, const struct model *from)
{
	static const char *const specs[] = { "three=wide", "other" };
	struct config c;
	struct model *m;
	bool fresh[PACKS];

	r->u.teach = teach_open(&r->recipe, from, specs, COUNT(specs));
	teach_assign(r->u.teach, packs, PACKS);
	config_copy(&c, &from->config, true);
	teach_project(r->u.teach, &c);
	m = model_extend(from, &c, true, 1, fresh);
	config_free(&c);
	teach_start(r->u.teach, m);
	r->u.m = m;
	return m;
}

static void
check_inside(const char *name, struct run *r, const struct model *from)
{
	struct model *m = use_teachers(r, from);

	check(name, r);
	teach_free(r->u.teach);
	model_close(m);
}

static struct recipe
all_features(void)
{
	struct recipe r;

	recipe_start(&r);
	r.mix.value = 0.3;
	r.feature = (struct feature_options){
		.hidden = 1, .cosine = 0.5, .attention = 2, .relation = 0.25
	};
	pairs_parse(&r.pairs, "0:0,1:1,2:3");
	return r;
}

static void
test_inside(const struct model *m)
{
	struct run r = run_of(NULL, one_task, COUNT(one_task));

	r.recipe = all_features();
	check_inside("inside, one task", &r, m);
	r = run_of(NULL, mixed, COUNT(mixed));
	r.recipe = all_features();
	r.recipe.feature_kind = RELATION_DIVERGENCE;
	r.first = 5;
	check_inside("inside, tasks mixed, two batches", &r, m);
	r = run_of(NULL, mixed, COUNT(mixed));
	r.recipe = all_features();
	r.recipe.teacher_soft = true;
	r.recipe.temperature = 2;
	check_inside("inside, and from answers", &r, m);
	r = run_of(NULL, mixed, COUNT(mixed));
	r.recipe = all_features();
	r.recipe.answer_weight = 0.5;
	label[0][2] = label[1][0] = NAN;
	check_inside("inside, and rows without labels", &r, m);
	label[0][2] = 2;
	label[1][0] = 0;
}

static void
make_teachers(void)
{
	struct model *wide = make_shaped(12, 3, HEAD_LINEAR, false);
	struct model *other = make_shaped(8, 4, HEAD_LINEAR, false);

	model_save(wide, "wide");
	model_save(other, "other");
	for (size_t p = 0; p < PACKS; p++) {
		pack[p].task = pack[p].head = wide->config.head[p].name;
		pack[p].labels = wide->config.head[p].labels;
		pack[p].vocab = wide->vocab;
	}
	model_close(other);
	/* wide's labels are the packs' from here on */
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-update-XXXXXX";
	struct model *m;

	if (sizeof(real) == sizeof(float)) {
		check_skip("gradients", "built in single precision");
		return check_done();
	}
	own_folder(folder);
	thread_use(1);
	make_packs();
	m = make_model(HEAD_LINEAR, false);
	test_hard(m, "linear");
	test_soft(m, "linear");
	model_close(m);
	m = make_model(HEAD_SAN, false);
	test_hard(m, "san");
	test_soft(m, "san");
	model_close(m);
	m = make_model(HEAD_LINEAR, true);
	test_learned(m);
	model_close(m);
	make_teachers();
	m = make_model(HEAD_LINEAR, false);
	test_inside(m);
	model_close(m);
	model_remove("wide");
	model_remove("other");
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
