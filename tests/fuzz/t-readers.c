/*
 * Mutated tensor files, packs, prediction tables and vocabularies: each is read
 * or refused with one message; nothing crashes.
 *
 * usage: t-readers [COUNT [SEED]]
 */
#include "mutant.h"

#include "base/file.h"
#include "curate/reader.h"
#include "corpus/tokenizer.h"
#include "corpus/vocab.h"
#include "data/pack.h"
#include "data/pred.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const files[] = { "seed.st", "seed.tsv", "seed.json",
	"mutant", "mutant.json", "vocab.txt", "tokenizer_config.json",
	"added_tokens.json" };

/* --- the readers --- */

static void
read_tensors(const void *path)
{
	struct st *s = st_open(path);
	double sum = 0, block[16];

	st_check(s);
	for (size_t i = 0; i < st_count(s); i++) {
		const struct st_tensor *t = st_at(s, i);

		for (size_t k = 0; k < t->count; k += 16) {
			size_t n = t->count - k < 16 ? t->count - k : 16;

			st_get_double(block, t, k, n);
			sum += block[n - 1];
		}
		if (st_find(s, t->name) != t)
			abort();
	}
	if (sum > 1e300)
		printf("#\n");
	if (st_meta(s, "mtkd") == NULL)
		st_close(s);
	else
		pack_close(pack_take(s));
}

static void
read_table(const void *path)
{
	struct pred *p = pred_read(path);

	for (size_t r = 0; r < p->rows; r++) {
		const char *id = pred_id(p, r);

		if (pred_find(p, id, strlen(id)) != r)
			abort();
	}
	pred_free(p);
}

static void
read_vocab(const void *path)
{
	static const char text[] = "a [ENT]a\xc3\x89 <e> \xc3\xa9 [MASK] \t!";
	struct vocab *v = vocab_read(path, false);
	struct tokenizer *t = tokenizer_new(v);
	struct tokenizer_ids ids = { 0 };

	for (size_t i = 0; i < v->size; i++)
		if (strlen(v->piece[i]) > 1000)
			abort();
	tokenizer_encode(t, text, strlen(text), &ids);
	for (size_t i = 0; i < ids.count; i++)
		if ((size_t)ids.id[i] >= v->rows)
			abort();
	free(ids.id);
	tokenizer_free(t);
	vocab_free(v);
}

/* The rows of a file of RTE: texts of one line, a label of the task. */
static void
read_rows(const char *path, enum raw_form form)
{
	const struct reader_options o = { .file.form = form };
	struct task *t = task_find("rte", NULL);
	struct reader *r =
	    reader_open(t, task_split_find(t, "train"), path, &o);
	struct example e;

	while (reader_next(r, &e))
		if (strlen(e.id.at) != e.id.size || e.id.size == 0 ||
		    labels_find(&t->labels, e.label.at, e.label.size) < 0 ||
		    memchr(e.text_a.at, '\n', e.text_a.size) != NULL ||
		    memchr(e.text_b.at, '\t', e.text_b.size) != NULL)
			abort();
	reader_close(r);
	task_free(t);
}

static void
read_tsv(const void *path)
{
	read_rows(path, RAW_TSV);
}

static void
read_csv(const void *path)
{
	read_rows(path, RAW_CSV);
}

static void
read_jsonl(const void *path)
{
	read_rows(path, RAW_JSONL);
}

/* --- the seeds --- */

static void
write_tsv(void)
{
	put_text_file("seed.tsv",
	    "\"sentence1\"\t\"sentence2\"\t\"label\"\t\"idx\"\n"
	    "\"a \"\"b\"\"\tc\"\t\"d\"\t0\t7\nx\ty\t\"entailment\"\t8\n");
}

static void
write_csv(void)
{
	put_text_file("seed.tsv",
	    "label,idx,premise,hypothesis\n0,1,\"a, \"\"b\"\"\nc\",d\n"
	    "\n1.0,2,\"\",\"x\"\nnot_entailment,3,y,z\n-1,4,,\n");
}

static void
write_jsonl(void)
{
	put_text_file("seed.tsv",
	    "{\"idx\": 0, \"sentence1\": \"a\\n\", \"sentence2\": \"b\", "
	    "\"label\": 1}\n\n{\"label\": \"entailment\", \"sentence2\": null, "
	    "\"more\": [{}], \"idx\": \"q\", \"sentence1\": \"\\u00e9\"}\n");
}

static void
write_tensors(void)
{
	static const float x[6] = { 1, 2, 3, 4, 5, 6 };
	struct st_writer *w = st_create("seed.st");

	st_put_meta(w, "format", "pt");
	st_add(w, "a.weight", ST_F32, 2, (size_t[]){ 2, 3 }, x);
	st_add(w, "b", ST_U8, 1, (size_t[]){ 5 }, x);
	st_add(w, "c", ST_BF16, 0, NULL, x);
	st_commit(w);
}

static void
write_pack(void)
{
	static char *labels[] = { "no", "yes" };
	static const int32_t tokens[] = { 101, 7, 102, 9, 10, 102 };
	struct pack_head h = { "rte", "train", "rte",
		{ TASK_RANKING, 2, labels }, VOCAB, false, false, 8, 0, NULL };
	struct pack_writer *w = pack_create("seed.st", &h);

	pack_add(w, "a", tokens, 6, 3, 1, 0, false);
	pack_add(w, "bc", tokens, 3, 3, NAN, 0, true);
	pack_add(w, "10", tokens + 1, 1, 0, 0, 1, true);
	pack_commit(w);
}

static void
write_classes(void)
{
	put_text_file("seed.tsv",
	    "#mtkd pred 1 task=rte split=dev type=classification members=2\n"
	    "id\tno\tyes\na\t0.25\t0.75\n\xc3\xa9\t1\t0\n10\t1e-3\t0.999\n");
}

static void
write_sets(void)
{
	put_text_file("seed.tsv",
	    "#mtkd pred 1 task=tags type=multilabel members=1\n"
	    "id\ta\tb\tc\nx\t0.25\t0.75\t0.5\ny\t1\t0\t1e-3\n");
}

static void
write_ranking(void)
{
	put_text_file("seed.tsv",
	    "#mtkd soft 1 type=ranking members=2\nid\tscore\tgroup\n"
	    "0\t0.25\tq\n1\t0.75\tq\n2\t1\tr\n");
}

static void
write_vocab(void)
{
	put_text_file("seed.json",
	    "{\"added_tokens\": [{\"id\": 0, \"content\": \"[PAD]\"}, "
	    "{\"id\": 7, \"content\": \"<e>\", \"normalized\": true, "
	    "\"single_word\": false, \"lstrip\": true}],\n"
	    "\"normalizer\": {\"type\": \"BertNormalizer\", "
	    "\"clean_text\": true, \"handle_chinese_chars\": true, "
	    "\"strip_accents\": null, \"lowercase\": true},\n"
	    "\"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"},\n"
	    "\"model\": {\"type\": \"WordPiece\", "
	    "\"unk_token\": \"[UNK]\", \"vocab\": {\"[PAD]\": 0, "
	    "\"[UNK]\": 1, \"[CLS]\": 2, \"[SEP]\": 3, "
	    "\"[MASK]\": 4, \"a\": 5, \"##\\u00e9\": 6}}}\n");
}

/* A folder whose other files tell of added tokens. */
static void
write_settings(void)
{
	put_text_file("vocab.txt",
	    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##\xc3\xa9\n\n");
	put_text_file("seed.json",
	    "{\"do_lower_case\": true, \"never_split\": [\"[SEP]\"],\n"
	    "\"tokenizer_class\": \"BertTokenizer\", "
	    "\"strip_accents\": null, \"added_tokens_decoder\": {"
	    "\"5\": {\"content\": \"a\", \"single_word\": true}, "
	    "\"8\": {\"content\": \"[ENT]\", \"special\": true, "
	    "\"normalized\": false, \"rstrip\": true}, "
	    "\"9\": {\"content\": \"\\u00c9\"}},\n"
	    "\"bos_token\": {\"content\": \"<e>\", \"normalized\": true}, "
	    "\"mask_token\": \"[MASK]\", "
	    "\"extra_special_tokens\": [\"!\"]}\n");
}

/* --- mutation --- */

/* The length of a tensor file's header, or a digit. */
static void
change_number(struct mutant *m, size_t at)
{
	if (m->size > 8 && mutant_below(m, 2) == 0) {
		m->bytes[mutant_below(m, 8)] += (char)(mutant_below(m, 9) - 4);
		return;
	}
	for (; at < m->size; at++)
		if (m->bytes[at] >= '0' && m->bytes[at] <= '9') {
			m->bytes[at] = (char)('0' + mutant_below(m, 10));
			return;
		}
}

static void
put_mutant(const struct mutant *m)
{
	put_file("mutant", m->bytes, m->size);
	put_file("mutant.json", m->bytes, m->size);
}

static void
put_settings(const struct mutant *m)
{
	put_file("tokenizer_config.json", m->bytes, m->size);
}

static void
put_added(const struct mutant *m)
{
	put_file("added_tokens.json", m->bytes, m->size);
}

/* So that what the checksums would refuse is read at all: as in version 1. */
static void
without_checksums(char *bytes, size_t n)
{
	for (size_t i = 0; i + 5 < n; i++)
		if (memcmp(bytes + i, "crc32\"", 6) == 0)
			bytes[i] = 'x';
		else if (memcmp(bytes + i, "pack 2", 6) == 0)
			bytes[i + 5] = '1';
}

static void
check_put(const char *name, const char *seed_file,
    void (*reader)(const void *path), const char *mutant, size_t count,
    uint64_t seed, void (*put)(const struct mutant *m))
{
	static const char *const words[] = { "\"", "{", "}", "[", "]", ",", ":",
		"0", "-1", "18446744073709551615", "4294967296", "1e9", "\t",
		"\n", "\r", "#", "nan", "inf", ".", "\\u0000", "\\ud800",
		"\xff", "\xc3", "id", "score", "group", "F64", "null", " " };
	const struct mutation how = { words, COUNT(words), 12, change_number,
		put, reader, mutant };
	size_t n;
	char *bytes = file_slurp(seed_file, &n);

	without_checksums(bytes, n);
	CHECK_NAMED(name, mutant_crashes(&how, bytes, n, count, seed) == 0);
	free(bytes);
}

static void
check(const char *name, const char *seed_file, void (*reader)(const void *path),
    const char *mutant, size_t count, uint64_t seed)
{
	check_put(name, seed_file, reader, mutant, count, seed, put_mutant);
}

int
main(int argc, char **argv)
{
	char folder[] = "/tmp/t-readers.XXXXXX", root[4096], *share;
	long long count = 400, seed = 1;

	if (!mutant_options(argc, argv, &count, &seed))
		return 2;
	share = file_join(getcwd(root, sizeof(root)), "share");
	setenv("MTKD_SHARE", share, 1);
	free(share);
	own_folder(folder);
	write_tensors();
	check("no mutant of a tensor file crashes", "seed.st", read_tensors,
	    "mutant", (size_t)count, (uint64_t)seed);
	write_pack();
	check("no mutant of a pack crashes", "seed.st", read_tensors, "mutant",
	    (size_t)count, (uint64_t)seed);
	write_classes();
	check("no mutant of a table of classes crashes", "seed.tsv", read_table,
	    "mutant", (size_t)count, (uint64_t)seed);
	write_sets();
	check("no mutant of a table of sets crashes", "seed.tsv", read_table,
	    "mutant", (size_t)count, (uint64_t)seed);
	write_ranking();
	check("no mutant of a ranking table crashes", "seed.tsv", read_table,
	    "mutant", (size_t)count, (uint64_t)seed);
	write_vocab();
	check("no mutant of a vocabulary crashes", "seed.json", read_vocab,
	    "mutant.json", (size_t)count, (uint64_t)seed);
	write_tsv();
	check("no mutant of a quoted TSV crashes", "seed.tsv", read_tsv,
	    "mutant", (size_t)count, (uint64_t)seed);
	write_csv();
	check("no mutant of a CSV crashes", "seed.tsv", read_csv, "mutant",
	    (size_t)count, (uint64_t)seed);
	write_jsonl();
	check("no mutant of JSON lines crashes", "seed.tsv", read_jsonl,
	    "mutant", (size_t)count, (uint64_t)seed);
	write_settings();
	check_put("no mutant of a tokenizer's settings crashes", "seed.json",
	    read_vocab, ".", (size_t)count, (uint64_t)seed, put_settings);
	put_text_file("tokenizer_config.json", "{}\n");
	put_text_file("seed.json", "{\"[ENT]\": 8, \"<e>\": 9, \"a\": 5}\n");
	check_put("nor of added tokens", "seed.json", read_vocab, ".",
	    (size_t)count, (uint64_t)seed, put_added);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
