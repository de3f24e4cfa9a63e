#include "train/pretrain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/progress.h"
#include "base/thread.h"
#include "corpus/document.h"
#include "data/masked.h"
#include "net/encoder.h"
#include "net/mlm.h"
#include "train/cost.h"
#include "train/run.h"

/* A model's encoder and masked-LM head. */
struct reader {
	struct model *m;
	struct encoder *encoder;
	struct mlm *head;
};

struct pretrainer {
	const struct pretrain_job *job;
	const struct recipe *recipe;
	struct vocab *vocab;
	struct documents text, dev_text;
	struct masked *masked, *dev;
	struct reader student, teacher; /* teacher.m NULL: none */
	struct encoder *judge;		/* of the student, for evaluation */
	size_t per_epoch, total;	/* updates */
	struct optimizer *optimizer;
	real *grad, *dhidden, *dpooled;
	size_t read_room, row_room;
	struct masked_batch b;
	struct run run;
};

static void
read_texts(struct pretrainer *t)
{
	struct tokenizer *tokenizer = tokenizer_new(t->vocab);
	struct tokenizer_count words;

	for (size_t i = 0; i < t->job->text_count; i++)
		documents_read(&t->text, tokenizer, t->job->text[i]);
	words = tokenizer_counted(tokenizer);
	if (words.unknown * 10 > words.words)
		warn("%llu of %llu words are [UNK]: is %s of another "
		     "language?",
		    words.unknown, words.words, t->job->init);
	if (t->job->dev != NULL)
		documents_read(&t->dev_text, tokenizer, t->job->dev);
	tokenizer_free(tokenizer);
}

static struct masked *
mask(const struct pretrainer *t, const struct documents *d)
{
	const struct recipe *r = t->recipe;
	struct masked_options options = { .max_length = (size_t)r->max_length,
		.rate = r->mask,
		.whole_word = r->whole_word,
		.pairs = r->next_sentence,
		.seed = (uint64_t)r->seed };

	if (options.max_length > t->student.m->config.positions)
		options.max_length = t->student.m->config.positions;
	if (options.max_length < 8)
		die("sequences of %zu tokens, expected at least 8",
		    options.max_length);
	return masked_new(d, t->vocab, &options);
}

static uint32_t
crc(const struct model *m)
{
	return digest_crc32(0, m->value, m->params.total * sizeof(*m->value));
}

static void
identify(struct pretrainer *t, const struct model *from)
{
	struct identity *id = &t->run.identity;
	const struct documents *texts[] = { &t->text, &t->dev_text };

	identity_add(id, "recipe", mem_string(t->recipe->text));
	identity_add(id, "init",
	    mem_printf("crc32 %08x, vocabulary %s", crc(from), from->vocab));
	for (size_t i = 0; i < 2; i++)
		identity_add(id, i == 0 ? "text" : "held-out text",
		    mem_printf("%zu documents, %zu ids, crc32 %08x",
			texts[i]->count, texts[i]->text.count,
			digest_crc32(0, texts[i]->text.id,
			    texts[i]->text.count *
				sizeof(*texts[i]->text.id))));
	if (t->teacher.m != NULL)
		identity_add(
		    id, "teacher", mem_printf("crc32 %08x", crc(t->teacher.m)));
}

static void
open_teacher(struct pretrainer *t)
{
	struct model *m = model_open(t->job->teacher, true);

	if (!m->config.mlm)
		die("%s: has no masked-LM head to teach with", m->path);
	if (strcmp(m->vocab, t->student.m->vocab) != 0 ||
	    m->cased != t->student.m->cased)
		die("%s: its vocabulary or case is not that of %s", m->path,
		    t->job->init);
	if ((size_t)t->recipe->max_length > m->config.positions)
		die("%s: has %zu positions, but sequences have up to %lld",
		    m->path, m->config.positions, t->recipe->max_length);
	model_multiply(m, t->student.m->numbers);
	t->teacher.m = m;
	t->teacher.encoder = encoder_new(m, false, false);
	t->teacher.head = mlm_new(m);
}

static void
prepare(struct pretrainer *t, const struct pretrain_job *job)
{
	const struct recipe *r = job->recipe;
	struct model *from = model_open(job->init, true);
	struct config c;
	size_t batches;
	bool fresh; /* there are no task heads */

	t->job = job;
	t->recipe = r;
	t->vocab = vocab_read(job->init, false);
	if (from->config.vocab < t->vocab->size)
		die("%s: %zu pieces in vocab.txt, but config.json says %zu",
		    job->init, t->vocab->size, from->config.vocab);
	config_copy(&c, &from->config, false);
	c.mlm = true;
	c.next_sentence = r->next_sentence;
	t->student.m = model_extend(from, &c, false, (uint64_t)r->seed, &fresh);
	model_multiply(t->student.m, (enum blas_numbers)r->matmul);
	if (!from->config.mlm && !job->quiet)
		note("masked-LM head: drawn anew");
	if (job->teacher != NULL)
		open_teacher(t);
	read_texts(t);
	t->masked = mask(t, &t->text);
	if (job->dev != NULL)
		t->dev = mask(t, &t->dev_text);
	identify(t, from);
	batches = (masked_sequences(t->masked) + (size_t)r->batch_size - 1) /
		  (size_t)r->batch_size;
	t->per_epoch =
	    (batches + (size_t)r->accumulate - 1) / (size_t)r->accumulate;
	t->total = t->per_epoch * (size_t)r->epochs;
	if (r->max_updates > 0 && (size_t)r->max_updates < t->total)
		t->total = (size_t)r->max_updates;
	config_free(&c);
	model_close(from);
}

static void
start(struct pretrainer *t)
{
	struct optimizer_options options = recipe_optimizer(t->recipe);

	t->student.encoder =
	    encoder_new(t->student.m, true, t->recipe->recompute);
	t->student.head = mlm_new(t->student.m);
	t->judge = encoder_new(t->student.m, false, false);
	t->optimizer = optimizer_new(t->student.m, &options, t->total);
	t->grad = mem_align(t->student.m->params.total, sizeof(real));
}

static struct encoder_reads
reads_of(const struct masked_batch *b)
{
	return (struct encoder_reads){ b->token, b->start, b->reads };
}

static void
reserve(struct pretrainer *t, const struct masked_batch *b)
{
	size_t H = t->student.m->config.hidden;

	if (b->reads > t->read_room) {
		free(t->dhidden);
		t->read_room = 2 * b->reads;
		t->dhidden = mem_alloc(t->read_room, H * sizeof(real));
	}
	if (b->b.rows > t->row_room) {
		free(t->dpooled);
		t->row_room = b->b.rows;
		t->dpooled = mem_alloc(t->row_room, H * sizeof(real));
	}
}

/* What the batches of one update, or of an evaluation, come to. */
struct outcome {
	struct mlm_sum mlm;
	double next; /* loss */
	size_t next_right;
};

static void
do_batch(struct pretrainer *t, struct outcome *out, double share)
{
	const struct recipe *r = t->recipe;
	size_t step = t->run.state.updates;
	struct masked_batch *b = &t->b;
	struct encoder_noise noise = { (uint64_t)r->seed, step, r->dropout,
		r->dropout };
	struct encoder_reads reads = reads_of(b);
	struct encoder *e = t->student.encoder;
	struct mlm_rule rule = { 1, 0, r->temperature,
		(double)mlm_asked(b->want, b->reads) / share };

	reserve(t, b);
	encoder_forward(e, &b->b, &reads, &noise);
	if (t->teacher.m != NULL) {
		mix_weights(&r->mix, step, t->total, &rule.hard_weight,
		    &rule.soft_weight);
		encoder_forward(t->teacher.encoder, &b->b, &reads, NULL);
	}
	mlm_pass(t->student.head, &out->mlm, t->dhidden, t->grad,
	    encoder_hidden(e), b->want, b->reads, &rule, t->teacher.head,
	    t->teacher.m != NULL ? encoder_hidden(t->teacher.encoder) : NULL);
	if (r->next_sentence)
		out->next += mlm_next_pass(t->student.m, t->dpooled, t->grad,
		    encoder_pooled(e), b->apart, b->b.rows,
		    (double)b->b.rows / share, &out->next_right);
	encoder_backward(
	    e, t->grad, r->next_sentence ? t->dpooled : NULL, t->dhidden);
}

/* The loss that gradients are of; hard and soft are what it mixes. */
static double
loss_of(const struct pretrainer *t, const struct outcome *out)
{
	double hard = 1, soft = 0;

	if (t->teacher.m != NULL)
		mix_weights(&t->recipe->mix, t->run.state.updates, t->total,
		    &hard, &soft);
	return hard * out->mlm.hard + soft * out->mlm.soft + out->next;
}

/* Update number state.updates, from sequences [first, last) of the order. */
static void
do_update(struct pretrainer *t, const size_t *order, size_t first, size_t last)
{
	size_t size = (size_t)t->recipe->batch_size, tokens = 0;
	size_t epoch = t->run.state.updates / t->per_epoch;
	double share = 1 / ceil((double)(last - first) / (double)size);
	double norm, rate, loss;
	struct outcome out = { 0 };

	for (size_t i = first; i < last; i += size) {
		masked_fill(&t->b, t->masked, order + i,
		    last - i < size ? last - i : size, epoch);
		t->b.b.first_token = tokens;
		do_batch(t, &out, share);
		tokens += t->b.b.tokens;
	}
	loss = loss_of(t, &out);
	norm = optimizer_norm(t->optimizer, t->grad, NULL);
	if (!isfinite(loss) || !isfinite(norm))
		die("update %zu: loss %g, gradient norm %g",
		    t->run.state.updates + 1, loss, norm);
	rate = optimizer_step(t->optimizer, t->student.m->value, t->grad, NULL,
	    t->run.state.updates, norm);
	run_log(&t->run, &(struct run_row){ .step = t->run.state.updates + 1,
			     .epoch = epoch + 1,
			     .task = "mlm",
			     .loss = loss,
			     .hard = out.mlm.hard,
			     .soft = t->teacher.m != NULL ? out.mlm.soft : NAN,
			     .rate = rate,
			     .norm = norm,
			     .tokens = tokens });
	t->run.state.updates++;
	t->run.state.tokens += tokens;
}

static void
put_metric(
    const struct pretrainer *t, const char *metric, double value, size_t n)
{
	char text[NUM_TEXT];

	num_put(text, value);
	fprintf(t->run.dev, "%zu\t%zu\t%s\t%s\t%zu\n", t->run.state.updates,
	    t->run.state.tokens, metric, text, n);
}

/* The held-out text, masked as in epoch 0 of its own. */
static void
evaluate(struct pretrainer *t)
{
	size_t n = masked_sequences(t->dev),
	       size = (size_t)t->recipe->batch_size;
	size_t *order = mem_alloc(n, sizeof(*order));
	struct mlm_rule rule = { 1, 0, 1, 1 };
	struct outcome out = { 0 };

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = 0; i < n; i += size) {
		struct encoder_reads reads;

		masked_fill(
		    &t->b, t->dev, order + i, n - i < size ? n - i : size, 0);
		reads = reads_of(&t->b);
		encoder_forward(t->judge, &t->b.b, &reads, NULL);
		mlm_pass(t->student.head, &out.mlm, NULL, NULL,
		    encoder_hidden(t->judge), t->b.want, t->b.reads, &rule,
		    NULL, NULL);
		if (t->recipe->next_sentence)
			mlm_next_pass(t->student.m, NULL, NULL,
			    encoder_pooled(t->judge), t->b.apart, t->b.b.rows,
			    1, &out.next_right);
	}
	out.mlm.hard /= (double)out.mlm.asked;
	put_metric(t, "loss", out.mlm.hard, out.mlm.asked);
	put_metric(t, "perplexity", exp(out.mlm.hard), out.mlm.asked);
	put_metric(t, "accuracy", (double)out.mlm.right / (double)out.mlm.asked,
	    out.mlm.asked);
	if (t->recipe->next_sentence)
		put_metric(
		    t, "next_sentence", (double)out.next_right / (double)n, n);
	run_best(&t->run, t->student.m, -out.mlm.hard);
	free(order);
}

static void
run_epoch(struct pretrainer *t, size_t *order, struct progress *progress)
{
	size_t n = masked_sequences(t->masked);
	size_t step = (size_t)(t->recipe->batch_size * t->recipe->accumulate);
	size_t epoch = t->run.state.updates / t->per_epoch;
	size_t done = t->run.state.updates - epoch * t->per_epoch;

	masked_order(t->masked, order, epoch);
	for (size_t i = done * step; i < n; i += step) {
		if (t->run.state.updates == t->total)
			break;
		do_update(t, order, i, i + step < n ? i + step : n);
		progress_show(progress, t->run.state.updates, NULL);
		if (t->dev != NULL &&
		    (t->run.state.updates == t->total ||
			t->run.state.updates %
				(size_t)t->recipe->evaluate_every ==
			    0))
			evaluate(t);
		if (t->run.state.updates < t->total)
			run_save(&t->run, t->student.m, t->optimizer);
	}
}

static void
run(struct pretrainer *t)
{
	struct progress progress;
	size_t *order = mem_alloc(masked_sequences(t->masked), sizeof(*order));

	t->run.out = t->job->out;
	t->run.save_every = (double)t->recipe->save_every;
	t->run.quiet = t->job->quiet;
	run_open(&t->run, t->student.m, t->optimizer, t->total,
	    "#mtkd mlm-dev 1\nstep\ttokens\tmetric\tvalue\tn\n");
	progress = progress_start("updates", t->run.state.updates, t->total,
	    t->job->progress, t->job->quiet);
	while (t->run.state.updates < t->total)
		run_epoch(t, order, &progress);
	progress_stop(&progress);
	run_close(&t->run, t->student.m, t->recipe->text);
	free(order);
}

/* What reads a batch of so many rows of the longest length, besides weights. */
static size_t
reading_bytes(const struct pretrainer *t, const struct config *c, size_t rows,
    size_t longest, bool train)
{
	size_t asked = (size_t)ceil(t->recipe->mask * (double)(rows * longest));

	return encoder_bytes(c, longest * rows, rows, longest, train,
		   train && t->recipe->recompute) +
	       mlm_bytes(c, asked, train && t->teacher.m != NULL);
}

static size_t
memory(const struct pretrainer *t, size_t longest)
{
	const struct model *m = t->student.m, *teacher = t->teacher.m;
	size_t rows = (size_t)t->recipe->batch_size;
	size_t bytes = cost_parameter_bytes(m) + 4 * t->text.text.count +
		       reading_bytes(t, &m->config, rows, longest, true);

	if (teacher != NULL)
		bytes +=
		    teacher->params.total * sizeof(real) +
		    reading_bytes(t, &teacher->config, rows, longest, false);
	return bytes;
}

static void
show_cost(const struct pretrainer *t)
{
	const struct config *c = &t->student.m->config;
	double rows = (double)masked_sequences(t->masked);
	double tokens = (double)masked_tokens(t->masked);
	double length = tokens / rows;
	double decoder = 6 * t->recipe->mask * (double)(c->vocab * c->hidden);
	double share = (double)t->total / (double)t->per_epoch;
	struct cost cost = { .updates = t->total,
		.per_epoch = t->per_epoch,
		.rows = rows,
		.tokens = tokens * share,
		.flops =
		    (cost_token_flops(c, length) + decoder) * tokens * share,
		.bytes = memory(t, (size_t)ceil(length)) };

	fputs(t->recipe->text, stdout);
	cost_report(t->student.m, &cost);
}

void
pretrain_run(const struct pretrain_job *job)
{
	struct pretrainer t = { 0 };

	run_refuse_same(job->init, job->out);
	thread_use((int)job->recipe->threads);
	prepare(&t, job);
	if (job->dry_run) {
		show_cost(&t);
		return;
	}
	start(&t);
	run(&t);
}
