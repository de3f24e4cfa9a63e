/*
 * wp-train: learns a WordPiece vocabulary from plain text.
 *
 * Words are counted first (corpus/wordcount.h), then pieces are learned from
 * the counts (corpus/wplearn.h).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/apart.h"
#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/plain.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/text.h"
#include "corpus/wordcount.h"
#include "corpus/wplearn.h"

struct options {
	const char *out;
	long long size, alphabet, min_count;
	int score;
	bool cased, quiet;
};

static size_t
parse(struct options *o, int argc, char **argv)
{
	struct opt table[] = {
		{ "size", 0, OPT_INT, "N", 6, 1e7, &o->size,
		    "pieces in the vocabulary", false },
		{ "min-count", 0, OPT_INT, "N", 1, 1e15, &o->min_count,
		    "join no pair seen less often", false },
		{ "alphabet", 0, OPT_INT, "N", 1, UNICODE_POINTS, &o->alphabet,
		    "keep the N most frequent characters", false },
		{ "score", 0, OPT_WORD, wplearn_scores, 0, 0, &o->score,
		    "which pair is the best one", false },
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &o->cased,
		    "keep case and accents", false },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &o->out,
		    "write there instead of to stdout", false },
		{ "quiet", 'q', OPT_FLAG, NULL, 0, 0, &o->quiet,
		    "do not report what was learned", false },
	};
	struct opt_program program = { "learns a vocabulary from plain text",
		"[options] [FILE...]", table, sizeof(table) / sizeof(table[0]),
		0, (size_t)argc };

	return opt_parse(&program, argc, argv);
}

static void
count_line(void *words, const char *text, size_t n)
{
	wordcount_add(words, text, n);
}

/* So that no vocabulary of nothing but special pieces is written. */
static _Noreturn void
refuse_no_word(const char *const *file, size_t files)
{
	die("%s: no word to learn from",
	    files > 0 ? text_list(file, files, ", ") : file_name("-"));
}

static void
report(const struct options *o, const struct wplearn_report *r,
    unsigned long long too_long)
{
	if (!o->quiet)
		note("%zu piece%s from %zu distinct word%s of %zu character%s",
		    r->pieces, num_s(r->pieces), r->words, num_s(r->words),
		    r->characters, num_s(r->characters));
	if (too_long > 0)
		note("%llu word%s over 100 characters were left out", too_long,
		    num_s(too_long));
	if (r->left_out > 0)
		note("%zu character%s are beyond the alphabet; %llu word%s "
		     "that hold them were left out",
		    r->left_out, num_s(r->left_out), r->skipped,
		    num_s(r->skipped));
	if (r->pieces < (size_t)o->size)
		warn("%zu piece%s instead of %lld: no other pair was seen %lld "
		     "time%s",
		    r->pieces, num_s(r->pieces), o->size, o->min_count,
		    num_s((unsigned long long)o->min_count));
}

int
main(int argc, char **argv)
{
	struct options o = { .size = 30522,
		.alphabet = 1000,
		.min_count = 2,
		.score = WPLEARN_COUNT };
	struct wplearn_settings settings;
	struct wplearn_report learned;
	struct wordcount *words;
	struct buf pieces = { 0 };
	struct file_out *out;
	size_t files;

	die_program(argv[0]);
	files = parse(&o, argc, argv);
	apart_once((const char *const *)argv + 1, files,
	    "its words would count twice");
	settings = (struct wplearn_settings){ unicode_rules(o.cased),
		(size_t)o.size, (size_t)o.alphabet,
		(unsigned long long)o.min_count, (enum wplearn_score)o.score };
	words = wordcount_new(settings.rules);
	for (size_t i = 0; i < files || i == 0; i++)
		plain_read(files == 0 ? "-" : argv[i + 1], count_line, words);
	learned = wplearn_run(&settings, words, &pieces);
	if (learned.words == 0)
		refuse_no_word((const char *const *)argv + 1, files);
	out = file_write(o.out);
	fwrite(pieces.data, 1, pieces.size, out->stream);
	file_commit(out);
	report(&o, &learned, wordcount_too_long(words));
	buf_free(&pieces);
	wordcount_free(words);
	file_finish();
	return 0;
}
