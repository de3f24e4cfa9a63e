#include "train/pretrain.h"

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
#include "layer/embed.h"
#include "model/finite.h"
#include "net/encoder.h"
#include "net/mlm.h"
#include "train/pretrainer.h"

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
		warn("%s: %zu of its %zu document%s are trained on, too, or "
		     "stand in it twice",
		    file_name(t->job->dev), shared, dev->count,
		    num_s(dev->count));
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
		warn(
		    "%llu of %llu word%s are [UNK]: is %s of another language?",
		    words.unknown, words.words, num_s(words.words),
		    t->loop.job->init);
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
		die("sequences of %zu token%s, expected at least 8",
		    options.max_length, num_s(options.max_length));
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
		die("%s: %zu piece%s in vocab.txt, but config.json says %zu",
		    m->path, t->vocab->size, num_s(t->vocab->size),
		    m->config.vocab);
	if (t->recipe->next_sentence && m->config.types == 1)
		die("%s: next-sentence needs two segments, but the model has "
		    "one",
		    m->path);
}

static void
open_teacher(struct pretrainer *t, const struct model *from)
{
	struct model *m;

	t->teach = teach_open(t->recipe, from, &t->job->teacher, 1);
	m = teach_model(t->teach);
	need_embeddings(t, m);
	if (t->answers && !m->config.mlm)
		die("%s: has no masked-LM head to teach with; with --mask 0 "
		    "none is needed",
		    m->path);
	if ((size_t)t->recipe->max_length > m->config.positions)
		die("%s: has %zu position%s, but sequences have up to %lld",
		    m->path, m->config.positions, num_s(m->config.positions),
		    t->recipe->max_length);
	t->teacher.m = m;
	if (!t->inside)
		t->teacher.encoder = encoder_new(m, false, false);
	if (t->answers)
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
	t->answers = r->mask > 0;
	t->inside = teach_compares(r);
	t->vocab = vocab_read(job->common->init, false);
	need_embeddings(t, from);
	config_copy(&c, &from->config, false);
	c.mlm = t->answers;
	c.next_sentence = r->next_sentence;
	if (job->teacher != NULL)
		open_teacher(t, from);
	if (t->inside)
		teach_project(t->teach, &c);
	t->student.m = model_extend(from, &c, false, (uint64_t)r->seed, &fresh);
	model_multiply(t->student.m, (enum product_numbers)r->matmul);
	if (t->inside)
		teach_start(t->teach, t->student.m);
	if (t->answers && !from->config.mlm && !job->common->quiet)
		note("masked-LM head: drawn anew");
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
	t->tokens = (double)t->whole.b.tokens;
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

/* The masked-LM heads: dhidden [Q,H] is what the student's states get. */
static void
fill_in(struct pretrainer *t, struct loss_sum *sum)
{
	const struct masked_batch *b = t->batch;
	double weight = t->recipe->answer_weight;
	struct mlm_rule rule = { t->hard * weight, t->soft * weight,
		t->recipe->temperature, t->asked / t->now.share };
	const struct encoder *its =
	    t->inside ? teach_encoder(t->teach) : t->teacher.encoder;
	const real *taught = NULL, *mine = pretrainer_states(t, t->loop.encoder,
				       t->student.m, &t->mine, &t->mine_room);
	struct mlm_sum mlm = { 0 };

	if (t->teacher.m != NULL)
		taught = pretrainer_states(
		    t, its, t->teacher.m, &t->its, &t->its_room);
	mlm_pass(t->student.head, &mlm, t->dhidden, t->loop.grad, mine, b->want,
	    b->reads, &rule, t->teacher.head, taught);
	sum->loss += rule.hard_weight * mlm.hard + rule.soft_weight * mlm.soft;
	sum->hard += mlm.hard;
	sum->soft += mlm.soft;
}

/* That of the states the encoder was read at, or NULL: 0. */
static const real *
gradient_of_states(struct pretrainer *t)
{
	const struct masked_batch *b = t->batch;
	size_t H = t->student.m->config.hidden, n = b->b.tokens * H;

	if (!t->answers)
		return NULL;
	if (!t->inside)
		return t->dhidden;
	t->dall = mem_grow(t->dall, &t->all_room, n, sizeof(*t->dall));
	memset(t->dall, 0, n * sizeof(*t->dall));
	embed_scatter_add(t->dall, t->dhidden, b->token, b->reads, H);
	return t->dall;
}

static void
pass(struct loop *l, struct loss_sum *sum)
{
	struct pretrainer *t = l->self;
	const struct recipe *r = t->recipe;
	const struct masked_batch *b = t->batch;
	struct encoder_dropout dropout = { (uint64_t)r->seed, t->now.step,
		r->dropout, r->dropout };
	struct encoder_reads reads = pretrainer_reads(b);
	double weight = r->answer_weight, next = 0;
	size_t right = 0;

	if (b->b.rows == 0)
		return;
	reserve(t, b);
	if (t->inside) {
		teach_begin(t->teach, l->encoder, &b->b);
		encoder_forward(l->encoder, &b->b, NULL, &dropout);
		teach_pass(
		    t->teach, sum, l->grad, &b->b, t->tokens / t->now.share);
	} else {
		encoder_forward(l->encoder, &b->b, &reads, &dropout);
		if (t->teacher.m != NULL)
			encoder_forward(
			    t->teacher.encoder, &b->b, &reads, NULL);
	}
	if (t->answers)
		fill_in(t, sum);
	if (r->next_sentence)
		next = mlm_next_pass(t->student.m, t->dpooled, l->grad,
		    encoder_pooled(l->encoder), b->apart, b->b.rows,
		    t->rows / (t->now.share * weight), &right);
	sum->loss += next;
	encoder_backward(l->encoder, l->grad,
	    r->next_sentence ? t->dpooled : NULL, gradient_of_states(t));
}

static void
put_tasks(const struct loop *l, struct buf *b)
{
	(void)l;
	buf_text(b, "mlm");
}

static void
start(struct pretrainer *t)
{
	t->order = mem_alloc(masked_sequences(t->masked), sizeof(*t->order));
	if (t->answers)
		t->student.head = mlm_new(t->student.m);
	t->loop.m = t->student.m;
	t->loop.soft = t->teacher.m != NULL && t->answers;
	t->loop.feature = t->inside;
	loop_start(&t->loop);
}

void
pretrain_run(const struct pretrain_job *job)
{
	const struct trainer trainer = { lay_out, begin, fill, take, pass,
		put_tasks, NULL,
		job->dev != NULL ? pretrainer_evaluate : NULL };
	struct pretrainer t = { .job = job, .recipe = &job->common->recipe };

	loop_begin(&t.loop, job->common, &trainer, &t,
	    "#mtkd mlm-dev 1\nstep\ttokens\tmetric\tvalue\tn\n");
	prepare(&t);
	if (!job->common->dry_run) {
		start(&t);
		loop_run(&t.loop, (size_t)t.recipe->evaluate_every);
	} else if (process_rank() == 0) {
		pretrainer_cost(&t);
	}
}
