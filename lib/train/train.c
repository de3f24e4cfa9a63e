#include "train/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/process.h"
#include "base/mem.h"
#include "base/num.h"
#include "data/plan.h"
#include "model/finite.h"
#include "train/classweight.h"
#include "train/cost.h"
#include "train/evaluate.h"
#include "train/loop.h"
#include "train/roles.h"
#include "train/teach.h"
#include "train/update.h"

struct tuning {
	const struct train_job *job;
	const struct recipe *recipe;
	struct pack **packs, **dev;
	struct soft *soft;   /* [packs], or NULL */
	struct teach *teach; /* or NULL */
	struct model *m;
	size_t *head, *dev_head; /* [packs], [dev] */
	double *weight;
	double **class_weight; /* [heads], or NULL */
	struct goal *goal;     /* [dev] */
	struct plan *plan;
	struct plan_epoch epoch;
	struct update update;
	struct batch whole, part;
	const struct batch *batch; /* one of them: what passes */
	struct loop loop;
};

static struct pack **
open_packs(const char *const *paths, size_t count)
{
	struct pack **p = mem_alloc(count, sizeof(*p));

	for (size_t i = 0; i < count; i++)
		p[i] = pack_open(paths[i]);
	return p;
}

static bool
is_taught(const struct tuning *t, size_t pack)
{
	return t->teach != NULL && teach_answers(t->teach, pack);
}

/* Whether its rows have soft targets, of files or of teachers. */
static bool
has_soft(const struct tuning *t, size_t pack)
{
	return is_taught(t, pack) ||
	       (t->soft != NULL && t->soft[pack].has != NULL);
}

/* The head that a pack wants, from what the pack and the recipe say. */
static struct head
head_of(const struct tuning *t, size_t pack)
{
	const struct pack *p = t->packs[pack];
	struct head h = { .name = (char *)(uintptr_t)p->head,
		.labels = p->labels,
		.outputs = labels_width(&p->labels),
		.turns = 5 };
	const struct recipe_task task = recipe_task(t->recipe, p->head);

	if (h.labels.classes > HEAD_MOST)
		die("%s: %zu label%s, expected at most %d", p->path,
		    h.labels.classes, num_s(h.labels.classes), HEAD_MOST);
	h.kind = (enum head_kind)task.head;
	h.dropout = task.dropout;
	h.memory_dropout = h.dropout > 0 ? 0.1 : 0;
	h.uncertainty =
	    t->recipe->mix.kind == MIX_UNCERTAINTY && has_soft(t, pack);
	if (h.kind == HEAD_SAN && !labels_is_wide(&h.labels))
		die("%s: head '%s': a san head gives labels, but the task is "
		    "of type %s",
		    p->path, h.name, labels_type_name(h.labels.type));
	return h;
}

static void
check_same_head(const struct pack *p, const struct head *h)
{
	size_t which;

	if (labels_compare(&which, &p->labels, &h->labels) != LABELS_SAME)
		die("%s: its labels or type are not those of the other packs "
		    "of head '%s'",
		    p->path, h->name);
}

/* A head to be kept must mean the same: other labels, other answers. */
static void
check_kept(const struct model *from, const struct pack *p)
{
	if (config_head(&from->config, p->head) >= 0)
		predict_head(from, p, p->head);
}

/* Teachers, and that no pack gets the same thing from two sides. */
static void
open_teachers(struct tuning *t, const struct model *from)
{
	const struct train_job *job = t->job;

	if (job->teacher_count == 0)
		return;
	t->teach =
	    teach_open(t->recipe, from, job->teacher, job->teacher_count);
	teach_assign(
	    t->teach, (const struct pack *const *)t->packs, job->pack_count);
	for (size_t i = 0; i < job->pack_count; i++)
		if (is_taught(t, i) && t->soft != NULL &&
		    t->soft[i].has != NULL)
			die("%s: task '%s' has soft targets of a file and "
			    "--teacher-soft",
			    t->packs[i]->path, t->packs[i]->task);
}

static void
make_model(struct tuning *t)
{
	struct model *from = model_open(t->loop.job->init, true);
	size_t n = t->job->pack_count, count = 0;
	struct head *heads = mem_alloc(n, sizeof(*heads));
	bool *fresh = mem_alloc(n, sizeof(*fresh));
	struct config c;

	model_check_finite(from, t->loop.job->init);
	open_teachers(t, from);
	for (size_t i = 0; i < n; i++) {
		struct head h = head_of(t, i);
		size_t k = 0;

		while (k < count && strcmp(heads[k].name, h.name) != 0)
			k++;
		if (k == count)
			heads[count++] = h;
		heads[k].uncertainty |= h.uncertainty;
		check_same_head(t->packs[i], &heads[k]);
		if (t->recipe->keep_heads)
			check_kept(from, t->packs[i]);
		t->head[i] = k;
		model_match(from, t->packs[i]);
	}
	for (size_t i = 0; i < t->job->dev_count; i++) {
		model_match(from, t->dev[i]);
		predict_check_lengths(from, t->dev[i]);
	}
	config_copy(&c, &from->config, false);
	for (size_t i = 0; i < count; i++)
		config_add_head(&c, &heads[i]);
	if (t->teach != NULL)
		teach_project(t->teach, &c);
	t->m = model_extend(
	    from, &c, t->recipe->keep_heads, (uint64_t)t->recipe->seed, fresh);
	model_multiply(t->m, (enum product_numbers)t->recipe->matmul);
	if (t->teach != NULL)
		teach_start(t->teach, t->m);
	config_free(&c);
	for (size_t i = 0; i < count && !t->loop.job->quiet; i++)
		note("head %s: %s", heads[i].name,
		    fresh[i] ? "drawn anew" : "kept from the model");
	for (size_t i = 0; i < t->job->dev_count; i++)
		t->dev_head[i] = predict_head(t->m, t->dev[i], NULL);
	identity_add_model(&t->loop.run.identity, "init", "config.json", from);
	model_close(from);
	free(heads);
	free(fresh);
}

static bool
has_task(const struct tuning *t, const char *name)
{
	for (size_t i = 0; i < t->job->pack_count; i++)
		if (strcmp(t->packs[i]->task, name) == 0 ||
		    strcmp(t->packs[i]->head, name) == 0)
			return true;
	return false;
}

/* One recipe may serve many runs; but a name may be misspelt, too. */
static void
mention_tasks(const struct tuning *t)
{
	enum { SHOWN = 8 };
	const struct recipe *r = t->recipe;
	struct buf names = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < r->tasks; i++) {
		if (has_task(t, r->task[i].name))
			continue;
		if (n++ < SHOWN)
			buf_print(
			    &names, "%s%s", n > 1 ? ", " : "", r->task[i].name);
	}
	if (n > 0 && !t->loop.job->quiet)
		note("no pack is of these tasks of the recipe: %s%s",
		    buf_string(&names), n > SHOWN ? ", ..." : "");
	buf_free(&names);
}

/* Files of one kind, numbered; packs, or NULL: what they are of. */
static void
identify_files(struct tuning *t, const char *kind, const char *const *paths,
    size_t count, struct pack *const *packs)
{
	for (size_t i = 0; i < count; i++) {
		char *key = mem_printf("%s %zu", kind, i + 1), *words = NULL;

		if (packs != NULL)
			words = mem_printf(
			    "%s %s", packs[i]->task, packs[i]->split);
		identity_add_file(&t->loop.run.identity, key, words, paths[i]);
		free(key);
		free(words);
	}
}

static void
identify(struct tuning *t)
{
	const struct train_job *job = t->job;
	struct identity *id = &t->loop.run.identity;

	identity_add(id, "recipe", mem_string(t->recipe->text));
	identity_add_products(id);
	identity_add(id, "inputs",
	    job->teacher_count == 0
		? mem_printf("%zu packs, %zu dev packs, %zu soft targets",
		      job->pack_count, job->dev_count, job->soft_count)
		: mem_printf("%zu packs, %zu dev packs, %zu soft targets, "
			     "%zu teachers",
		      job->pack_count, job->dev_count, job->soft_count,
		      job->teacher_count));
	if (t->teach != NULL)
		teach_identify(t->teach, id);
	identify_files(t, "pack", job->packs, job->pack_count, t->packs);
	identify_files(t, "dev pack", job->dev, job->dev_count, NULL);
	identify_files(t, "soft", job->soft, job->soft_count, NULL);
}

/*
 * The rows of a pack that are of use without a label: [rows], or NULL; *all
 * is made where it is wanted, of as many as the largest pack has.
 */
static const bool *
rows_used(const struct tuning *t, size_t pack, bool **all)
{
	size_t most = 0;

	if (t->teach == NULL || !teach_uses(t->teach, pack))
		return t->soft != NULL ? t->soft[pack].has : NULL;
	for (size_t i = 0; i < t->job->pack_count; i++)
		if (t->packs[i]->rows > most)
			most = t->packs[i]->rows;
	if (*all == NULL)
		*all = mem_alloc(most, sizeof(**all));
	memset(*all, true, most * sizeof(**all));
	return *all;
}

/* What helps where the model, not the recipe, has too few positions. */
static char *
repack(const struct tuning *t, size_t most)
{
	if ((size_t)t->recipe->max_length <= most)
		return mem_string("");
	return mem_printf(
	    ": the model has no more positions; repack with glue-pack -L %zu",
	    most);
}

static void
make_plan(struct tuning *t)
{
	const struct recipe *r = t->recipe;
	size_t n = t->job->pack_count;
	const bool **use = mem_zero(n, sizeof(*use));
	bool *all = NULL;
	struct plan_options options = { .batch_size = (size_t)r->batch_size,
		.mixed = r->batches == 1,
		.shuffle = (enum plan_shuffle)r->shuffle,
		.sampling = r->sampling,
		.max_length = (size_t)r->max_length,
		.seed = (uint64_t)r->seed };

	if (options.max_length > t->m->config.positions)
		options.max_length = t->m->config.positions;
	for (size_t i = 0; i < n; i++)
		use[i] = rows_used(t, i, &all);
	t->plan =
	    plan_new((const struct pack *const *)t->packs, n, use, &options);
	for (size_t i = 0; i < n; i++) {
		const struct plan_source *s = &t->plan->source[i];

		if (s->unlabelled > 0 && !t->loop.job->quiet)
			note("%s: %zu row%s without a target skipped",
			    t->packs[i]->path, s->unlabelled,
			    num_s(s->unlabelled));
		if (s->too_long > 0 && !t->loop.job->quiet)
			note("%s: %zu row%s over %zu token%s skipped%s",
			    t->packs[i]->path, s->too_long, num_s(s->too_long),
			    options.max_length, num_s(options.max_length),
			    repack(t, options.max_length));
	}
	free(use);
	free(all);
}

/* The weights of each head that has some; of a dry run with its costs. */
static void
tell_weights(const struct tuning *t)
{
	const struct config *c = &t->m->config;

	for (size_t i = 0; i < c->head_count && t->class_weight != NULL; i++) {
		struct buf b = { 0 };

		if (t->class_weight[i] == NULL)
			continue;
		classweight_put(&b, &c->head[i], t->class_weight[i]);
		if (t->loop.job->dry_run)
			printf("# head %s: class weights: %s\n",
			    c->head[i].name, buf_string(&b));
		else
			note("head %s: class weights: %s", c->head[i].name,
			    buf_string(&b));
		buf_free(&b);
	}
}

/* What chooses the best epoch and stops must have rows to look at. */
static void
make_goals(struct tuning *t)
{
	const struct recipe *r = t->recipe;
	size_t n = t->job->dev_count;

	if (n == 0 &&
	    (r->patience > 0 || strcmp(r->dev_metric, GOAL_MEAN) != 0))
		die_usage("patience and dev-metric need --dev PACK");
	t->goal = mem_zero(n, sizeof(*t->goal));
	for (size_t i = 0; i < n; i++) {
		const char *own = recipe_task(r, t->dev[i]->task).dev_metric;

		goal_make(
		    &t->goal[i], own != NULL ? own : r->dev_metric, t->dev[i]);
	}
}

static void
prepare(struct tuning *t)
{
	const struct train_job *job = t->job;
	size_t n = job->pack_count;

	t->head = mem_alloc(n, sizeof(*t->head));
	t->dev_head = mem_alloc(job->dev_count, sizeof(*t->dev_head));
	t->weight = mem_alloc(n, sizeof(*t->weight));
	t->packs = open_packs(job->packs, n);
	t->dev = open_packs(job->dev, job->dev_count);
	roles_check((const struct pack *const *)t->packs, n,
	    (const struct pack *const *)t->dev, job->dev_count, job->train_on,
	    job->train_on_count);
	for (size_t i = 0; i < n; i++)
		t->weight[i] =
		    recipe_task(t->recipe, t->packs[i]->task).weight *
		    t->recipe->answer_weight;
	if (job->soft_count > 0) {
		t->soft = mem_alloc(n, sizeof(*t->soft));
		soft_read(t->soft, (const struct pack *const *)t->packs, n,
		    job->soft, job->soft_count, job->missing_ids);
	}
	for (size_t i = 0; i < n && t->soft != NULL; i++) {
		size_t none = soft_missing(&t->soft[i], t->packs[i]);

		if (none > 0 && !t->loop.job->quiet)
			note("%s: %zu of %zu row%s without a soft target",
			    t->packs[i]->path, none, t->packs[i]->rows,
			    num_s(t->packs[i]->rows));
	}
	mention_tasks(t);
	make_model(t);
	identify(t);
	make_plan(t);
	t->class_weight = classweight_make(t->recipe, &t->m->config,
	    (const struct pack *const *)t->packs, t->head, t->plan);
	if (!job->common->dry_run && !job->common->quiet)
		tell_weights(t);
	make_goals(t);
	loop_count(&t->loop, t->plan->batches);
}

/* --- what training on packs is to the loop --- */

static void
lay_out(struct loop *l, size_t epoch)
{
	struct tuning *t = l->self;

	plan_epoch_free(&t->epoch);
	plan_epoch(&t->epoch, t->plan, epoch);
}

static void
begin(struct loop *l, const struct loop_update *u)
{
	struct tuning *t = l->self;

	update_begin(&t->update, u->step, u->total, u->share);
}

static struct batch *
fill(struct loop *l, size_t k)
{
	struct tuning *t = l->self;
	const struct plan_epoch *e = &t->epoch;

	batch_fill(&t->whole, t->update.packs, e->rows + e->start[k],
	    e->start[k + 1] - e->start[k]);
	update_meet(&t->update, &t->whole);
	t->batch = &t->whole;
	return &t->whole;
}

static void
take(struct loop *l, size_t first, size_t count)
{
	struct tuning *t = l->self;

	batch_take(&t->part, &t->whole, first, count);
	t->batch = &t->part;
}

static void
pass(struct loop *l, struct loss_sum *sum)
{
	struct tuning *t = l->self;

	update_pass(&t->update, t->batch, sum);
}

/* Comma-joined, each once. */
static void
put_tasks(const struct loop *l, struct buf *b)
{
	const struct tuning *t = l->self;
	const bool *in = t->update.in;

	for (size_t i = 0; i < t->job->pack_count; i++) {
		bool before = false;

		for (size_t k = 0; k < i; k++)
			before |= in[k] && strcmp(t->packs[k]->task,
					       t->packs[i]->task) == 0;
		if (in[i] && !before)
			buf_print(b, "%s%s", b->size > 0 ? "," : "",
			    t->packs[i]->task);
	}
}

static void
put_batch(const struct loop *l, struct buf *b)
{
	const struct tuning *t = l->self;
	struct buf tasks = { 0 };

	put_tasks(l, &tasks);
	buf_print(b,
	    "; task %s, %zu row%s, the first ids: ", buf_string(&tasks),
	    t->whole.rows, num_s(t->whole.rows));
	for (size_t i = 0; i < t->whole.rows && i < 5; i++) {
		const struct row_ref *from = &t->whole.from[i];

		buf_print(b, "%s%s", i > 0 ? ", " : "",
		    pack_id(t->packs[from->pack], from->row));
	}
	buf_free(&tasks);
}

static void
put_value(FILE *out, size_t epoch, const struct pack *p, const char *metric,
    double value, size_t rows)
{
	char text[NUM_TEXT];

	num_put(text, value);
	fprintf(out, "%zu\t%s\t%s\t%s\t%s\t%zu\n", epoch + 1, p->task, p->split,
	    metric, text, rows);
}

/* The metrics, and the goal where it is none of them. */
static void
put_evaluation(FILE *out, size_t epoch, const struct pack *p,
    const struct evaluation *v, const struct goal *goal)
{
	bool there = goal->mean;

	for (size_t k = 0; k < v->metrics; k++) {
		const char *name = metric_name(v->metric[k]);

		there |= strcmp(name, goal->name) == 0;
		put_value(out, epoch, p, name, v->value[k], v->rows);
	}
	if (!there)
		put_value(out, epoch, p, goal->name, v->goal, v->rows);
}

/* The mean over the dev packs; the epoch is that of the last update. */
static double
evaluate(struct loop *l)
{
	const struct tuning *t = l->self;
	size_t epoch = (l->run.state.updates - 1) / l->per_epoch;
	double mean = 0;

	for (size_t i = 0; i < t->job->dev_count; i++) {
		const struct pack *p = t->dev[i];
		struct evaluation v;

		evaluate_pack(
		    &v, &t->goal[i], t->m, l->judge, p, t->dev_head[i]);
		if (l->run.dev != NULL)
			put_evaluation(l->run.dev, epoch, p, &v, &t->goal[i]);
		mean +=
		    evaluate_worth(&v, &t->goal[i]) / (double)t->job->dev_count;
	}
	return mean;
}

static void
start(struct tuning *t)
{
	struct loop *l = &t->loop;

	l->m = t->m;
	l->soft = t->soft != NULL || t->recipe->teacher_soft;
	l->feature = teach_compares(t->recipe);
	l->packs = (const struct pack *const *)t->packs;
	loop_start(l);
	t->update = (struct update){ .recipe = t->recipe,
		.m = t->m,
		.packs = l->packs,
		.pack_count = t->job->pack_count,
		.head = t->head,
		.weight = t->weight,
		.class_weight = (const double *const *)t->class_weight,
		.soft = t->soft,
		.teach = t->teach,
		.encoder = l->encoder,
		.answer = answer_new(t->m),
		.grad = l->grad };
	update_start(&t->update);
	l->active = t->update.active;
}

void
train_run(const struct train_job *job)
{
	const struct trainer trainer = { lay_out, begin, fill, take, pass,
		put_tasks, put_batch, job->dev_count > 0 ? evaluate : NULL };
	struct tuning t = { .job = job, .recipe = &job->common->recipe };

	loop_begin(&t.loop, job->common, &trainer, &t,
	    "#mtkd dev 1\nepoch\ttask\tsplit\tmetric\tvalue\tn\n");
	prepare(&t);
	if (!job->common->dry_run) {
		start(&t);
		loop_run(&t.loop, t.loop.per_epoch);
	} else if (process_rank() == 0) {
		fputs(t.recipe->text, stdout);
		tell_weights(&t);
		cost_print(t.m, t.plan, (const struct pack *const *)t.packs,
		    t.loop.total, t.loop.per_epoch, t.recipe, t.teach);
	}
}
