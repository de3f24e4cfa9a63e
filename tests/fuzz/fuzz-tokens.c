/*
 * Tables of examples and tokens: cut into pieces, packed, scored against,
 * read as text, counted.
 */
#include "fuzz.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/document.h"
#include "corpus/tokenstream.h"
#include "corpus/wordcount.h"
#include "corpus/wplearn.h"
#include "data/pack.h"
#include "data/packer.h"
#include "score/gold.h"

static struct vocab *v;
static struct task *task[4];

void
fuzz_start(void)
{
	static const char *const names[] = { "rte", "sst2", "qnli-rank",
		"stsb" };

	fuzz_put_vocab("vocab.txt");
	v = vocab_read("vocab.txt", false);
	for (size_t i = 0; i < 4; i++)
		task[i] = task_find(names[i], NULL);
}

static void
cut(uint8_t how)
{
	struct tokenstream_settings s = { .vocab = v,
		.threads = 1,
		.lines = (how & 1) != 0,
		.pieces = (how & 3) == 3,
		.replace = (how & 4) != 0 };
	FILE *out = fuzz_nowhere();

	tokenstream_run(&s, "e.tsv", out);
	fclose(out);
}

static void
pack(uint8_t how)
{
	struct example_table *t = example_open("e.tsv", "tokens");
	struct packer_settings s = { task[how & 3], "train",
		(how & 4) != 0 ? 8 : 512, (how & 8) != 0,
		(how & 16) != 0 ? v : NULL };
	struct packer *p = packer_create("o.st", t, &s);

	while (packer_next(p))
		continue;
	packer_commit(p);
	example_close(t);
	pack_close(pack_open("o.st"));
}

static void
read_text(void)
{
	struct tokenizer *t = tokenizer_new(v);
	struct documents d = { 0 };

	documents_read(&d, t, "e.tsv");
	documents_free(&d);
	tokenizer_free(t);
}

static void
learn(const uint8_t *bytes, size_t n, uint8_t how)
{
	const char *text = (const char *)bytes;
	struct wplearn_settings s = { .rules = v->rules,
		.size = 60,
		.alphabet = 30,
		.min_count = 1,
		.score = (how & 2) != 0 ? WPLEARN_COUNT : WPLEARN_LIKELIHOOD };
	struct wordcount *w;
	struct buf out = { 0 };

	if (utf8_check(text, n) < n)
		return;
	w = wordcount_new(v->rules);
	wordcount_add(w, text, n);
	wplearn_run(&s, w, &out);
	buf_free(&out);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	uint8_t how;

	if (n < 2)
		return;
	how = bytes[1];
	fuzz_put("e.tsv", bytes + 2, n - 2);
	switch (bytes[0] % 5) {
	case 0:
		cut(how);
		break;
	case 1:
		pack(how);
		break;
	case 2:
		gold_free(gold_read("e.tsv", task[how & 3], -1));
		break;
	case 3:
		read_text();
		break;
	default:
		learn(bytes + 2, n - 2, how);
	}
}
