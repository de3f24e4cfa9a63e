#include "predict/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/task.h"
#include "corpus/tokenizer.h"
#include "data/id.h"
#include "data/sequence.h"
#include "predict/predict.h"
#include "predict/reply.h"

/* A row that waits for its answer: it is held as its id, what is carried along
   and, ended by '\0', what is wrong with it. */
struct waiting {
	size_t line, id_size, carried_size;
	size_t why_size; /* 0: it is the next row of the batch */
};

struct server {
	const struct model *m;
	const struct serve_options *options;
	const char *nonfinite; /* a parameter that is not finite, or NULL */
	struct tokenizer *tokenizer;
	struct tokenizer_ids a, b;
	struct sequence sequence;
	struct sequence_form form;
	struct encoder *encoder;
	struct answer *answer;
	struct batch batch;
	struct input *input;
	FILE *stream;
	struct reply *reply;
	size_t which;
	const struct head *head; /* NULL: it answers with vectors */
	size_t width;		 /* numbers of an answer */
	struct id_set seen;	 /* all ids so far */
	struct waiting *waiting;
	size_t count, room;
	struct buf held; /* those that wait, one after the other */
	struct buf why;	 /* what is wrong with a row */
	float *out;	 /* [ROWS, width] */
	size_t cut, bad;
};

/* Answered together at most: more would wait for each other. */
enum { ROWS = 64, TOKENS = 1024, WAITING = 1024 };

/* Tell what is wrong with a row; all rows before it have their answers. */
static void
blame(struct server *s, size_t line)
{
	const char *why = buf_string(&s->why);

	s->bad++;
	if (s->options->strict)
		die_at(input_path(s->input), line, "%s", why);
	note("%s:%zu: %s", input_path(s->input), line, why);
}

/* Answers leave at once. */
static void
flush(struct server *s)
{
	if (fflush(s->stream) != 0)
		die("%s:", s->options->output);
}

/* A good row of the batch, the nth one, without an answer. */
static void
put_infinite(struct server *s, const struct waiting *w, struct reply_key *key,
    size_t nth)
{
	const size_t *start = s->batch.start + nth;

	flush(s);
	buf_clear(&s->why);
	predict_blame(
	    &s->why, s->m, s->batch.id + start[0], start[1] - start[0]);
	blame(s, w->line);
	reply_none(s->reply, key, buf_string(&s->why));
}

static void
compute(struct server *s)
{
	const struct serve_options *o = s->options;

	if (s->batch.rows == 0)
		return;
	if (s->head == NULL)
		states_vectors(s->out, s->m, s->encoder, &s->batch, o->vectors,
		    o->normalize);
	else
		predict_batch(
		    s->out, s->m, s->encoder, s->answer, &s->batch, s->which);
}

/* Answer the rows that wait. */
static void
answer(struct server *s)
{
	const char *at = s->held.data;
	size_t C = s->width;
	const float *out = s->out;
	size_t nth = 0;

	compute(s);
	for (size_t i = 0; i < s->count; i++) {
		const struct waiting *w = &s->waiting[i];
		struct reply_key key = { at, w->id_size, at + w->id_size,
			w->carried_size };

		at += w->id_size + w->carried_size + w->why_size;
		if (w->why_size > 0) {
			reply_none(s->reply, &key, at - w->why_size);
			continue;
		}
		if (predict_is_finite(out, C))
			reply_row(s->reply, &key, out, NULL);
		else
			put_infinite(s, w, &key, nth);
		nth++;
		out += C;
	}
	flush(s);
	batch_clear(&s->batch);
	buf_clear(&s->held);
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

	if (!pair && s->head != NULL && s->head->kind == HEAD_SAN) {
		buf_print(&s->why,
		    "one text, but head '%s' is of kind san, which compares "
		    "two",
		    s->head->name);
		return false;
	}
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

/*
 * The id that a row goes by is added to what is held; returns its size.
 * Lines have their numbers, which need not be remembered.
 */
static size_t
take_id(struct server *s, const struct example *e)
{
	const char *id = e->id.at, *problem = NULL;
	size_t n = e->id.size, before = s->held.size;
	bool known = s->options->input.lines;

	if (id != NULL && !known)
		problem = id_problem(id, n);
	if (known ||
	    (id != NULL && problem == NULL && id_set_add(&s->seen, id, n))) {
		buf_add(&s->held, id, n);
		return n;
	}
	if (s->why.size == 0 && problem != NULL)
		buf_text(&s->why, problem);
	else if (s->why.size == 0)
		buf_print(&s->why, "id '%.*s' stands twice", (int)n, id);
	buf_print(&s->held, "line:%zu", e->line);
	for (size_t i = 2; !id_set_add(
		 &s->seen, s->held.data + before, s->held.size - before);
	     i++) {
		s->held.size = before;
		buf_print(&s->held, "line:%zu:%zu", e->line, i);
	}
	return s->held.size - before;
}

/* What is carried along is added to what is held; returns its size. */
static size_t
take_carried(struct server *s)
{
	size_t n, before = s->held.size;

	input_carried(s->input, &n);
	for (size_t i = 0; i < n; i++) {
		struct example_text field = input_field(s->input, i);

		reply_carry(s->reply, &s->held, i, field.at, field.size);
	}
	return s->held.size - before;
}

/* Say what is wrong with a row that comes next; returns its size when held. */
static size_t
take_fault(struct server *s, size_t line)
{
	blame(s, line);
	buf_add(&s->held, buf_string(&s->why), s->why.size + 1);
	return s->why.size + 1;
}

/* What is wrong with a row, if anything, stands in why. */
static void
take(struct server *s, const struct example *e)
{
	struct waiting w = { .line = e->line };
	bool good;

	buf_clear(&s->why);
	if (e->fault != NULL)
		buf_text(&s->why, e->fault);
	w.id_size = take_id(s, e);
	w.carried_size = take_carried(s);
	if (s->why.size == 0 && s->nonfinite != NULL)
		buf_print(&s->why,
		    "no finite answer: tensor '%s' of the model holds a NaN or "
		    "an infinity",
		    s->nonfinite);
	good = s->why.size == 0 && build(s, e);
	if (!good && s->options->strict)
		answer(s);
	if (good)
		add_row(s);
	else
		w.why_size = take_fault(s, w.line);
	s->waiting = mem_grow(s->waiting, &s->room, s->count + 1, sizeof(w));
	s->waiting[s->count++] = w;
}

/* The head that a task's rows are for; those of ax are MNLI's.  Owned. */
static char *
head_of_task(const char *name)
{
	struct task *t = task_seek(name, NULL);
	char *head = mem_string(t != NULL ? t->head : name);

	task_free(t);
	return head;
}

static size_t
find_head(const struct server *s)
{
	const char *task = input_task(s->input);
	int told = -1;

	if (s->options->head != SERVE_TOLD)
		return s->options->head;
	if (s->m->config.head_count > 1 && task != NULL) {
		char *head = head_of_task(task);

		told = config_head(&s->m->config, task);
		if (told < 0)
			told = config_head(&s->m->config, head);
		free(head);
	}
	return told >= 0 ? (size_t)told : predict_served(s->m, NULL);
}

/* A head answers the rows of its own task. */
static void
check_task(const struct server *s)
{
	const char *name = input_task(s->input);
	char *head;
	bool same;

	if (name == NULL || s->options->any_task ||
	    strcmp(name, s->head->name) == 0)
		return;
	head = head_of_task(name);
	same = strcmp(head, s->head->name) == 0;
	free(head);
	if (!same)
		die("%s: rows of task %s, but the model's head is that of %s; "
		    "-t %s asks for its answers",
		    input_path(s->input), name, s->head->name, s->head->name);
}

/* A head must be able to answer, line by line, what the input can hold. */
static void
check_head(const struct server *s)
{
	const struct head *h = s->head;

	if (h->labels.type == TASK_RANKING)
		die("head '%s' ranks: its rows must come as a pack", h->name);
	check_task(s);
	if (h->kind == HEAD_SAN && !input_has_text_b(s->input))
		die_at(input_path(s->input), input_line(s->input),
		    "no column 'text_b', but head '%s' is of kind san, which "
		    "compares two texts",
		    h->name);
}

static void
start(struct server *s, const struct vocab *v)
{
	const struct serve_options *o = s->options;
	size_t carried;
	const char *const *column = input_carried(s->input, &carried);

	if (s->head != NULL) {
		check_head(s);
		s->width = s->head->outputs;
		s->reply = reply_new(s->head, &o->form, column, carried);
	} else {
		s->width = s->m->config.hidden;
		s->reply = reply_vectors(s->width, states_name(o->vectors),
		    o->form.json, column, carried);
	}
	s->nonfinite =
	    predict_nonfinite(s->m, s->head != NULL ? (int)s->which : -1);
	s->tokenizer = tokenizer_new(v);
	s->form = (struct sequence_form){ v->special[VOCAB_CLS],
		v->special[VOCAB_SEP], s->options->max_length,
		s->options->reversed };
	s->encoder = encoder_new(s->m, false, false);
	s->answer = answer_new(s->m);
	s->out = mem_alloc(ROWS, s->width * sizeof(*s->out));
	batch_clear(&s->batch);
}

static void
stop(struct server *s)
{
	reply_free(s->reply);
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
	buf_free(&s->held);
	buf_free(&s->why);
}

/* The counts of a whole run. */
static void
tell(const struct server *s, size_t rows)
{
	const char *path = input_path(s->input);

	if (s->cut > 0)
		note("%zu row%s cut to %zu token%s", s->cut, num_s(s->cut),
		    s->options->max_length, num_s(s->options->max_length));
	if (input_replaced(s->input) > 0)
		note("%s: %zu time%s invalid UTF-8 was replaced", path,
		    input_replaced(s->input), num_s(input_replaced(s->input)));
	if (s->bad > 0)
		note("%s: %zu of %zu row%s were not answered", path, s->bad,
		    rows, num_s(rows));
}

size_t
serve_examples(FILE *out, const struct model *m, const char *path,
    const struct serve_options *options)
{
	struct server s = { .m = m,
		.options = options,
		.input = input_open(path, &options->input),
		.stream = out };
	const char *split = input_split(s.input);
	struct vocab *v = vocab_read(m->path, m->cased);
	struct example e;
	size_t rows = 0;

	if (options->vectors == STATES_NONE) {
		s.which = find_head(&s);
		s.head = &m->config.head[s.which];
	}
	start(&s, v);
	reply_head(s.reply, out, s.head != NULL ? s.head->name : NULL,
	    split != NULL ? split : "test");
	flush(&s);
	for (; input_next(s.input, &e); rows++) {
		take(&s, &e);
		if (s.batch.rows == ROWS || s.batch.tokens >= TOKENS ||
		    s.count == WAITING || !input_ready(s.input))
			answer(&s);
	}
	answer(&s);
	tell(&s, rows);
	input_close(s.input);
	vocab_free(v);
	stop(&s);
	return s.bad;
}
