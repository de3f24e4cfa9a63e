#include "optim/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "corpus/example.h"
#include "corpus/tokenizer.h"
#include "data/pred.h"
#include "data/sequence.h"
#include "metric/metric.h"
#include "optim/predict.h"

struct server {
	const struct model *m;
	const struct head *head;
	const struct serve_options *options;
	struct tokenizer *tokenizer;
	struct tokenizer_ids a, b;
	struct sequence sequence;
	struct sequence_form form;
	struct encoder *encoder;
	struct batch batch;
	float *out; /* [outputs] */
	size_t cut;
};

static struct sequence_text
tokenize(struct server *s, struct tokenizer_ids *ids,
    const struct example_text *text)
{
	ids->count = 0;
	tokenizer_encode(s->tokenizer, text->at, text->size, ids);
	return (struct sequence_text){ ids->id, ids->count, ids->room };
}

static void
answer(struct server *s, const struct example *e)
{
	struct sequence_text a = tokenize(s, &s->a, &e->text_a), b;
	bool pair = e->text_b.at != NULL;

	if (pair)
		b = tokenize(s, &s->b, &e->text_b);
	sequence_build(&s->sequence, &a, pair ? &b : NULL, &s->form);
	s->cut += s->sequence.truncated;
	batch_clear(&s->batch);
	batch_add(&s->batch, s->sequence.token, s->sequence.count,
	    s->sequence.split);
	s->batch.reversed[0] = s->options->reversed;
	predict_batch(s->out, s->m, s->encoder, &s->batch, s->options->head);
	if (!s->options->label) {
		pred_write_row(stdout, e->id.at, e->id.size, s->out,
		    s->head->outputs, NULL);
		return;
	}
	fwrite(e->id.at, 1, e->id.size, stdout);
	printf("\t%s\n",
	    s->head->labels[metric_argmax(s->out, s->head->outputs)]);
}

void
serve_examples(const struct model *m, const char *path,
    const struct serve_options *options)
{
	const struct head *h = &m->config.head[options->head];
	struct example_table *t = example_open(path, "examples");
	const char *split = tsv_meta(example_tsv(t), "split");
	const char *score = "score";
	struct vocab *v = vocab_read(m->path, m->cased);
	struct server s = { .m = m, .head = h, .options = options };
	struct example e;

	if (h->type == TASK_RANKING)
		die("head '%s' ranks: its rows must come as a pack", h->name);
	if (options->label && h->type != TASK_CLASSIFICATION)
		die("head '%s' gives scores: it has no labels", h->name);
	s.tokenizer = tokenizer_new(v);
	s.form = (struct sequence_form){ v->special[VOCAB_CLS],
		v->special[VOCAB_SEP], options->max_length,
		options->reversed };
	s.encoder = encoder_new(m, false, false);
	s.out = mem_alloc(h->outputs, sizeof(*s.out));
	if (options->label)
		printf("id\tlabel\n");
	else
		pred_write_head(stdout, h->name,
		    split != NULL ? split : "test", h->type, 1, h->outputs,
		    h->type == TASK_CLASSIFICATION
			? (const char *const *)h->labels
			: &score);
	while (fflush(stdout), example_next(t, &e))
		answer(&s, &e);
	if (s.cut > 0)
		note("%zu rows cut to %zu tokens", s.cut,
		    options->max_length);
	example_close(t);
	encoder_free(s.encoder);
	tokenizer_free(s.tokenizer);
	vocab_free(v);
	batch_free(&s.batch);
	free(s.sequence.token);
	free(s.a.id);
	free(s.b.id);
	free(s.out);
}
