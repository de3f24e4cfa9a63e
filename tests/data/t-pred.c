/*
 * Prediction tables: read, matched with packs, written; wrong ones refused.
 */
#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "data/id.h"
#include "data/pred.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ABOUT "#mtkd pred 1 task=rte split=dev type=classification members=3\n"
#define RANK "#mtkd pred 1 task=q split=dev type=ranking members=1\n"

static const char *const files[] = { "a.tsv", "b.tsv", "a.st", "r.st" };

static void
read_it(const void *path)
{
	pred_free(pred_read(path));
}

static void
test_reading(void)
{
	struct pred *p;

	put_text_file("a.tsv",
	    ABOUT "# a remark\nid\tno\tyes\n"
		  "x\t0.25\t0.75\n\xc3\xa9\t1\t0\n10\t1e-3\t.9995\n");
	p = pred_read("a.tsv");
	CHECK_TEXT(p->path, "a.tsv");
	CHECK_TEXT(p->task, "rte");
	CHECK_TEXT(p->split, "dev");
	CHECK(p->labels.type == TASK_CLASSIFICATION && p->members == 3);
	CHECK(p->width == 2 && p->rows == 3 && p->group == NULL);
	CHECK_TEXT(p->labels.name[0], "no");
	CHECK_TEXT(p->labels.name[1], "yes");
	CHECK(
	    p->value[0] == 0.25f && p->value[3] == 0 && p->value[5] == .9995f);
	CHECK(p->line[0] == 4 && p->line[2] == 6);
	CHECK_TEXT(pred_id(p, 2), "10");
	CHECK(pred_find(p, "x", 1) == 0 && pred_find(p, "10??", 2) == 2);
	CHECK(pred_find(p, "\xc3\xa9", 2) == 1);
	CHECK(pred_find(p, "1", 1) == (size_t)-1);
	CHECK(pred_find(p, "100", 3) == (size_t)-1);
	pred_free(p);

	put_text_file("a.tsv", "id\tscore\na\t-1.5\n");
	p = pred_read("a.tsv");
	CHECK(p->labels.type == TASK_REGRESSION && p->task == NULL &&
	      p->split == NULL && p->members == 1 && p->value[0] == -1.5f);
	pred_free(p);

	put_text_file(
	    "a.tsv", "id\tscore\tgroup\na\t.25\tg\nb\t.75\tg\nc\t1\th\n");
	p = pred_read("a.tsv");
	CHECK(p->labels.type == TASK_RANKING && p->width == 1 && p->rows == 3);
	CHECK_TEXT(p->group[1], "g");
	CHECK_TEXT(p->group[2], "h");
	pred_free(p);

	put_text_file("a.tsv",
	    "#mtkd pred 1 type=multilabel\nid\tno\tyes\na\t.75\t1\nb\t0\t0\n");
	p = pred_read("a.tsv");
	CHECK(p->labels.type == TASK_MULTILABEL && p->width == 2 &&
	      p->value[1] == 1 && p->value[3] == 0);
	CHECK_TEXT(p->labels.name[1], "yes");
	pred_free(p);
}

static const struct {
	const char *text, *words;
} bad[] = {
	{ "", "this is empty" },
	{ "id\tno\tyes\na\t.5\t.5", "a.tsv:2: the last line does not end" },
	{ "#mtkd pred 2 task=a\nid\tscore\n", "version 2" },
	{ "#mtkd tokens 1\nid\tscore\n", "this is a table of tokens" },
	{ "#mtkd pred 1 members=0\nid\tscore\n", "members is '0'" },
	{ "#mtkd pred 1 members=x\nid\tscore\n", "members is 'x'" },
	{ "#mtkd pred 1 type=x\nid\tscore\n", "a.tsv:1: type is 'x'" },
	{ "#mtkd pred 1 type=ranking\nid\tscore\n", "expected ranking" },
	{ "#mtkd pred 1 type=regression\nid\ta\tb\n", "expected regression" },
	{ "a\tno\tyes\n", "first column is 'a'" },
	{ "id\n", "a.tsv:1: expected the columns" },
	{ "id\tno\n", "a.tsv:1: expected the columns" },
	{ "id\tno\t-\n", "a.tsv:1: column 3: '-' cannot name a label" },
	{ "id\tno\tgroup\n", "a.tsv:1: column 3: 'group' cannot name" },
	{ "id\ta,b\tc\n", "a.tsv:1: column 2: 'a,b' cannot name a label" },
	{ "id\tno\tno\n", "'no' stands twice" },
	{ "id\tno\tyes\n", "a.tsv: no row below the header" },
	{ "id\tscore\n", "a.tsv: no row below the header" },
	{ "id\tscore\tgroup\n", "a.tsv: no row below the header" },
	{ "id\tno\tyes\na\t1\n", "a.tsv:2: 2 columns, expected 3" },
	{ "id\tno\tyes\na\t1\t0\t0\n", "a.tsv:2: 4 columns, expected 3" },
	{ "id\tno\tyes\n\t1\t0\n", "a.tsv:2: the id is empty" },
	{ "id\tno\tyes\na\t1\t\n", "a.tsv:2: id 'a', column 'yes': ''" },
	{ "id\tno\tyes\na\t1\t 0\n", "column 'yes': ' 0'" },
	{ "id\tno\tyes\na\tnan\t1\n", "column 'no': 'nan'" },
	{ "id\tno\tyes\na\t-.1\t1\n", "from 0 to 1" },
	{ "id\tno\tyes\na\t1.1\t0\n", "from 0 to 1" },
	{ "id\tno\tyes\na\t0,5\t.5\n", "'0,5'" },
	{ "id\tno\tyes\na\t.5\t.502\n", "a.tsv:2: id 'a': the row sums to" },
	{ "id\tno\tyes\na\t.5\t.498\n", "a.tsv:2: id 'a': the row sums to" },
	{ "id\tno\tyes\na\t1\t0\nb\t1\t0\na\t0\t1\n",
	    "a.tsv:4: id 'a' stood in line 2" },
	{ "id\tscore\na\tinf\n", "expected a finite number" },
	{ "id\tscore\na\t1e39\n", "a.tsv:2: id 'a': '1e39' is too large" },
	{ "id\tscore\tgroup\na\t.5\tg\nb\t.4\tg\nc\t1\th\n",
	    "a.tsv:2: group 'g' sums to 0.9" },
	{ "id\tscore\tgroup\na\t1\tg\nb\t.4\th\n", "a.tsv:3: group 'h' sums" },
	{ "id\tscore\tgroup\na\t1\tg\nb\t1\th\nc\t0\tg\n",
	    "a.tsv:4: id 'c': group 'g' stood before" },
	{ "id\tscore\tgroup\na\t1\t\n", "a.tsv:2: id 'a': the group is empty" },
	{ "id\tscore\tgroup\na\t1.5\tg\n", "from 0 to 1" },
	{ "id\tno\tyes\na\t1\t0\xff\n", "a.tsv:2: invalid UTF-8" },
};

static void
test_refusals(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_text_file("a.tsv", bad[i].text);
		CHECK_NAMED(
		    bad[i].words, refused(read_it, "a.tsv", bad[i].words));
	}
	put_file("a.tsv", "id\tno\tyes\na\0b\t1\t0\n", 18);
	CHECK(refused(read_it, "a.tsv", "holds a NUL"));
	put_file("a.tsv", "id\tno\tyes\na\t1\0\t0\n", 17);
	CHECK(refused(read_it, "a.tsv", "column 'no'"));
}

/* --- with a pack --- */

static void
write_packs(void)
{
	static char *labels[] = { "no", "yes" };
	struct pack_head h = { "rte", "dev", NULL,
		{ TASK_CLASSIFICATION, 2, labels }, VOCAB, false, false, 8, 0,
		NULL };
	struct pack_writer *w = pack_create("a.st", &h);
	int32_t token = 1;

	pack_add(w, "a", &token, 1, 1, 0, 0, false);
	pack_add(w, "b", &token, 1, 1, 1, 0, false);
	pack_add(w, "c", &token, 1, 1, 1, 0, false);
	pack_commit(w);
	h.task = "q";
	h.labels.type = TASK_RANKING;
	w = pack_create("r.st", &h);
	pack_add(w, "a", &token, 1, 1, 0, 0, false);
	pack_add(w, "b", &token, 1, 1, 1, 0, false);
	pack_add(w, "c", &token, 1, 1, 1, 1, false);
	pack_commit(w);
}

static void
match(const void *pack)
{
	struct pack *k = pack_open(pack);
	struct pred *p = pred_read("b.tsv");
	size_t *order = mem_zero(k->rows, sizeof(*order));

	pred_match(order, p, k);
	free(order);
	pred_free(p);
	pack_close(k);
}

static const struct {
	const char *pack, *text, *words; /* words NULL: they match */
} joins[] = {
	{ "a.st", ABOUT "id\tno\tyes\nb\t1\t0\nc\t1\t0\na\t1\t0\n", NULL },
	{ "a.st", "id\tno\tyes\nb\t1\t0\nc\t1\t0\na\t1\t0\n", NULL },
	{ "a.st", "#mtkd soft 1 task=x\nid\tno\tyes\na\t1\t0\n",
	    "b.tsv:1: task is 'x'" },
	{ "a.st", "#mtkd soft 1 split=x\nid\tno\tyes\na\t1\t0\n",
	    "b.tsv:1: split is 'x', expected 'dev'" },
	{ "a.st", "id\tscore\na\t1\n", "a regression table" },
	{ "a.st", "id\tno\tyes\tmaybe\na\t1\t0\t0\n", "3 labels, expected 2" },
	{ "a.st", "id\tyes\tno\na\t1\t0\n", "label 1 is 'yes', expected 'no'" },
	{ "a.st", "id\tno\tyes\nb\t1\t0\na\t1\t0\n",
	    "b.tsv: no row for id 'c', row 2 of a.st" },
	{ "a.st", "id\tno\tyes\nb\t1\t0\nd\t1\t0\na\t1\t0\nc\t1\t0\n",
	    "b.tsv:3: id 'd' is not in a.st" },
	{ "r.st", RANK "id\tscore\tgroup\nc\t1\tx\nb\t.5\ty\na\t.5\ty\n",
	    NULL },
	{ "r.st", RANK "id\tscore\tgroup\na\t.3\tx\nb\t.3\tx\nc\t.4\tx\n",
	    "b.tsv:5: id 'c' is in group 'x'" },
	{ "r.st", RANK "id\tscore\tgroup\na\t1\tx\nb\t1\ty\nc\t1\tz\n",
	    "b.tsv:4: id 'b' is in group 'y'" },
};

static void
test_matching(void)
{
	size_t order[3];
	struct pack *pack;
	struct pred *p;
	char message[256];

	write_packs();
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		put_text_file("b.tsv", joins[i].text);
		if (joins[i].words != NULL)
			CHECK_NAMED(joins[i].words,
			    refused(match, joins[i].pack, joins[i].words));
		else
			CHECK_NAMED(
			    "they match", refused_status(match, joins[i].pack,
					      message, sizeof(message)) == 0);
	}
	put_text_file("b.tsv", joins[0].text);
	pack = pack_open("a.st");
	p = pred_read("b.tsv");
	pred_match(order, p, pack);
	CHECK(order[0] == 2 && order[1] == 0 && order[2] == 1);
	pred_free(p);
	pack_close(pack);
}

/* --- writing, and tables larger than any first guess --- */

static void
write_many(size_t rows)
{
	static char *columns[] = { "x", "y", "z" };
	const struct labels set = { TASK_CLASSIFICATION, 3, columns };
	struct rng r = rng_key(1, 2, 3);
	FILE *f = fopen("a.tsv", "w");

	pred_write_head(f, "t", "s", &set, 2);
	for (size_t i = 0; i < rows; i++) {
		float v[3] = { 0, 0, 0 };
		char *id = mem_printf("%zx", i * 2654435761u);

		v[0] = (float)(rng_uniform(r, 2 * i) * 0.5);
		v[1] = (float)(rng_uniform(r, 2 * i + 1) * 1e-7);
		v[2] = 1 - v[0] - v[1];
		fputs(id, f);
		pred_write_values(f, v, 3);
		putc('\n', f);
		free(id);
	}
	fclose(f);
}

static void
test_many(void)
{
	enum { ROWS = 20000 };
	struct rng r = rng_key(1, 2, 3);
	struct pred *p;
	size_t wrong = 0, lost = 0;

	write_many(ROWS);
	p = pred_read("a.tsv");
	CHECK(p->rows == ROWS && p->members == 2);
	for (size_t i = 0; i < ROWS; i++) {
		char *id = mem_printf("%zx", i * 2654435761u);

		wrong +=
		    p->value[3 * i] != (float)(rng_uniform(r, 2 * i) * 0.5);
		wrong += p->value[3 * i + 1] !=
			 (float)(rng_uniform(r, 2 * i + 1) * 1e-7);
		lost += pred_find(p, id, strlen(id)) != i;
		free(id);
	}
	CHECK_NAMED("floats come back bit by bit", wrong == 0);
	CHECK_NAMED("every id is found", lost == 0);
	pred_free(p);
}

static void
test_stream(void)
{
	struct pred_stream *s;
	struct pred_row row;
	struct pred *rest;
	double *exact;

	put_text_file("a.tsv", "id\tno\tyes\na\t.1\t.9\nb\t1\t0\nc\t0\t1\n");
	s = pred_open("a.tsv");
	CHECK(pred_about(s)->width == 2 && pred_about(s)->rows == 0);
	CHECK(pred_next(s, &row) && row.value[0] == 0.1 && row.line == 2);
	CHECK(pred_next(s, &row) && strcmp(row.id, "b") == 0);
	pred_back(s);
	rest = pred_rest(s, &exact);
	CHECK(rest->rows == 2 && pred_find(rest, "b", 1) == 0);
	CHECK(exact[0] == 1 && exact[3] == 1 && rest->line[1] == 4);
	CHECK(!pred_next(s, &row));
	pred_free(rest);
	free(exact);
	pred_close(s);
}

static void
test_set(void)
{
	struct id_set set = { 0 };
	size_t wrong = 0;

	CHECK(!id_set_has(&set, "a", 1));
	for (uint32_t i = 0; i < 5000; i++)
		wrong += !id_set_add(&set, (const char *)&i, 4);
	for (uint32_t i = 0; i < 10000; i++)
		wrong += id_set_has(&set, (const char *)&i, 4) != (i < 5000);
	CHECK(wrong == 0 && set.used == 5000);
	CHECK(!id_set_add(&set, "\0\0\0", 4));
	CHECK_NAMED("bytes beyond the length do not count",
	    id_hash("abcX", 3, 0) == id_hash("abcY", 3, 0));
	CHECK_NAMED("a NUL more is another id",
	    id_hash("abc", 3, 0) != id_hash("abc", 4, 0));
	id_set_free(&set);
}

int
main(void)
{
	char folder[] = "/tmp/t-pred.XXXXXX";

	own_folder(folder);
	test_reading();
	test_refusals();
	test_matching();
	test_many();
	test_stream();
	test_set();
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
