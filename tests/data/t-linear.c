/*
 * Wide tables and many names: twice as many take about twice the comparisons
 * of strings, and n log n at most.
 */
#include "check.h"
#include "counted.h"
#include "refused.h"

#include "base/buf.h"
#include "base/conf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "data/pack.h"
#include "data/pred.h"

static const char *const files[] = { "a.st", "a.tsv", "a.json", "a.yml" };

/* "before0 between before1 ..." of n. */
static void
put_many(const char *path, const char *start, const char *before,
    const char *between, size_t n, const char *end)
{
	struct buf b = { 0 };

	buf_text(&b, start);
	for (size_t i = 0; i < n; i++)
		buf_print(&b, "%s%s%zu", i > 0 ? between : "", before, i);
	buf_text(&b, end);
	put_file(path, b.data, b.size);
	buf_free(&b);
}

static void
columns(size_t n)
{
	put_many("a.tsv", "id\t", "c", "\t", n, "\n");
	tsv_close(tsv_open("a.tsv", "pred"));
}

static void
classes(size_t n)
{
	struct buf b = { 0 };

	buf_text(&b, "id");
	for (size_t i = 0; i < n; i++)
		buf_print(&b, "\tc%zu", i);
	buf_text(&b, "\na\t1");
	for (size_t i = 1; i < n; i++)
		buf_text(&b, "\t0");
	buf_text(&b, "\n");
	put_file("a.tsv", b.data, b.size);
	buf_free(&b);
	pred_free(pred_read("a.tsv"));
}

static void
keys(size_t n)
{
	put_many("a.json", "{\"", "k", "\":1,\"", n, "\":1}");
	conf_free(conf_read_json("a.json"));
}

static void
yaml_keys(size_t n)
{
	put_many("a.yml", "a:\n  ", "k", ": 1\n  ", n, ": 1\n");
	conf_free(conf_read_yaml("a.yml", KIND_TASKS));
}

static void
tensors(size_t n)
{
	struct st_writer *w = st_create("a.st");

	for (size_t i = 0; i < n; i++) {
		char *name = mem_printf("t%zu", i);

		st_add(w, name, ST_U8, 1, (size_t[]){ 1 }, "x");
		free(name);
	}
	st_commit(w);
	st_close(st_open("a.st"));
}

static void
labels(size_t n)
{
	static const char vocab[] = "00112233445566778899aabbccddeeff"
				    "00112233445566778899aabbccddeeff";
	struct st_writer *w = st_create("a.st");
	struct buf b = { 0 };
	int64_t zero = 0;
	size_t none = 0, one = 1;

	for (size_t i = 0; i < n; i++)
		buf_print(&b, "%sl%zu", i > 0 ? "," : "", i);
	st_put_meta(w, "mtkd", "pack 2");
	st_put_meta(w, "task", "t");
	st_put_meta(w, "split", "dev");
	st_put_meta(w, "head", "t");
	st_put_meta(w, "type", "classification");
	st_put_meta(w, "labels", buf_string(&b));
	st_put_meta(w, "vocab", vocab);
	st_put_meta(w, "case", "lower");
	st_put_meta(w, "max_length", "4");
	st_put_meta(w, "truncated", "0");
	st_put_meta(w, "order", "ab");
	st_add(w, "tokens", ST_I32, 1, &none, NULL);
	st_add(w, "starts", ST_I64, 1, &one, &zero);
	st_add(w, "split", ST_I32, 1, &none, NULL);
	st_add(w, "label", ST_F32, 1, &none, NULL);
	st_add(w, "group", ST_I32, 1, &none, NULL);
	st_add(w, "id_bytes", ST_U8, 1, &none, NULL);
	st_add(w, "id_starts", ST_I64, 1, &one, &zero);
	st_commit(w);
	pack_close(pack_open("a.st"));
	buf_free(&b);
}

static void
check(const char *name, void (*run)(size_t n))
{
	size_t one, two;

	compared = 0;
	run(2000);
	one = compared;
	compared = 0;
	run(4000);
	two = compared;
	printf("# %zu and %zu comparisons\n", one, two);
	CHECK_NAMED(name, (double)two < 2.5 * (double)one + 100);
}

static void
run_many_tags(const void *path)
{
	conf_free(conf_read_yaml(path, KIND_TASKS));
}

int
main(void)
{
	char folder[] = "/tmp/t-linear.XXXXXX";

	own_folder(folder);
	check("columns of a table", columns);
	check("classes of predictions", classes);
	check("keys of JSON", keys);
	check("keys of YAML", yaml_keys);
	check("tensors of a file", tensors);
	check("labels of a pack", labels);
	put_many("a.yml", "%TAG !", "a", "! x\n%TAG !", 65, "! x\n---\na: 1\n");
	CHECK(refused(run_many_tags, "a.yml", "a.yml:65: more than 64 %TAG"));
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
