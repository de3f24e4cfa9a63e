/*
 * Models as directories: written, read, extended, removed; the parameter
 * table's sizes; what is refused.
 */
#include "check.h"
#include "refused.h"

#include <sys/stat.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/pack.h"
#include "data/st.h"
#include "model/finite.h"
#include "model/model.h"

static char *odd[] = { "yes", "n\"o\\", "\xc3\xa9" };

static struct config
small(void)
{
	struct config c = { .vocab = 3,
		.hidden = 8,
		.layers = 2,
		.heads = 2,
		.inner = 12,
		.positions = 9,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.02,
		.hidden_dropout = 0.25,
		.attention_dropout = 0.125,
		.pooler = true };
	const struct head heads[] = {
		{ .name = "mood",
		    .labels = { TASK_CLASSIFICATION, 3, odd },
		    .outputs = 3,
		    .dropout = 0.3 },
		{ .name = "score",
		    .labels = { .type = TASK_REGRESSION },
		    .outputs = 1,
		    .dropout = 0.1 },
		{ .name = "deep",
		    .kind = HEAD_SAN,
		    .labels = { .classes = 3, .name = odd },
		    .outputs = 3,
		    .turns = 4,
		    .memory_dropout = 0.2 }
	};

	for (size_t i = 0; i < COUNT(heads); i++)
		config_add_head(&c, &heads[i]);
	return c;
}

static struct model *
make(uint64_t seed)
{
	struct config c = small();
	struct model *m = model_new(&c, "vocab.txt", true, seed);

	config_free(&c);
	return m;
}

static bool
same_values(const struct model *a, const struct model *b)
{
	return a->params.total == b->params.total &&
	       memcmp(a->value, b->value, a->params.total * sizeof(real)) == 0;
}

static bool
same_head(const struct head *a, const struct head *b)
{
	size_t which;
	bool same =
	    strcmp(a->name, b->name) == 0 && a->kind == b->kind &&
	    labels_compare(&which, &a->labels, &b->labels) == LABELS_SAME &&
	    a->outputs == b->outputs && a->dropout == b->dropout;

	return same && (a->kind != HEAD_SAN ||
			   (a->turns == b->turns &&
			       a->memory_dropout == b->memory_dropout));
}

/* Numbers of float survive; those of double are narrowed. */
static void
test_round_trip(void)
{
	struct model *m = make(3), *back;

	for (size_t i = 0; i < m->params.total; i++)
		m->value[i] = (real)(float)m->value[i];
	model_save(m, "one");
	back = model_open("one", true);
	CHECK_NAMED("numbers", same_values(m, back));
	CHECK_NAMED("used in place, where they are floats",
	    (back->file != NULL) == (sizeof(real) == sizeof(float)));
	CHECK(back->cased && strcmp(back->vocab, m->vocab) == 0);
	CHECK(back->config.hidden == 8 && back->config.positions == 9 &&
	      back->config.hidden_dropout == 0.25 &&
	      back->config.attention_dropout == 0.125 &&
	      back->config.norm_eps == 1e-12);
	CHECK(back->config.head_count == 3);
	for (size_t i = 0; i < 3; i++)
		CHECK_NAMED("a head",
		    same_head(&m->config.head[i], &back->config.head[i]));
	model_save(back, "two");
	model_close(back);
	back = model_open("two", true);
	CHECK_NAMED("again", same_values(m, back));
	model_close(back);
	model_close(m);
}

static void
test_narrow(enum st_type type, double bound)
{
	struct model *m = make(3), *back;
	double worst = 0;

	model_save_as(m, "two", type);
	back = model_open("two", true);
	CHECK(back->file == NULL);
	for (size_t i = 0; i < m->params.total; i++)
		worst = fmax(
		    worst, fabs((double)m->value[i] - (double)back->value[i]) /
			       fmax(1e-4, fabs((double)m->value[i])));
	CHECK_NEAR(st_type_name(type), worst, 0, bound);
	CHECK_NAMED("and something was lost", worst > bound / 100);
	model_close(back);
	model_close(m);
}

static void
test_table(void)
{
	struct model *m = make(3);
	const struct params *p = &m->params;
	size_t at = 0;
	bool good = true;

	for (size_t i = 0; i < p->count; i++) {
		const struct param *q = &p->item[i];

		good &= q->offset == at && params_find(p, q->name) == q;
		good &= (q->head < 0) == (q->offset < p->shared);
		at += q->count;
	}
	CHECK_NAMED("the table is one block, names are single, heads last",
	    good && at == p->total);
	CHECK(params_find(p, "bert.nothing") == NULL);
	CHECK(p->layer[1].qkv ==
	      params_find(p, "bert.encoder.layer.1.attention.self.query.weight")
		  ->offset);
	CHECK(p->layer[1].norm2_bias ==
	      params_find(p, "bert.encoder.layer.1.output.LayerNorm.bias")
		  ->offset);
	CHECK(p->head[1].answer.weight ==
	      params_find(p, "heads.score.weight")->offset);
	model_close(m);
}

/* The published sizes of BERT's encoders. */
static void
test_sizes(void)
{
	struct config base = { .vocab = 30522,
		.hidden = 768,
		.layers = 12,
		.heads = 12,
		.inner = 3072,
		.positions = 512,
		.types = 2,
		.pooler = true };
	struct config large = { .vocab = 30522,
		.hidden = 1024,
		.layers = 24,
		.heads = 16,
		.inner = 4096,
		.positions = 512,
		.types = 2,
		.pooler = true };
	struct params p;

	params_build(&p, &base);
	CHECK(p.total == 109482240 && p.shared == p.total);
	params_free(&p);
	params_build(&p, &large);
	CHECK(p.total == 335141888);
	params_free(&p);
}

/* What is drawn: N(0, 0.02), 0 and 1; by name, so that order is nothing. */
static void
test_draw(void)
{
	struct model *a = make(3), *b = make(4);
	const struct param *p = params_find(
	    &a->params, "bert.encoder.layer.0.intermediate.dense.weight");
	const real *x = a->value + p->offset;
	double sum = 0, squares = 0;

	for (size_t i = 0; i < p->count; i++) {
		sum += (double)x[i];
		squares += (double)x[i] * (double)x[i];
	}
	CHECK_NEAR("mean", sum / (double)p->count, 0, 0.008);
	CHECK_NEAR("deviation", sqrt(squares / (double)p->count), 0.02, 0.006);
	CHECK(a->value[p[1].offset] == 0);
	CHECK(a->value[a->params.layer[0].norm1] == 1);
	CHECK_NAMED("another seed", x[0] != b->value[p->offset]);
	model_close(a);
	model_close(b);
}

static void
test_extend(void)
{
	struct model *from = make(3), *m;
	struct head score = { .name = "new",
		.labels = { .type = TASK_REGRESSION },
		.outputs = 1 };
	struct config c;
	bool fresh[2];
	const struct param *mood =
	    params_find(&from->params, "heads.mood.weight");

	config_copy(&c, &from->config, false);
	config_add_head(&c, &from->config.head[0]);
	config_add_head(&c, &score);
	m = model_extend(from, &c, false, 8, fresh);
	CHECK(fresh[0] && fresh[1] && m->config.head_count == 2);
	CHECK_NAMED("the shared part is the same",
	    memcmp(m->value, from->value, m->params.shared * sizeof(real)) ==
		0);
	CHECK(m->value[m->params.shared] != from->value[mood->offset]);
	CHECK(params_find(&m->params, "heads.score.weight") == NULL);
	model_close(m);
	m = model_extend(from, &c, true, 8, fresh);
	CHECK(!fresh[0] && fresh[1]);
	CHECK(m->value[m->params.shared] == from->value[mood->offset]);
	model_close(m);
	c.head[0].uncertainty = true;
	m = model_extend(from, &c, true, 8, fresh);
	CHECK_NAMED("kept, and weights of its losses with it",
	    !fresh[0] && m->params.head[0].uncertainty != PARAMS_NONE);
	model_close(m);
	c.head[0].uncertainty = false;
	c.mlm = true;
	m = model_extend(from, &c, true, 8, fresh);
	CHECK_NAMED("a masked-LM head is drawn",
	    params_find(&m->params, "cls.predictions.bias") != NULL &&
		m->value[params_find(
		    &m->params, "cls.predictions.transform.dense.weight")
			     ->offset] != 0);
	model_close(m);
	c.head[0].outputs = 2;
	m = model_extend(from, &c, true, 8, fresh);
	CHECK_NAMED("another shape is drawn", fresh[0]);
	model_close(m);
	config_free(&c);
	model_close(from);
}

static void
test_remove(void)
{
	put_text_file("two/other", "x");
	model_remove("two");
	CHECK(file_exists("two/other") && !file_exists("two/config.json") &&
	      !file_exists("two/model.safetensors"));
	file_remove("two/other");
	model_remove("two");
	CHECK(!file_exists("two"));
	model_remove("two");
}

static void
open_two(const void *state)
{
	(void)state;
	model_open("two", true);
}

/* The config of "one" with one text in place of another. */
static void
change_config(const char *from, const char *to)
{
	size_t n;
	char *text = file_slurp("one/config.json", &n);
	char *at = strstr(text, from);
	FILE *f = fopen("two/config.json", "w");

	if (f == NULL || at == NULL)
		abort();
	fprintf(f, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	fclose(f);
	free(text);
}

static void
test_refused(void)
{
	static const char *const rows[][3] = {
		{ "\"vocab_size\": 3", "\"vocab_size\": 4",
		    "in another shape" },
		{ "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3",
		    "no tensor 'bert.encoder.layer.2" },
		{ "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1",
		    "is not in a model of this config.json" },
		{ "\"num_attention_heads\": 2", "\"num_attention_heads\": 3",
		    "hidden_size 8 is not a multiple of" },
		{ "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 16777216",
		    "two/config.json" },
		{ "\"gelu\"", "\"relu\"", "\"hidden_act\" is 'relu'" },
		{ "\"bert\"", "\"roberta\"", "\"model_type\" is 'roberta'" },
		{ "\"linear\"", "\"tree\"", "kind 'tree'" },
		{ "\"regression\"", "\"guess\"", "unknown type 'guess'" },
		{ "\"tanh\"", "\"mean\"", "pooler 'mean'" },
		{ "\"hidden_size\": 8,", "", "no \"hidden_size\"" },
		{ "\"hidden_size\": 8", "\"hidden_size\": \"8x\"",
		    "two/config.json" },
		{ "{", "[", "two/config.json" },
	};
	struct model *m = make(3);
	char message[256];

	model_save(m, "two");
	model_close(m);
	for (size_t i = 0; i < COUNT(rows); i++) {
		change_config(rows[i][0], rows[i][1]);
		CHECK_NAMED(rows[i][2], refused(open_two, NULL, rows[i][2]));
	}
	change_config("{", "{");
	CHECK_NAMED("the config as it was is read",
	    refused_status(open_two, NULL, message, sizeof(message)) == 0);
}

static void
cut_tensors(size_t n)
{
	size_t size;
	char *bytes = file_slurp("one/model.safetensors", &size);

	put_file("two/model.safetensors", bytes, n < size ? n : size);
	free(bytes);
}

static void
test_cut(void)
{
	static const size_t ends[] = { 0, 1, 7, 8, 9, 200, 2000, 5000, 9000 };

	for (size_t i = 0; i < COUNT(ends); i++) {
		cut_tensors(ends[i]);
		CHECK_NAMED("a file that was cut",
		    refused(open_two, NULL, "two/model.safetensors"));
	}
	cut_tensors((size_t)-1);
	unlink("two/vocab.txt");
	CHECK_NAMED("no vocabulary", refused(open_two, NULL, "vocab.txt"));
	model_remove("two");
	CHECK_NAMED(
	    "no directory", refused(open_two, NULL, "two: not a model"));
}

static void
check_finite(const void *state)
{
	model_check_finite(state, "one");
}

/* NaN and infinities wherever they stand in a block, and nothing else. */
static void
test_finite(void)
{
	static const size_t places[] = { 0, 1, 4095, 4096, 9000, 9999 };
	real *x = mem_zero(10000, sizeof(*x));
	struct model *m = make(3);
	const struct param *p = params_find(&m->params, "heads.score.bias");
	char message[256];

	CHECK(finite_until(x, 0) == 0 && finite_until(x, 10000) == 10000);
	for (size_t i = 0; i < COUNT(places); i++) {
		x[places[i]] = i % 2 == 0 ? (real)NAN : (real)-INFINITY;
		CHECK(finite_until(x, 10000) == places[i]);
		x[places[i]] = (real)3e38;
	}
	CHECK_NAMED("a good model passes",
	    refused_status(check_finite, m, message, sizeof(message)) == 0);
	m->value[p->offset] = (real)INFINITY;
	CHECK(refused(check_finite, m,
	    "one: tensor 'heads.score.bias': number 1 of 1 is inf"));
	model_close(m);
	free(x);
}

struct match {
	const struct model *m;
	struct pack *p;
};

static void
match(const void *state)
{
	const struct match *x = state;

	model_match(x->m, x->p);
}

static void
test_match(void)
{
	static const int32_t tokens[] = { 0, 2, 3 }, segment_a[] = { 1, 1 };
	static const int64_t starts[] = { 0, 2, 3 }, ids[] = { 0, 1, 2 };
	char vocab[DIGEST_HEX];
	struct pack p = { .path = "test.st",
		.tokens = tokens,
		.rows = 1,
		.starts = starts,
		.segment_a = segment_a,
		.id_bytes = (const unsigned char *)"ab",
		.id_starts = ids,
		.cased = true,
		.vocab = vocab };
	struct model *m = make(3);
	struct match x = { m, &p };

	memcpy(vocab, m->vocab, sizeof(vocab));
	model_match(m, &p);
	p.rows = 2;
	CHECK(refused(
	    match, &x, "test.st: row 'b': token id 3, but the model has 3"));
	m->config.types = 1;
	CHECK(refused(match, &x,
	    "test.st: row 'a': two texts, but the model has one segment"));
	p.cased = false;
	CHECK(refused(match, &x, "packed with case lower"));
	vocab[0] = vocab[0] == '0' ? '1' : '0';
	CHECK(refused(match, &x, "test.st: packed with vocabulary"));
	model_close(m);
}

int
main(void)
{
	static const char *const files[] = { "vocab.txt" };
	char folder[] = "/tmp/mtkd-model-XXXXXX";

	own_folder(folder);
	put_text_file("vocab.txt", "a\nb\nc\n");
	test_round_trip();
	test_narrow(ST_F16, 1e-3);
	test_narrow(ST_BF16, 5e-3);
	test_table();
	test_sizes();
	test_draw();
	test_extend();
	test_remove();
	test_refused();
	test_cut();
	test_finite();
	test_match();
	model_remove("one");
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
