#include "train/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/group.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/progress.h"
#include "base/thread.h"
#include "data/plan.h"
#include "train/cost.h"
#include "train/evaluate.h"
#include "train/run.h"
#include "train/split.h"
#include "train/update.h"

struct trainer {
	const struct train_job *job;
	const struct recipe *recipe;
	struct pack **packs, **dev;
	struct soft *soft; /* [packs], or NULL */
	struct model *m;
	size_t *head, *dev_head; /* [packs], [dev] */
	double *weight;
	struct plan *plan;
	size_t per_epoch, total; /* updates */
	struct optimizer *optimizer;
	struct update_setting update;
	struct split *split;
	struct encoder *judge; /* for evaluation */
	bool *active, *in;
	struct run run;
};

static struct pack **
open_packs(const char *const *paths, size_t count)
{
	struct pack **p = mem_alloc(count, sizeof(*p));

	for (size_t i = 0; i < count; i++)
		p[i] = pack_open(paths[i]);
	return p;
}

/* The head that a pack wants, from what the pack and the recipe say. */
static struct head
head_of(const struct trainer *t, size_t pack)
{
	const struct pack *p = t->packs[pack];
	struct head h = { .name = (char *)(uintptr_t)p->head,
		.labels = p->labels,
		.outputs = labels_width(&p->labels),
		.turns = 5 };
	const struct recipe_task task = recipe_task(t->recipe, p->head);

	if (h.labels.classes > HEAD_MOST)
		die("%s: %zu labels, expected at most %d", p->path,
		    h.labels.classes, HEAD_MOST);
	h.kind = (enum head_kind)task.head;
	h.dropout = task.dropout;
	h.memory_dropout = h.dropout > 0 ? 0.1 : 0;
	h.uncertainty = t->recipe->mix.kind == MIX_UNCERTAINTY &&
			t->soft != NULL && t->soft[pack].has != NULL;
	if (h.kind == HEAD_SAN && h.labels.type != TASK_CLASSIFICATION)
		die("%s: head '%s': a san head gives classes, but the task is "
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

static void
make_model(struct trainer *t)
{
	struct model *from = model_open(t->job->init, true);
	size_t n = t->job->pack_count, count = 0;
	struct head *heads = mem_alloc(n, sizeof(*heads));
	bool *fresh = mem_alloc(n, sizeof(*fresh));
	struct config c;

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
	for (size_t i = 0; i < t->job->dev_count; i++)
		model_match(from, t->dev[i]);
	config_copy(&c, &from->config, false);
	for (size_t i = 0; i < count; i++)
		config_add_head(&c, &heads[i]);
	t->m = model_extend(
	    from, &c, t->recipe->keep_heads, (uint64_t)t->recipe->seed, fresh);
	model_multiply(t->m, (enum blas_numbers)t->recipe->matmul);
	config_free(&c);
	for (size_t i = 0; i < count && !t->job->quiet; i++)
		note("head %s: %s", heads[i].name,
		    fresh[i] ? "drawn anew" : "kept from the model");
	for (size_t i = 0; i < t->job->dev_count; i++)
		t->dev_head[i] = predict_head(t->m, t->dev[i], NULL);
	identity_add(&t->run.identity, "init",
	    mem_printf("crc32 %08x, vocabulary %s",
		digest_crc32(
		    0, from->value, from->params.total * sizeof(*from->value)),
		from->vocab));
	model_close(from);
	free(heads);
	free(fresh);
}

static bool
has_task(const struct trainer *t, const char *name)
{
	for (size_t i = 0; i < t->job->pack_count; i++)
		if (strcmp(t->packs[i]->task, name) == 0 ||
		    strcmp(t->packs[i]->head, name) == 0)
			return true;
	return false;
}

/* One recipe may serve many runs; but a name may be misspelt, too. */
static void
mention_tasks(const struct trainer *t)
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
	if (n > 0 && !t->job->quiet)
		note("no pack is of these tasks of the recipe: %s%s",
		    buf_string(&names), n > SHOWN ? ", ..." : "");
	buf_free(&names);
}

static void
identify_file(struct trainer *t, const char *key, const char *path)
{
	size_t n;
	char *text = file_slurp(path, &n);

	identity_add(&t->run.identity, key,
	    mem_printf("crc32 %08x", digest_crc32(0, text, n)));
	free(text);
}

static void
identify(struct trainer *t)
{
	char key[64], *config = file_join(t->job->init, "config.json");

	identity_add(&t->run.identity, "recipe", mem_string(t->recipe->text));
	identify_file(t, "config.json", config);
	free(config);
	identity_add(&t->run.identity, "inputs",
	    mem_printf("%zu packs, %zu dev packs, %zu soft targets",
		t->job->pack_count, t->job->dev_count, t->job->soft_count));
	for (size_t i = 0; i < t->job->pack_count; i++) {
		snprintf(key, sizeof(key), "pack %zu", i + 1);
		identity_add(&t->run.identity, key,
		    mem_printf("%s %s crc32 %s", t->packs[i]->task,
			t->packs[i]->split_name,
			st_meta(t->packs[i]->file, "crc32") != NULL
			    ? st_meta(t->packs[i]->file, "crc32")
			    : "?"));
	}
	for (size_t i = 0; i < t->job->dev_count; i++) {
		snprintf(key, sizeof(key), "dev pack %zu", i + 1);
		identify_file(t, key, t->job->dev[i]);
	}
	for (size_t i = 0; i < t->job->soft_count; i++) {
		snprintf(key, sizeof(key), "soft %zu", i + 1);
		identify_file(t, key, t->job->soft[i]);
	}
}

static void
make_plan(struct trainer *t)
{
	const struct recipe *r = t->recipe;
	size_t n = t->job->pack_count;
	const bool **use = mem_zero(n, sizeof(*use));
	struct plan_options options = { .batch_size = (size_t)r->batch_size,
		.mixed = r->batches == 1,
		.shuffle = (enum plan_shuffle)r->shuffle,
		.sampling = r->sampling,
		.max_length = (size_t)r->max_length,
		.seed = (uint64_t)r->seed };

	if (options.max_length > t->m->config.positions)
		options.max_length = t->m->config.positions;
	for (size_t i = 0; i < n && t->soft != NULL; i++)
		use[i] = t->soft[i].has;
	t->plan =
	    plan_new((const struct pack *const *)t->packs, n, use, &options);
	for (size_t i = 0; i < n; i++) {
		const struct plan_source *s = &t->plan->source[i];

		if (s->unlabelled > 0 && !t->job->quiet)
			note("%s: %zu rows without a target skipped",
			    t->packs[i]->path, s->unlabelled);
		if (s->too_long > 0 && !t->job->quiet)
			note("%s: %zu rows over %zu tokens skipped",
			    t->packs[i]->path, s->too_long, options.max_length);
	}
	t->per_epoch = (t->plan->batches + (size_t)r->accumulate - 1) /
		       (size_t)r->accumulate;
	t->total = t->per_epoch * (size_t)r->epochs;
	if (r->max_updates > 0 && (size_t)r->max_updates < t->total)
		t->total = (size_t)r->max_updates;
	free(use);
}

static void
prepare(struct trainer *t, const struct train_job *job)
{
	size_t n = job->pack_count;

	t->job = job;
	t->recipe = job->recipe;
	t->head = mem_alloc(n, sizeof(*t->head));
	t->dev_head = mem_alloc(job->dev_count, sizeof(*t->dev_head));
	t->weight = mem_alloc(n, sizeof(*t->weight));
	t->packs = open_packs(job->packs, n);
	t->dev = open_packs(job->dev, job->dev_count);
	for (size_t i = 0; i < n; i++)
		t->weight[i] = recipe_task(t->recipe, t->packs[i]->task).weight;
	if (job->soft_count > 0) {
		t->soft = mem_alloc(n, sizeof(*t->soft));
		soft_read(t->soft, (const struct pack *const *)t->packs, n,
		    job->soft, job->soft_count);
	}
	mention_tasks(t);
	make_model(t);
	identify(t);
	make_plan(t);
}

static void
start_update(struct trainer *t)
{
	struct optimizer_options options = recipe_optimizer(t->recipe);

	t->optimizer = optimizer_new(t->m, &options, t->total);
	t->active = mem_alloc(t->m->config.head_count, sizeof(*t->active));
	t->in = mem_alloc(t->job->pack_count, sizeof(*t->in));
	t->judge = encoder_new(t->m, false, false);
	t->update = (struct update_setting){ .recipe = t->recipe,
		.m = t->m,
		.packs = (const struct pack *const *)t->packs,
		.pack_count = t->job->pack_count,
		.head = t->head,
		.weight = t->weight,
		.soft = t->soft };
	t->update.encoder = encoder_new(t->m, true, t->recipe->recompute);
	t->update.answer = answer_new(t->m);
	t->update.grad = mem_align(t->m->params.total, sizeof(real));
	t->split = split_new(t->m, t->update.grad);
	encoder_watch(t->update.encoder, split_done, t->split);
}

/* --- the run --- */

/* Tasks of the update, comma-joined, each once. */
static void
put_tasks(const struct trainer *t, struct buf *b)
{
	for (size_t i = 0; i < t->job->pack_count; i++) {
		bool before = false;

		for (size_t k = 0; k < i; k++)
			before |= t->in[k] && strcmp(t->packs[k]->task,
						  t->packs[i]->task) == 0;
		if (t->in[i] && !before)
			buf_print(b, "%s%s", b->size > 0 ? "," : "",
			    t->packs[i]->task);
	}
}

static void
put_log(struct trainer *t, const struct loss_sum *sum, double lr, double norm,
    size_t tokens)
{
	size_t done = t->run.state.updates;
	struct buf tasks = { 0 };

	put_tasks(t, &tasks);
	run_log(&t->run, &(struct run_row){ .step = done + 1,
			     .epoch = done / t->per_epoch + 1,
			     .task = buf_string(&tasks),
			     .loss = sum->loss,
			     .hard = sum->hard,
			     .soft = t->soft != NULL ? sum->soft : NAN,
			     .rate = lr,
			     .norm = norm,
			     .tokens = tokens });
	buf_free(&tasks);
}

static _Noreturn void
not_finite(
    const struct trainer *t, const struct batch *b, double loss, double norm)
{
	struct buf ids = { 0 }, tasks = { 0 };

	put_tasks(t, &tasks);
	for (size_t i = 0; i < b->rows && i < 5; i++)
		buf_print(&ids, "%s%s", i > 0 ? ", " : "",
		    pack_id(t->packs[b->from[i].pack], b->from[i].row));
	die("update %zu: loss %g, gradient norm %g; task %s, %zu rows, the "
	    "first ids: %s",
	    t->run.state.updates + 1, loss, norm, buf_string(&tasks), b->rows,
	    buf_string(&ids));
}

/* The batch in work: whole, and the rows of it that are this process's. */
struct work {
	struct batch whole, part;
};

/*
 * Add a batch's losses to sum and its gradients to those of the update; with
 * the last batch, begin to sum these over the processes.
 */
static void
do_batch(struct trainer *t, struct work *w, double share, bool last,
    struct loss_sum *sum)
{
	struct loss_sum own = { 0 };

	optimizer_touch(t->optimizer, &w->whole);
	split_meet(t->split, &w->whole);
	split_rows(
	    &w->part, &w->whole, t->update.packs, group_rank(), group_size());
	if (last)
		split_begin(t->split, t->active);
	update_batch(&t->update, &w->part, &w->whole, t->run.state.updates,
	    t->total, share, &own, t->active, t->in);
	split_losses(&own);
	sum->loss += own.loss;
	sum->hard += own.hard;
	sum->soft += own.soft;
	sum->no_positive += own.no_positive;
	if (!isfinite(sum->loss))
		not_finite(t, &w->whole, sum->loss, NAN);
}

/* Update number state.updates, from batches [first, last) of the epoch. */
static size_t
do_update(struct trainer *t, struct work *w, const struct plan_epoch *e,
    size_t first, size_t last)
{
	struct loss_sum sum = { 0 };
	size_t step = t->run.state.updates, tokens = 0, rows = 0;
	double norm, lr, share = 1 / (double)(last - first);

	memset(t->active, 0, t->m->config.head_count * sizeof(*t->active));
	memset(t->in, 0, t->job->pack_count * sizeof(*t->in));
	for (size_t k = first; k < last; k++) {
		batch_fill(&w->whole, t->update.packs, e->rows + e->start[k],
		    e->start[k + 1] - e->start[k]);
		w->whole.first_token = tokens;
		w->whole.first_row = rows;
		do_batch(t, w, share, k + 1 == last, &sum);
		tokens += w->whole.tokens;
		rows += w->whole.rows;
	}
	split_end(t->split);
	norm = optimizer_norm(t->optimizer, t->update.grad, t->active);
	if (!isfinite(norm))
		not_finite(t, &w->whole, sum.loss, norm);
	lr = optimizer_step(
	    t->optimizer, t->m->value, t->update.grad, t->active, step, norm);
	put_log(t, &sum, lr, norm, tokens);
	t->run.state.updates++;
	t->run.state.tokens += tokens;
	return sum.no_positive;
}

static void
end_epoch(struct trainer *t, size_t epoch)
{
	double mean = 0;

	for (size_t i = 0; i < t->job->dev_count; i++) {
		const struct pack *p = t->dev[i];
		struct evaluation v;

		evaluate_pack(&v, t->m, t->judge, p, t->dev_head[i]);
		for (size_t k = 0; k < v.metrics && t->run.dev != NULL; k++) {
			char text[NUM_TEXT];

			num_put(text, v.value[k]);
			fprintf(t->run.dev, "%zu\t%s\t%s\t%s\t%s\t%zu\n",
			    epoch + 1, p->task, p->split_name,
			    metric_name(v.metric[k]), text, v.rows);
		}
		mean += evaluate_mean(&v) / (double)t->job->dev_count;
	}
	if (t->job->dev_count > 0)
		run_best(&t->run, t->m, mean);
}

static size_t
run_epoch(
    struct trainer *t, struct work *w, size_t epoch, struct progress *progress)
{
	size_t step = (size_t)t->recipe->accumulate;
	size_t done = t->run.state.updates - epoch * t->per_epoch;
	size_t no_positive = 0;
	struct plan_epoch e;

	plan_epoch(&e, t->plan, epoch);
	for (size_t k = done * step; k < e.batches; k += step) {
		size_t last = k + step < e.batches ? k + step : e.batches;

		if (t->run.state.updates == t->total)
			break;
		no_positive += do_update(t, w, &e, k, last);
		progress_show(progress, t->run.state.updates, NULL);
		/* An epoch's end is saved when its evaluation is done. */
		if (last < e.batches && t->run.state.updates < t->total)
			run_save(&t->run, t->m, t->optimizer);
	}
	plan_epoch_free(&e);
	return no_positive;
}

static void
run(struct trainer *t)
{
	struct work w = { 0 };
	struct progress progress;
	size_t no_positive = 0;

	t->run.out = t->job->out;
	t->run.save_every = (double)t->recipe->save_every;
	t->run.quiet = t->job->quiet;
	run_open(&t->run, t->m, t->optimizer, t->total,
	    "#mtkd dev 1\nepoch\ttask\tsplit\tmetric\tvalue\tn\n");
	progress = progress_start("updates", t->run.state.updates, t->total,
	    t->job->progress, t->job->quiet);
	while (t->run.state.updates < t->total) {
		size_t epoch = t->run.state.updates / t->per_epoch;

		no_positive += run_epoch(t, &w, epoch, &progress);
		end_epoch(t, epoch);
		run_save(&t->run, t->m, t->optimizer);
	}
	progress_stop(&progress);
	if (no_positive > 0 && !t->job->quiet)
		note("%zu questions without a right answer gave no loss",
		    no_positive);
	run_close(&t->run, t->m, t->recipe->text);
	batch_free(&w.whole);
	batch_free(&w.part);
}

void
train_run(const struct train_job *job)
{
	struct trainer t = { 0 };

	run_refuse_same(job->init, job->out);
	thread_use((int)job->recipe->threads);
	prepare(&t, job);
	if (job->dry_run && group_rank() > 0)
		return;
	if (job->dry_run) {
		fputs(t.recipe->text, stdout);
		cost_print(t.m, t.plan, (const struct pack *const *)t.packs,
		    t.total, t.per_epoch, t.recipe);
		return;
	}
	start_update(&t);
	run(&t);
}
