/* mt-predict: a model's answers for a pack, or for examples on stdin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/thread.h"
#include "data/pack.h"
#include "data/sequence.h"
#include "model/finite.h"
#include "predict/predict.h"
#include "predict/replypack.h"
#include "predict/serve.h"
#include "predict/states.h"

struct settings {
	const char *model, *head, *out;
	struct input_options input;
	struct reply_form form;
	bool quiet, progress, strict;
	long long threads, max_length;
	int order, hidden, matmul;
	bool attention, normalize;
};

static void
predict(const struct model *m, const struct settings *s, const char *path)
{
	struct pack *p = pack_open(path);
	size_t head = predict_head(m, p, s->head);
	const struct head *h = &m->config.head[head];
	struct encoder *e = encoder_new(m, false, false);
	float *value = mem_alloc(p->rows, h->outputs * sizeof(*value));
	struct progress progress =
	    progress_start("rows", 0, p->rows, s->progress, s->quiet);
	struct reply_pack *to = reply_pack_new(h, &s->form, s->input.keep, p);
	struct file_out *out;

	model_match(m, p);
	predict_refuse_nonfinite(m, p, (int)head);
	predict_pack(value, m, e, p, head, &progress);
	progress_stop(&progress);
	out = file_write(s->out);
	reply_pack_write(to, out->stream, value);
	file_commit(out);
	reply_pack_free(to);
	free(value);
	encoder_free(e);
	pack_close(p);
}

/* Vectors have no labels, and not every kind has a length to divide by. */
static void
check_vectors(const struct settings *s)
{
	enum states_kind kind = (enum states_kind)s->hidden;

	if (s->normalize && (s->attention || !states_are_vectors(kind)))
		die_usage("--normalize: needs --hidden pooled or mean");
	if ((kind != STATES_NONE || s->attention) && s->form.label)
		die_usage("--hidden, --attention: there are no answers to give "
			  "labels");
}

/* The encoder's vectors or maps instead of a head's answers. */
static void
look_inside(const struct model *m, const struct settings *s, const char *path)
{
	struct pack *p;

	if (s->attention && s->hidden != STATES_NONE)
		die_usage("--hidden, --attention: one of them");
	if (s->out == NULL)
		die_usage("--hidden, --attention: of a pack they need -o FILE");
	if (s->form.json || s->input.with_text || s->input.keep != NULL)
		die_usage("--hidden, --attention: there are no answers to give "
			  "a form where a pack is read");
	p = pack_open(path);
	model_match(m, p);
	predict_refuse_nonfinite(m, p, -1);
	states_write(s->out, m, p,
	    s->attention ? STATES_ATTENTION : (enum states_kind)s->hidden,
	    s->normalize);
	pack_close(p);
}

/* False if some rows were not answered. */
static bool
serve(const struct model *m, const struct settings *s, const char *path)
{
	struct serve_options o = { .max_length = (size_t)s->max_length,
		.any_task = s->head != NULL,
		.reversed = s->order == 1,
		.strict = s->strict,
		.vectors = (enum states_kind)s->hidden,
		.normalize = s->normalize,
		.input = s->input,
		.form = s->form };
	struct file_out *out;
	size_t bad;

	if (s->hidden == STATES_NONE)
		o.head =
		    s->head != NULL ? predict_served(m, s->head) : SERVE_TOLD;
	if (o.max_length > m->config.positions)
		o.max_length = m->config.positions;
	out = file_write(s->out);
	o.output = file_out_name(out);
	bad = serve_examples(out->stream, m, path, &o);
	file_commit(out);
	return bad == 0;
}

/* Answers of one kind or another to what path names; false if some lack. */
static bool
answer(const struct model *m, const struct settings *s, const char *path)
{
	if (s->input.lines && s->input.keep != NULL)
		die_usage("--keep: plain lines have no columns");
	if (s->input.lines || strcmp(path, "-") == 0) {
		if (s->attention || s->hidden == STATES_TOKENS)
			die_usage("--hidden tokens, --attention: what is read "
				  "is a pack");
		return serve(m, s, path);
	}
	if (s->hidden != STATES_NONE || s->attention) {
		look_inside(m, s, path);
		return true;
	}
	if (s->input.with_text)
		die_usage("--with-text: no texts are in a pack, which is what "
			  "%s is taken for; examples are read from '-', plain "
			  "text with --lines",
		    path);
	predict(m, s, path);
	return true;
}

/* As the weights are stored, or in float32, if nothing else is asked. */
static void
multiply(struct model *m, int asked)
{
	if (asked == PRODUCT_AUTO && m->stored == PRODUCT_FLOAT32)
		asked = (int)product_auto();
	if (asked < 0 || asked == PRODUCT_AUTO || asked == (int)m->stored)
		return;
	model_multiply(m, (enum product_numbers)asked);
	model_check_finite(m, m->path);
}

int
main(int argc, char **argv)
{
	struct settings s = {
		.max_length = 512, .form.threshold = -1, .matmul = -1
	};
	struct opt table[] = {
		{ "model", 'm', OPT_READ, "MODEL", 0, 0, &s.model,
		    "the model that answers", false },
		{ "head", 't', OPT_STRING, "HEAD", 0, 0, &s.head,
		    "the task whose head answers [the pack's]", false },
		{ "label", 0, OPT_FLAG, NULL, 0, 0, &s.form.label,
		    "print the likeliest label, not numbers", false },
		{ "probability", 0, OPT_FLAG, NULL, 0, 0, &s.form.probability,
		    "and its probability", false },
		{ "top", 0, OPT_INT, "K", 1, 65536, &s.form.top,
		    "the K likeliest, with probabilities", false },
		{ "threshold", 0, OPT_REAL, "T", 0, 1, &s.form.threshold,
		    "no label of less probability", false },
		{ "json", 0, OPT_FLAG, NULL, 0, 0, &s.form.json,
		    "a JSON object a row", false },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &s.out,
		    "write there instead of stdout", false },
		{ "lines", 0, OPT_FLAG, NULL, 0, 0, &s.input.lines,
		    "plain text on stdin, one a line", false },
		{ "with-text", 0, OPT_FLAG, NULL, 0, 0, &s.input.with_text,
		    "with '-': carry the texts along", false },
		{ "keep", 0, OPT_STRING, "COLUMN,...", 0, 0, &s.input.keep,
		    "carry these columns along", false },
		{ "max-length", 'L', OPT_INT, "N", 4, 65536, &s.max_length,
		    "with '-': longer rows are cut", false },
		{ "order", 0, OPT_WORD, sequence_orders, 0, 0, &s.order,
		    "with '-': which text stands first", false },
		{ "replace-invalid", 0, OPT_FLAG, NULL, 0, 0, &s.input.replace,
		    "with '-': put U+FFFD where bytes are not UTF-8", false },
		{ "strict", 0, OPT_FLAG, NULL, 0, 0, &s.strict,
		    "with '-': end at the first bad row", false },
		{ "hidden", 0, OPT_WORD, states_kinds, 0, 0, &s.hidden,
		    "write the encoder's vectors, a tensor file", false },
		{ "normalize", 0, OPT_FLAG, NULL, 0, 0, &s.normalize,
		    "with vectors: divide them by their length", false },
		{ "attention", 0, OPT_FLAG, NULL, 0, 0, &s.attention,
		    "write the attention maps, a tensor file", false },
		{ "matmul", 0, OPT_WORD, product_names, 0, 0, &s.matmul,
		    "numbers of matrix products", false },
		{ "threads", 0, OPT_INT, "N", 0, 1024, &s.threads,
		    "0: the CPUs allowed", false },
		{ "quiet", 'q', OPT_FLAG, NULL, 0, 0, &s.quiet, "no progress",
		    false },
		{ "progress", 0, OPT_FLAG, NULL, 0, 0, &s.progress,
		    "progress also where stderr is no terminal", false },
	};
	const struct opt_program program = { "a model's answers for a pack, "
					     "or for examples on stdin",
		"-m MODEL [-t HEAD] [--label] "
		"[-o FILE] PACK|-|--lines",
		table, sizeof(table) / sizeof(table[0]), 0, 1 };
	struct model *m;
	const char *path;
	bool all;

	die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
	thread_settle(argv);
	model_version(argc, argv);
	path = opt_parse(&program, argc, argv) > 0 ? argv[1]
	       : s.input.lines			   ? "-"
						   : NULL;
	if (s.form.probability || s.form.top > 0 || s.form.threshold >= 0)
		s.form.label = true;
	check_vectors(&s);
	if (path == NULL)
		die_usage("needs PACK, or - or --lines for stdin");
	if (s.model == NULL)
		die_usage("needs -m MODEL");
	thread_use((int)s.threads);
	m = model_open_packed(s.model, false);
	multiply(m, s.matmul);
	all = answer(m, &s, path);
	model_close(m);
	file_finish();
	return all ? 0 : 1;
}
