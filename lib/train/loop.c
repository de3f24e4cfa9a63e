#include "train/loop.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/process.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/progress.h"
#include "base/stop.h"
#include "base/thread.h"
#include "train/shard.h"

#define RUNNING 0.95 /* what a running mean keeps of what it was */

void
loop_begin(struct loop *l, const struct job *job, const struct trainer *trainer,
    void *self, const char *dev_header)
{
	*l = (struct loop){ .trainer = trainer,
		.self = self,
		.job = job,
		.recipe = &job->recipe,
		.run = { .out = job->out,
		    .dev_header = dev_header,
		    .save_every = (double)job->recipe.save_every,
		    .quiet = job->quiet } };
	if (!job->dry_run)
		run_refuse_busy(job->out);
	thread_use((int)job->recipe.threads);
}

void
loop_count(struct loop *l, size_t batches)
{
	size_t accumulate = (size_t)l->recipe->accumulate;
	size_t most = (size_t)l->recipe->max_updates;

	l->batches = batches;
	l->per_epoch = (batches + accumulate - 1) / accumulate;
	l->total = l->per_epoch * (size_t)l->recipe->epochs;
	if (most > 0 && most < l->total)
		l->total = most;
}

void
loop_start(struct loop *l)
{
	struct optimizer_options options = recipe_optimizer(l->recipe);

	l->encoder = encoder_new(l->m, true, l->recipe->recompute);
	encoder_freeze(l->encoder, options.freeze);
	l->judge = encoder_new(l->m, false, false);
	l->optimizer = optimizer_new(l->m, &options, l->total);
	l->grad = mem_align(l->m->params.total, sizeof(real));
	if (process_count() > 1)
		l->shard = shard_new(l->m, l->grad, l->encoder);
}

/* Printed without a sign, which means nothing. */
static double
shown(double x)
{
	return isnan(x) ? (double)NAN : x;
}

static _Noreturn void
not_finite(const struct loop *l, double loss, double norm)
{
	struct buf more = { 0 };

	if (l->trainer->put_batch != NULL)
		l->trainer->put_batch(l, &more);
	die("update %zu: loss %g, gradient norm %g%s", l->run.state.updates + 1,
	    shown(loss), shown(norm), buf_string(&more));
}

/* Go on with this process's rows of a batch. */
static void
take_rows(struct loop *l, const struct batch *whole, bool last)
{
	size_t first, count;

	shard_meet(l->shard, whole);
	count = shard_rows(
	    &first, whole, l->packs, process_rank(), process_count());
	l->trainer->take(l, first, count);
	if (last)
		shard_begin(l->shard, l->active);
}

/* What the batches of one update come to. */
struct outcome {
	struct loss_sum sum;
	size_t tokens, rows;
};

/*
 * Add a batch's losses to out and its gradients to those of the update; of
 * several processes, with the last batch these begin to be summed.
 */
static void
do_batch(struct loop *l, size_t k, bool last, struct outcome *out)
{
	struct loss_sum own = { 0 };
	struct batch *b = l->trainer->fill(l, k);

	b->first_token = out->tokens;
	b->first_row = out->rows;
	out->tokens += b->tokens;
	out->rows += b->rows;
	optimizer_touch(l->optimizer, b);
	if (l->shard != NULL)
		take_rows(l, b, last);
	l->trainer->pass(l, &own);
	if (l->shard != NULL)
		shard_losses(&own);
	out->sum.loss += own.loss;
	out->sum.hard += own.hard;
	out->sum.soft += own.soft;
	out->sum.feature += own.feature;
	out->sum.no_positive += own.no_positive;
	if (!isfinite(out->sum.loss))
		not_finite(l, out->sum.loss, NAN);
}

static void
put_log(struct loop *l, const struct outcome *out, double rate, double norm)
{
	size_t done = l->run.state.updates;
	struct buf tasks = { 0 };

	l->trainer->put_tasks(l, &tasks);
	run_log(&l->run, &(struct run_row){ .step = done + 1,
			     .epoch = done / l->per_epoch + 1,
			     .task = buf_string(&tasks),
			     .loss = out->sum.loss,
			     .hard = out->sum.hard,
			     .soft = l->soft ? out->sum.soft : NAN,
			     .feature = out->sum.feature,
			     .rate = rate,
			     .norm = norm,
			     .tokens = out->tokens });
	buf_free(&tasks);
}

/*
 * Update number state.updates, from batches [first, last) of the epoch.
 * Returns the questions that had no right answer.
 */
static size_t
do_update(struct loop *l, size_t first, size_t last)
{
	struct loop_update u = { l->run.state.updates, l->total,
		1 / (double)(last - first) };
	struct outcome out = { 0 };
	double norm, rate;

	l->trainer->begin(l, &u);
	for (size_t k = first; k < last; k++)
		do_batch(l, k, k + 1 == last, &out);
	if (l->shard != NULL)
		shard_end(l->shard);
	norm = optimizer_norm(l->optimizer, l->grad, l->active);
	if (!isfinite(norm))
		not_finite(l, out.sum.loss, norm);
	rate = optimizer_step(
	    l->optimizer, l->m->value, l->grad, l->active, u.step, norm);
	model_changed(l->m);
	put_log(l, &out, rate, norm);
	l->loss = isnan(l->loss)
		      ? out.sum.loss
		      : RUNNING * l->loss + (1 - RUNNING) * out.sum.loss;
	l->run.state.updates++;
	l->run.state.tokens += out.tokens;
	return out.sum.no_positive;
}

/* Keep what was learnt, say so, and end as was asked. */
static _Noreturn void
stop_here(struct loop *l, int number, struct progress *progress)
{
	char done[NUM_TEXT], all[NUM_TEXT];
	char kept = 0;

	progress_stop(progress);
	run_keep(&l->run, l->m, l->optimizer);
	note("%s: saved at update %s of %s; the same command resumes there",
	    l->run.out, num_grouped(done, l->run.state.updates),
	    num_grouped(all, l->total));
	process_broadcast(
	    &kept, sizeof(kept)); /* the others wait until it is */
	stop_end(number);
}

/* True where the best evaluation is as long ago as there is patience. */
static bool
is_spent(const struct loop *l)
{
	const struct run_state *s = &l->run.state;
	size_t patience = (size_t)l->recipe->patience * l->per_epoch;

	return patience > 0 && l->trainer->evaluate != NULL &&
	       s->updates >= s->best_at + patience;
}

static void
say_spent(const struct loop *l)
{
	const struct run_state *s = &l->run.state;

	note("%s: stopped after epoch %zu of %lld: none was better on dev than "
	     "epoch %zu, which is in %s/best",
	    l->run.out, s->updates / l->per_epoch, l->recipe->epochs,
	    s->best_at / l->per_epoch, l->run.out);
}

/* An evaluation as it is in dev.tsv: a loss has a sign as a worth. */
static double
as_dev(double worth)
{
	return fabs(worth);
}

static void
show(const struct loop *l, struct progress *progress)
{
	char detail[100];
	int n = snprintf(detail, sizeof(detail), "loss %.4g", l->loss);

	if (!isnan(l->dev))
		snprintf(detail + n, sizeof(detail) - (size_t)n,
		    ", dev %.4g, best %.4g", as_dev(l->dev),
		    as_dev(l->run.state.best));
	progress_show(progress, l->run.state.updates, detail);
}

static void
judge(struct loop *l, struct progress *progress)
{
	run_judge(&l->run);
	optimizer_settle(l->optimizer);
	l->dev = l->trainer->evaluate(l);
	run_best(&l->run, l->m, l->optimizer, l->dev);
	show(l, progress);
}

/* What came of it, and where it is. */
static void
sum_up(const struct loop *l, double seconds)
{
	const struct run_state *s = &l->run.state;
	char done[NUM_TEXT], loss[32] = "", best[100] = "";
	char time[NUM_TEXT];

	if (!isnan(l->loss))
		snprintf(loss, sizeof(loss), ", loss %.4g", l->loss);
	if (s->best_at > 0)
		snprintf(best, sizeof(best),
		    "; best on dev, %.4g, was epoch %zu of %zu: ",
		    as_dev(s->best), (s->best_at - 1) / l->per_epoch + 1,
		    (s->updates - 1) / l->per_epoch + 1);
	note("%s: trained, %s update%s in %s%s%s%s%s", l->run.out,
	    num_grouped(done, s->updates), num_s(s->updates),
	    num_duration(time, seconds), loss, best,
	    s->best_at > 0 ? l->run.out : "", s->best_at > 0 ? "/best" : "");
}

/* What is left of an epoch, or of the run. */
static size_t
run_epoch(struct loop *l, size_t evaluate_every, struct progress *progress)
{
	size_t step = (size_t)l->recipe->accumulate, no_positive = 0;
	const size_t *done = &l->run.state.updates;
	size_t epoch = *done / l->per_epoch;

	l->trainer->epoch(l, epoch);
	for (size_t k = (*done - epoch * l->per_epoch) * step;
	     k < l->batches && *done < l->total; k += step) {
		int asked = stop_asked();

		if (asked != 0)
			stop_here(l, asked, progress);
		no_positive += do_update(
		    l, k, k + step < l->batches ? k + step : l->batches);
		show(l, progress);
		if (l->trainer->evaluate != NULL &&
		    (*done == l->total || *done % evaluate_every == 0))
			judge(l, progress);
		/* Saved with its evaluation, or before it is made. */
		if (*done < l->total && !is_spent(l))
			run_save(&l->run, l->m, l->optimizer);
		if (is_spent(l))
			break;
	}
	return no_positive;
}

void
loop_run(struct loop *l, size_t evaluate_every)
{
	struct progress progress;
	double began = progress_clock();
	size_t no_positive = 0;

	l->loss = l->dev = (double)NAN;
	stop_hold();
	l->run.feature = l->feature;
	l->run.evaluates = l->trainer->evaluate != NULL;
	run_open(&l->run, l->m, l->optimizer, l->total);
	progress = progress_start("updates", l->run.state.updates, l->total,
	    l->job->progress, l->job->quiet);
	if (l->run.state.unjudged)
		judge(l, &progress);
	while (l->run.state.updates < l->total && !is_spent(l))
		no_positive += run_epoch(l, evaluate_every, &progress);
	progress_stop(&progress);
	if (no_positive > 0 && !l->job->quiet)
		note("%zu question%s without a right answer gave no loss",
		    no_positive, num_s(no_positive));
	if (l->run.state.updates < l->total && !l->job->quiet)
		say_spent(l);
	run_close(&l->run, l->m, l->optimizer, l->recipe->text);
	if (!l->job->quiet)
		sum_up(l, progress_clock() - began);
	stop_release();
}
