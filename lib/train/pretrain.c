#include "train/pretrain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/process.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/document.h"
#include "data/id.h"
#include "data/masked.h"
#include "model/finite.h"
#include "net/encoder.h"
#include "net/mlm.h"
#include "train/cost.h"
#include "train/loop.h"

/* A model's encoder and masked-LM head. */
struct masked_lm {
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
	struct masked_lm student, teacher; /* teacher.m NULL: none */
	size_t *order;			   /* [sequences] of the epoch */
	size_t epoch;
	struct loop_update now;
	double hard, soft; /* weights of the update */
	struct masked_batch whole, part;
	const struct masked_batch *batch; /* one of them: what passes */
	double asked, rows;		  /* of whole, which sums are over */
	real *dhidden, *dpooled;
	size_t read_room, row_room;
	struct loop loop;
};

/* One file may not stand for two. */
static void
check_files(const struct pretrain_job *job)
{
	size_t n = job->text_count;
	const char **all = mem_alloc(n + 1, sizeof(*all));

	for (size_t i = 0; i < n; i++)
		all[i] = job->text[i];
	apart_once(all, n, "its text would count twice");
	if (job->dev != NULL)
		all[n++] = job->dev;
	apart_once(all, n, "--dev takes text that is not trained on");
	free(all);
}

static bool
take_document(struct id_set *set, const struct documents *d, size_t i)
{
	const int32_t *id = d->text.id + d->start[i];

	return id_set_add(set, (const char *)id,
	    (d->start[i + 1] - d->start[i]) * sizeof(*id));
}

/* Parts of a text in both roles, whatever files they came from. */
static void
tell_shared(const struct pretrainer *t)
{
	const struct documents *dev = &t->dev_text;
	struct id_set seen = { 0 };
	size_t shared = 0;

	for (size_t i = 0; i < t->text.count; i++)
		take_document(&seen, &t->text, i);
	for (size_t i = 0; i < dev->count; i++)
		shared += !take_document(&seen, dev, i);
	if (shared > 0)
		warn("%s: %zu of its %zu documents are trained on, too, or "
		     "stand in it twice",
		    file_name(t->job->dev), shared, dev->count);
	id_set_free(&seen);
}

static void
read_texts(struct pretrainer *t)
{
	struct tokenizer *tokenizer;
	struct tokenizer_count words;

	if (process_rank() > 0)
		return;
	check_files(t->job);
	tokenizer = tokenizer_new(t->vocab);
	for (size_t i = 0; i < t->job->text_count; i++)
		documents_read(&t->text, tokenizer, t->job->text[i]);
	words = tokenizer_counted(tokenizer);
	if (words.unknown * 10 > words.words)
		warn("%llu of %llu words are [UNK]: is %s of another "
		     "language?",
		    words.unknown, words.words, t->loop.job->init);
	if (t->job->dev != NULL) {
		documents_read(&t->dev_text, tokenizer, t->job->dev);
		tell_shared(t);
	}
	tokenizer_free(tokenizer);
}

/* The first of several processes has read it, maybe from its stdin. */
static void
send_text(struct documents *d)
{
	size_t size[] = { d->count, d->text.count };

	process_broadcast(size, sizeof(size));
	if (process_rank() > 0) {
		d->count = size[0];
		d->text.count = size[1];
		d->start = mem_zero(size[0] + 1, sizeof(*d->start));
		d->text.id = mem_alloc(size[1], sizeof(*d->text.id));
	}
	if (d->count == 0)
		return;
	process_broadcast(d->start, (size[0] + 1) * sizeof(*d->start));
	process_broadcast(d->text.id, size[1] * sizeof(*d->text.id));
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

/* Its ids, and where documents begin among them. */
static void
identify_text(struct identity *id, const char *key, const struct documents *d)
{
	uint32_t ids =
	    digest_crc32(0, d->text.id, d->text.count * sizeof(*d->text.id));
	uint32_t starts =
	    digest_crc32(0, d->start, d->count * sizeof(*d->start));

	identity_add(id, key,
	    mem_printf("%zu documents, %zu ids, crc32 %08x, %08x", d->count,
		d->text.count, ids, starts));
}

static void
identify(struct pretrainer *t, const struct model *from)
{
	struct identity *id = &t->loop.run.identity;

	identity_add(id, "recipe", mem_string(t->recipe->text));
	identity_add_products(id);
	identity_add_model(id, "init", "config.json", from);
	identify_text(id, "text", &t->text);
	identify_text(id, "held-out text", &t->dev_text);
	if (t->teacher.m != NULL)
		identity_add_model(
		    id, "teacher", "teacher's config.json", t->teacher.m);
}

/* Both models must embed what sequences are made of. */
static void
need_embeddings(const struct pretrainer *t, const struct model *m)
{
	if (m->config.vocab < t->vocab->size)
		die("%s: %zu pieces in vocab.txt, but config.json says %zu",
		    m->path, t->vocab->size, m->config.vocab);
	if (t->recipe->next_sentence && m->config.types == 1)
		die("%s: next-sentence needs two segments, but the model has "
		    "one",
		    m->path);
}

static void
open_teacher(struct pretrainer *t)
{
	struct model *m = model_open(t->job->teacher, true);

	model_check_finite(m, m->path);
	need_embeddings(t, m);
	if (!m->config.mlm)
		die("%s: has no masked-LM head to teach with", m->path);
	if (strcmp(m->vocab, t->student.m->vocab) != 0 ||
	    m->cased != t->student.m->cased)
		die("%s: its vocabulary or case is not that of %s", m->path,
		    t->loop.job->init);
	if ((size_t)t->recipe->max_length > m->config.positions)
		die("%s: has %zu positions, but sequences have up to %lld",
		    m->path, m->config.positions, t->recipe->max_length);
	model_multiply(m, (enum product_numbers)t->recipe->matmul);
	t->teacher.m = m;
	t->teacher.encoder = encoder_new(m, false, false);
	t->teacher.head = mlm_new(m);
}

static void
prepare(struct pretrainer *t)
{
	const struct pretrain_job *job = t->job;
	const struct recipe *r = t->recipe;
	struct model *from = model_open(job->common->init, true);
	struct config c;
	bool fresh; /* there are no task heads */

	model_check_finite(from, job->common->init);
	t->vocab = vocab_read(job->common->init, false);
	need_embeddings(t, from);
	config_copy(&c, &from->config, false);
	c.mlm = true;
	c.next_sentence = r->next_sentence;
	t->student.m = model_extend(from, &c, false, (uint64_t)r->seed, &fresh);
	model_multiply(t->student.m, (enum product_numbers)r->matmul);
	if (!from->config.mlm && !job->common->quiet)
		note("masked-LM head: drawn anew");
	if (job->teacher != NULL)
		open_teacher(t);
	read_texts(t);
	send_text(&t->text);
	send_text(&t->dev_text);
	t->masked = mask(t, &t->text);
	if (job->dev != NULL)
		t->dev = mask(t, &t->dev_text);
	identify(t, from);
	loop_count(&t->loop,
	    (masked_sequences(t->masked) + (size_t)r->batch_size - 1) /
		(size_t)r->batch_size);
	config_free(&c);
	model_close(from);
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

/* --- what masked-LM training is to the loop --- */

static void
lay_out(struct loop *l, size_t epoch)
{
	struct pretrainer *t = l->self;

	t->epoch = epoch;
	masked_order(t->masked, t->order, epoch);
}

static void
begin(struct loop *l, const struct loop_update *u)
{
	struct pretrainer *t = l->self;

	t->now = *u;
	t->hard = 1;
	t->soft = 0;
	if (t->teacher.m != NULL)
		mix_weights(
		    &t->recipe->mix, u->step, u->total, &t->hard, &t->soft);
}

static struct batch *
fill(struct loop *l, size_t k)
{
	struct pretrainer *t = l->self;
	size_t size = (size_t)t->recipe->batch_size, first = k * size;
	size_t left = masked_sequences(t->masked) - first;

	masked_fill(&t->whole, t->masked, t->order + first,
	    left < size ? left : size, t->epoch);
	t->asked = (double)mlm_asked(t->whole.want, t->whole.reads);
	t->rows = (double)t->whole.b.rows;
	t->batch = &t->whole;
	return &t->whole.b;
}

static void
take(struct loop *l, size_t first, size_t count)
{
	struct pretrainer *t = l->self;

	masked_take(&t->part, &t->whole, first, count);
	t->batch = &t->part;
}

static void
pass(struct loop *l, struct loss_sum *sum)
{
	struct pretrainer *t = l->self;
	const struct recipe *r = t->recipe;
	const struct masked_batch *b = t->batch;
	struct encoder_dropout dropout = { (uint64_t)r->seed, t->now.step,
		r->dropout, r->dropout };
	struct encoder_reads reads = reads_of(b);
	struct mlm_rule rule = { t->hard, t->soft, r->temperature,
		t->asked / t->now.share };
	const real *taught = NULL;
	struct mlm_sum mlm = { 0 };
	size_t right = 0;
	double next = 0;

	if (b->b.rows == 0)
		return;
	reserve(t, b);
	encoder_forward(l->encoder, &b->b, &reads, &dropout);
	if (t->teacher.m != NULL) {
		encoder_forward(t->teacher.encoder, &b->b, &reads, NULL);
		taught = encoder_hidden(t->teacher.encoder);
	}
	mlm_pass(t->student.head, &mlm, t->dhidden, l->grad,
	    encoder_hidden(l->encoder), b->want, b->reads, &rule,
	    t->teacher.head, taught);
	if (r->next_sentence)
		next = mlm_next_pass(t->student.m, t->dpooled, l->grad,
		    encoder_pooled(l->encoder), b->apart, b->b.rows,
		    t->rows / t->now.share, &right);
	encoder_backward(l->encoder, l->grad,
	    r->next_sentence ? t->dpooled : NULL, t->dhidden);
	sum->loss += t->hard * mlm.hard + t->soft * mlm.soft + next;
	sum->hard += mlm.hard;
	sum->soft += mlm.soft;
}

static void
put_tasks(const struct loop *l, struct buf *b)
{
	(void)l;
	buf_text(b, "mlm");
}

static void
put_metric(const struct loop *l, const char *metric, double value, double n)
{
	char text[NUM_TEXT];

	if (l->run.dev == NULL)
		return;
	num_put(text, value);
	fprintf(l->run.dev, "%zu\t%zu\t%s\t%s\t%.0f\n", l->run.state.updates,
	    l->run.state.tokens, metric, text, n);
}

/* What the held-out text comes to, in sums that processes can share. */
struct outcome {
	double loss, right, asked, next_right;
};

static void
sum_outcomes(struct outcome *out)
{
	double all[] = { out->loss, out->right, out->asked, out->next_right };

	process_sum(all, sizeof(all) / sizeof(all[0]));
	*out = (struct outcome){ all[0], all[1], all[2], all[3] };
}

/* Sequences [first, first + n) of the held-out text. */
static void
evaluate_batch(
    struct pretrainer *t, struct outcome *out, const size_t *order, size_t n)
{
	struct mlm_rule rule = { 1, 0, 1, 1 };
	struct encoder *judge = t->loop.judge;
	struct mlm_sum sum = { .hard = out->loss };
	struct masked_batch *b = &t->whole;
	struct encoder_reads reads;
	size_t right = 0;

	masked_fill(b, t->dev, order, n, 0);
	reads = reads_of(b);
	encoder_forward(judge, &b->b, &reads, NULL);
	mlm_pass(t->student.head, &sum, NULL, NULL, encoder_hidden(judge),
	    b->want, b->reads, &rule, NULL, NULL);
	if (t->recipe->next_sentence)
		mlm_next_pass(t->student.m, NULL, NULL, encoder_pooled(judge),
		    b->apart, b->b.rows, 1, &right);
	*out = (struct outcome){ sum.hard, out->right + (double)sum.right,
		out->asked + (double)sum.asked,
		out->next_right + (double)right };
}

/* The held-out text, masked as in epoch 0 of its own. */
static double
evaluate(struct loop *l)
{
	struct pretrainer *t = l->self;
	size_t n = masked_sequences(t->dev),
	       size = (size_t)t->recipe->batch_size;
	size_t *order = mem_alloc(n, sizeof(*order));
	struct outcome out = { 0 };

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = process_rank() * size; i < n;
	     i += process_count() * size)
		evaluate_batch(t, &out, order + i, n - i < size ? n - i : size);
	sum_outcomes(&out);
	out.loss /= out.asked;
	put_metric(l, "loss", out.loss, out.asked);
	put_metric(l, "perplexity", exp(out.loss), out.asked);
	put_metric(l, "accuracy", out.right / out.asked, out.asked);
	if (t->recipe->next_sentence)
		put_metric(
		    l, "next_sentence", out.next_right / (double)n, (double)n);
	free(order);
	return -out.loss;
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
	double share = (double)t->loop.total / (double)t->loop.per_epoch;
	struct cost cost = { .updates = t->loop.total,
		.per_epoch = t->loop.per_epoch,
		.rows = rows,
		.tokens = tokens * share,
		.flops =
		    (cost_token_flops(c, length) + decoder) * tokens * share,
		.bytes = memory(t, (size_t)ceil(length)) };

	fputs(t->recipe->text, stdout);
	cost_report(t->student.m, &cost);
}

static void
start(struct pretrainer *t)
{
	t->order = mem_alloc(masked_sequences(t->masked), sizeof(*t->order));
	t->student.head = mlm_new(t->student.m);
	t->loop.m = t->student.m;
	t->loop.soft = t->teacher.m != NULL;
	loop_start(&t->loop);
}

void
pretrain_run(const struct pretrain_job *job)
{
	const struct trainer trainer = { lay_out, begin, fill, take, pass,
		put_tasks, NULL, job->dev != NULL ? evaluate : NULL };
	struct pretrainer t = { .job = job, .recipe = &job->common->recipe };

	loop_begin(&t.loop, job->common, &trainer, &t,
	    "#mtkd mlm-dev 1\nstep\ttokens\tmetric\tvalue\tn\n");
	prepare(&t);
	if (!job->common->dry_run) {
		start(&t);
		loop_run(&t.loop, (size_t)t.recipe->evaluate_every);
	} else if (process_rank() == 0) {
		show_cost(&t);
	}
}
