#include "predict/serve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "corpus/example.h"
#include "corpus/tokenizer.h"
#include "data/id.h"
#include "data/sequence.h"
#include "predict/predict.h"
#include "predict/reply.h"

/* A row that waits for its answer. */
struct waiting {
	size_t line, id_size;
	bool bad; /* else it is the next row of the batch */
};

struct server {
	const struct model *m;
	const struct serve_options *options;
	const char *path;    /* of the input, for messages */
	const char *unsound; /* a parameter that is not finite, or NULL */
	struct tokenizer *tokenizer;
	struct tokenizer_ids a, b;
	struct sequence sequence;
	struct sequence_form form;
	struct encoder *encoder;
	struct answer *answer;
	struct batch batch;
	struct reply reply;
	struct id_set seen; /* all ids so far */
	struct waiting *waiting;
	size_t count, room;
	struct buf ids; /* of those that wait, one after the other */
	struct buf why; /* what is wrong with a row */
	float *out;	/* [ROWS, outputs] */
	size_t cut, bad;
};

/* Answered together at most: more would wait for each other. */
enum { ROWS = 64, TOKENS = 2048, WAITING = 1024 };

/* Tell what is wrong with a row; all rows before it have their answers. */
static void
blame(struct server *s, size_t line)
{
	const char *why = buf_string(&s->why);

	s->bad++;
	if (s->options->strict)
		die_at(s->path, line, "%s", why);
	note("%s:%zu: %s", s->path, line, why);
}

/* Answers leave at once. */
static void
flush(struct server *s)
{
	if (fflush(s->reply.out) != 0)
		die("output:");
}

static bool
is_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

/* Answer the rows that wait. */
static void
answer(struct server *s)
{
	const char *id = s->ids.data;
	size_t C = s->reply.head->outputs;
	const float *out = s->out;

	if (s->batch.rows > 0)
		predict_batch(s->out, s->m, s->encoder, s->answer, &s->batch,
		    s->options->head);
	for (size_t i = 0; i < s->count; id += s->waiting[i++].id_size) {
		const struct waiting *w = &s->waiting[i];

		if (!w->bad && is_finite(out, C)) {
			reply_row(&s->reply, id, w->id_size, out, NULL);
		} else {
			if (!w->bad) {
				flush(s);
				buf_clear(&s->why);
				buf_text(&s->why,
				    "the answer is not a finite number");
				blame(s, w->line);
			}
			reply_none(&s->reply, id, w->id_size);
		}
		out += w->bad ? 0 : C;
	}
	flush(s);
	batch_clear(&s->batch);
	buf_clear(&s->ids);
	s->count = 0;
}

/* --- reading --- */

static struct sequence_text
tokenize(struct server *s, struct tokenizer_ids *ids,
    const struct example_text *text)
{
	ids->count = 0;
	tokenizer_encode(s->tokenizer, text->at, text->size, ids);
	return (struct sequence_text){ ids->id, ids->count, ids->room };
}

/* The row's tokens; false, and why, if the model cannot read them. */
static bool
build(struct server *s, const struct example *e)
{
	struct sequence_text a = tokenize(s, &s->a, &e->text_a), b;
	bool pair = e->text_b.at != NULL;

	if (pair)
		b = tokenize(s, &s->b, &e->text_b);
	sequence_build(&s->sequence, &a, pair ? &b : NULL, &s->form);
	return model_embeds(s->m, s->sequence.token, s->sequence.count,
	    s->sequence.segment_a, &s->why);
}

static void
add_row(struct server *s)
{
	s->cut += s->sequence.truncated;
	batch_add(&s->batch, s->sequence.token, s->sequence.count,
	    s->sequence.segment_a);
	s->batch.reversed[s->batch.rows - 1] = s->options->reversed;
}

/* The id that a row goes by is added to those that wait; returns its size. */
static size_t
take_id(struct server *s, const struct example *e)
{
	const char *id = e->id.at, *problem = NULL;
	size_t n = e->id.size, before = s->ids.size;

	if (id != NULL)
		problem = id_problem(id, n);
	if (id != NULL && problem == NULL && id_set_add(&s->seen, id, n)) {
		buf_add(&s->ids, id, n);
		return n;
	}
	if (s->why.size == 0 && problem != NULL)
		buf_text(&s->why, problem);
	else if (s->why.size == 0)
		buf_print(&s->why, "id '%.*s' stands twice", (int)n, id);
	buf_print(&s->ids, "line:%zu", e->line);
	for (size_t i = 2;
	     !id_set_add(&s->seen, s->ids.data + before, s->ids.size - before);
	     i++) {
		s->ids.size = before;
		buf_print(&s->ids, "line:%zu:%zu", e->line, i);
	}
	return s->ids.size - before;
}

static void
take(struct server *s, const struct example *e)
{
	struct waiting w = { .line = e->line };

	buf_clear(&s->why);
	if (e->fault != NULL)
		buf_text(&s->why, e->fault);
	w.id_size = take_id(s, e);
	if (s->why.size == 0 && s->unsound != NULL)
		buf_print(&s->why,
		    "no finite answer: tensor '%s' of the model holds a NaN or "
		    "an infinity",
		    s->unsound);
	w.bad = s->why.size > 0 || !build(s, e);
	if (w.bad && s->options->strict)
		answer(s);
	if (w.bad)
		blame(s, w.line);
	else
		add_row(s);
	s->waiting = mem_grow(s->waiting, &s->room, s->count + 1, sizeof(w));
	s->waiting[s->count++] = w;
}

static void
start(struct server *s, const struct vocab *v, const struct example_table *t)
{
	const struct head *h = s->reply.head;

	if (h->labels.type == TASK_RANKING)
		die("head '%s' ranks: its rows must come as a pack", h->name);
	if (h->kind == HEAD_SAN && !example_has_text_b(t))
		die_at(s->path, tsv_line(example_tsv(t)),
		    "no column 'text_b', but head '%s' is of kind san, which "
		    "compares two texts",
		    h->name);
	reply_check(&s->reply);
	s->unsound = predict_unsound(s->m, (int)s->options->head);
	s->tokenizer = tokenizer_new(v);
	s->form = (struct sequence_form){ v->special[VOCAB_CLS],
		v->special[VOCAB_SEP], s->options->max_length,
		s->options->reversed };
	s->encoder = encoder_new(s->m, false, false);
	s->answer = answer_new(s->m);
	s->out = mem_alloc(ROWS, h->outputs * sizeof(*s->out));
	batch_clear(&s->batch);
}

static void
stop(struct server *s)
{
	encoder_free(s->encoder);
	answer_free(s->answer);
	tokenizer_free(s->tokenizer);
	batch_free(&s->batch);
	id_set_free(&s->seen);
	free(s->waiting);
	free(s->sequence.token);
	free(s->a.id);
	free(s->b.id);
	free(s->out);
	buf_free(&s->ids);
	buf_free(&s->why);
}

size_t
serve_examples(FILE *out, const struct model *m, const char *path,
    const struct serve_options *options)
{
	const struct head *h = &m->config.head[options->head];
	struct example_table *t = example_open(path, "examples");
	const char *split = tsv_meta(example_tsv(t), "split");
	struct vocab *v = vocab_read(m->path, m->cased);
	struct server s = { .m = m,
		.options = options,
		.path = file_name(path),
		.reply = { out, h, options->label } };
	struct example e;
	size_t rows = 0;

	start(&s, v, t);
	example_forgive(t, options->replace);
	reply_head(&s.reply, h->name, split != NULL ? split : "test");
	flush(&s);
	for (; example_next(t, &e); rows++) {
		take(&s, &e);
		if (s.batch.rows == ROWS || s.batch.tokens >= TOKENS ||
		    s.count == WAITING || !example_ready(t))
			answer(&s);
	}
	answer(&s);
	if (s.cut > 0)
		note("%zu rows cut to %zu tokens", s.cut, options->max_length);
	if (tsv_replaced(example_tsv(t)) > 0)
		note("%s: %zu times invalid UTF-8 was replaced", s.path,
		    tsv_replaced(example_tsv(t)));
	if (s.bad > 0)
		note("%s: %zu of %zu rows were not answered", s.path, s.bad,
		    rows);
	example_close(t);
	vocab_free(v);
	stop(&s);
	return s.bad;
}
