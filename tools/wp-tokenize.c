/*
 * wp-tokenize: texts become ids of word pieces, as a filter.
 *
 * What a text becomes is corpus/tokenizer.h's; how a stream is cut and put
 * together again is corpus/tokenstream.h's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/thread.h"
#include "corpus/tokenstream.h"

struct options {
	const char *vocab, *out, *path;
	bool cased;
	long long threads;
	struct tokenstream_settings stream;
};

static void
parse(struct options *o, int argc, char **argv)
{
	struct opt table[] = {
		{ "vocab", 'v', OPT_READ, "VOCAB|MODEL", 0, 0, &o->vocab,
		    "vocab.txt, tokenizer.json or a model", false },
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &o->cased,
		    "keep case and accents", false },
		{ "lines", 0, OPT_FLAG, NULL, 0, 0, &o->stream.lines,
		    "one text a line, no table", false },
		{ "pieces", 0, OPT_FLAG, NULL, 0, 0, &o->stream.pieces,
		    "with --lines: print pieces, not ids", false },
		{ "replace-invalid", 0, OPT_FLAG, NULL, 0, 0,
		    &o->stream.replace, "put U+FFFD where bytes are not UTF-8",
		    false },
		{ "threads", 'j', OPT_INT, "N", 1, 1024, &o->threads,
		    "use N threads", false },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &o->out,
		    "write there instead of to stdout", false },
	};
	struct opt_program program = { "texts become ids of word pieces",
		"-v VOCAB|MODEL [--cased] [--lines [--pieces]] [options] "
		"[FILE]",
		table, sizeof(table) / sizeof(table[0]), 0, 1 };

	o->path = opt_parse(&program, argc, argv) > 0 ? argv[1] : "-";
	if (o->vocab == NULL)
		die_usage("-v: which vocabulary or model is it?");
	if (o->stream.pieces && !o->stream.lines)
		die_usage("--pieces: only with --lines");
	o->stream.threads = (int)o->threads;
}

static void
report(const struct options *o, const struct tokenstream_count *count)
{
	const struct tokenizer_count *w = &count->words;

	if (count->replaced > 0)
		note("%s: %llu time%s invalid UTF-8 was replaced",
		    file_name(o->path), count->replaced,
		    num_s(count->replaced));
	if (w->unknown * 10 > w->words)
		warn("%s: %llu of %llu word%s are [UNK]: is %s their "
		     "vocabulary?",
		    file_name(o->path), w->unknown, w->words, num_s(w->words),
		    o->vocab);
}

int
main(int argc, char **argv)
{
	struct options o = { .threads = 1 };
	struct tokenstream_count count;
	struct vocab *vocab;
	struct file_out *out;

	die_program(argv[0]);
	thread_settle(argv);
	parse(&o, argc, argv);
	vocab = vocab_read(o.vocab, o.cased);
	o.stream.vocab = vocab;
	out = file_write(o.out);
	o.stream.output = file_out_name(out);
	count = tokenstream_run(&o.stream, o.path, out->stream);
	file_commit(out);
	report(&o, &count);
	vocab_free(vocab);
	file_finish();
	return 0;
}
