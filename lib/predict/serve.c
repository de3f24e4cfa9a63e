#include "predict/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "corpus/example.h"
#include "corpus/tokenizer.h"
#include "data/sequence.h"
#include "predict/predict.h"
#include "predict/reply.h"

struct server {
	const struct model *m;
	const struct serve_options *options;
	struct tokenizer *tokenizer;
	struct tokenizer_ids a, b;
	struct sequence sequence;
	struct sequence_form form;
	struct encoder *encoder;
	struct answer *answer;
	struct batch batch;
	struct reply reply;
	struct buf ids; /* of the rows in the batch, each ended by '\0' */
	float *out;	/* [ROWS, outputs] */
	size_t cut;
};

/* Answered together at most: more would wait for each other. */
enum { ROWS = 64, TOKENS = 2048 };

static struct sequence_text
tokenize(struct server *s, struct tokenizer_ids *ids,
    const struct example_text *text)
{
	ids->count = 0;
	tokenizer_encode(s->tokenizer, text->at, text->size, ids);
	return (struct sequence_text){ ids->id, ids->count, ids->room };
}

static void
add_row(struct server *s, const struct example *e)
{
	struct sequence_text a = tokenize(s, &s->a, &e->text_a), b;
	bool pair = e->text_b.at != NULL;

	if (pair)
		b = tokenize(s, &s->b, &e->text_b);
	sequence_build(&s->sequence, &a, pair ? &b : NULL, &s->form);
	s->cut += s->sequence.truncated;
	batch_add(
	    &s->batch, s->sequence.token, s->sequence.count, s->sequence.split);
	s->batch.reversed[s->batch.rows - 1] = s->options->reversed;
	buf_add(&s->ids, e->id.at, e->id.size + 1);
}

/* Answer the rows of the batch, and empty it. */
static void
answer(struct server *s)
{
	const char *id = s->ids.data;
	size_t C = s->reply.head->outputs;

	if (s->batch.rows == 0)
		return;
	predict_batch(
	    s->out, s->m, s->encoder, s->answer, &s->batch, s->options->head);
	for (size_t i = 0; i < s->batch.rows; i++, id += strlen(id) + 1)
		reply_row(&s->reply, id, strlen(id), s->out + i * C, NULL);
	fflush(s->reply.out);
	batch_clear(&s->batch);
	buf_clear(&s->ids);
}

void
serve_examples(FILE *out, const struct model *m, const char *path,
    const struct serve_options *options)
{
	const struct head *h = &m->config.head[options->head];
	struct example_table *t = example_open(path, "examples");
	const char *split = tsv_meta(example_tsv(t), "split");
	struct vocab *v = vocab_read(m->path, m->cased);
	struct server s = {
		.m = m, .options = options, .reply = { out, h, options->label }
	};
	struct example e;

	if (h->labels.type == TASK_RANKING)
		die("head '%s' ranks: its rows must come as a pack", h->name);
	reply_check(&s.reply);
	s.tokenizer = tokenizer_new(v);
	s.form = (struct sequence_form){ v->special[VOCAB_CLS],
		v->special[VOCAB_SEP], options->max_length, options->reversed };
	s.encoder = encoder_new(m, false, false);
	s.answer = answer_new(m);
	s.out = mem_alloc(ROWS, h->outputs * sizeof(*s.out));
	batch_clear(&s.batch);
	reply_head(&s.reply, h->name, split != NULL ? split : "test");
	fflush(out);
	while (example_next(t, &e)) {
		add_row(&s, &e);
		if (s.batch.rows == ROWS || s.batch.tokens >= TOKENS ||
		    !example_ready(t))
			answer(&s);
	}
	answer(&s);
	if (s.cut > 0)
		note("%zu rows cut to %zu tokens", s.cut, options->max_length);
	example_close(t);
	encoder_free(s.encoder);
	answer_free(s.answer);
	tokenizer_free(s.tokenizer);
	vocab_free(v);
	batch_free(&s.batch);
	free(s.sequence.token);
	free(s.a.id);
	free(s.b.id);
	free(s.out);
	buf_free(&s.ids);
}
