/*
 * reader, example, spool: what rows of a raw file become, what is counted,
 * and that a table written is the table read.
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/tsv.h"
#include "check.h"
#include "corpus/example.h"
#include "curate/reader.h"
#include "curate/spool.h"
#include "refused.h"

static bool
is(const struct example_text *text, const char *bytes, size_t n)
{
	return text->at != NULL && text->size == n &&
	       memcmp(text->at, bytes, n) == 0;
}

static void
check_sst2(const char *path)
{
	static const char raw[] = "\xef\xbb\xbfsentence\tlabel\n"
				  "one \"two\t1\r\n"
				  " three\rfour \t0 \t\xe2\x80\x83\n"
				  "n\0l\t1";
	struct task *task = task_find("sst2", NULL);
	struct reader *r;
	struct example e;

	put_file(path, raw, sizeof(raw) - 1);
	r = reader_open(task, task_split_find(task, "dev"), path, NULL);
	CHECK(reader_next(r, &e) && e.line == 2);
	CHECK(is(&e.id, "0", 1) && is(&e.label, "1", 1));
	CHECK(is(&e.text_a, "one \"two", 8));
	CHECK(e.text_b.at == NULL && e.group.at == NULL);
	CHECK(reader_next(r, &e));
	/* The tab before the em space goes too: it stands at the end. */
	CHECK(is(&e.text_a, "three\rfour ", 11) && is(&e.label, "0", 1));
	CHECK(reader_next(r, &e) && is(&e.text_a, "n\0l", 3));
	CHECK(is(&e.id, "2", 1) && e.line == 4);
	CHECK(!reader_next(r, &e));
	CHECK(reader_counted(r)->rows == 3 && reader_counted(r)->skipped == 0);
	reader_close(r);
	task_free(task);
}

static void
check_counts(const char *path)
{
	static const char raw[] =
	    "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
	    "7\t1\t2\ta\tb\t1\n"
	    "8\t1\t2\ta\n"
	    "\n"
	    "9\t1\t2\t\tb\t0\n"
	    "10\t1\t2\tx\ta\tb\t0\n";
	struct task *task = task_find("qqp", NULL);
	struct reader *r;
	struct example e;
	const struct reader_count *c;

	put_file(path, raw, sizeof(raw) - 1);
	r = reader_open(task, task_split_find(task, "train"), path, NULL);
	CHECK(reader_next(r, &e) && is(&e.id, "7", 1));
	CHECK(reader_next(r, &e) && is(&e.id, "9", 1));
	CHECK(reader_next(r, &e) && is(&e.id, "10", 2));
	CHECK(is(&e.text_a, "a", 1) && is(&e.text_b, "b", 1));
	CHECK(!reader_next(r, &e));
	c = reader_counted(r);
	CHECK(c->rows == 3 && c->skipped == 2);
	CHECK(c->short_rows == 2 && c->first_short == 3);
	CHECK(c->empty == 1 && c->first_empty == 5);
	CHECK(c->wide == 1 && c->first_wide == 6);
	CHECK(c->gold == 0);
	reader_close(r);
	task_free(task);
}

static void
check_lines(const char *path)
{
	static const char raw[] = "a\tb \n \n\nlast";
	struct reader *r;
	struct example e;

	put_file(path, raw, sizeof(raw) - 1);
	r = reader_open_lines(path);
	CHECK(reader_next(r, &e) && is(&e.text_a, "a b", 3));
	CHECK(is(&e.id, "0", 1) && example_is_unlabelled(&e));
	CHECK(reader_next(r, &e) && is(&e.text_a, "last", 4));
	CHECK(is(&e.id, "3", 1) && !reader_next(r, &e));
	CHECK(reader_counted(r)->skipped == 2);
	reader_close(r);
}

static void
check_table(const char *path)
{
	FILE *f = fopen(path, "w");
	struct example e = { .id = { "i", 1 },
		.label = { "-", 1 },
		.text_a = { "x \"\0\r y", 7 },
		.text_b = { "", 0 },
		.group = { "3", 1 } };
	struct example got;
	struct example_text field;
	struct example_table *t;

	if (f == NULL)
		exit(1);
	fprintf(f, "#mtkd examples 1 task=t split=s\n");
	example_put_header(f, true, true);
	example_put(f, &e);
	fclose(f);
	t = example_open(path, "examples");
	CHECK(example_has_text_b(t) && example_has_group(t));
	CHECK_TEXT(tsv_meta(example_tsv(t), "split"), "s");
	CHECK(example_next(t, &got) && got.line == 3);
	CHECK(is(&got.id, "i", 1) && example_is_unlabelled(&got));
	CHECK(is(&got.text_a, e.text_a.at, 7) && is(&got.text_b, "", 0));
	CHECK(is(&got.group, "3", 1) && !example_next(t, &got));
	example_close(t);

	/* Columns by their names, wherever they stand. */
	put_file(path, "text_a\tlabel\tid\nt\tl\ti\n", 23);
	t = example_open(path, "examples");
	CHECK(!example_has_text_b(t) && !example_has_group(t));
	CHECK(example_next(t, &got) && is(&got.id, "i", 1));
	CHECK(is(&got.label, "l", 1) && is(&got.text_a, "t", 1));
	CHECK(got.text_b.at == NULL);
	example_close(t);

	/* Those to be answered: no label, and others by their places. */
	put_text_file(path, "text_a\tdate\tid\nt\td\ti\n");
	t = example_open_unlabelled(path, true);
	CHECK(example_column(t, EXAMPLE_LABEL) == (size_t)-1);
	CHECK(example_column(t, EXAMPLE_ID) == 2);
	CHECK(example_next(t, &got) && is(&got.id, "i", 1));
	CHECK(got.label.at == NULL);
	field = example_field(t, 1);
	CHECK(is(&field, "d", 1));
	CHECK(example_field(t, (size_t)-1).at == NULL);
	example_close(t);
}

static void
check_spool(void)
{
	struct spool *s = spool_create();
	char expected[32];
	size_t n;
	bool good = true;

	for (size_t i = 0; i < 3000; i++) {
		if (i % 7 != 0)
			fprintf(spool_stream(s), "row %zu", i);
		spool_end(s);
	}
	spool_close(s);
	CHECK(spool_rows(s) == 3000);
	for (size_t i = 3000; i-- > 0;) {
		const char *row = spool_row(s, i, &n);
		int length = i % 7 != 0 ? snprintf(expected, sizeof(expected),
					      "row %zu", i)
					: 0;

		good &= n == (size_t)length && memcmp(row, expected, n) == 0;
	}
	CHECK(good);
	spool_free(s);

	/* Rows longer than any buffer, out of order. */
	s = spool_create();
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < 100000 + i; k++)
			putc('a' + (int)i, spool_stream(s));
		spool_end(s);
	}
	spool_close(s);
	good = true;
	for (size_t i = 0; i < 6; i++) {
		size_t r = i * 2 % 3;
		const char *row = spool_row(s, r, &n);

		good &= n == 100000 + r && row[0] == 'a' + (int)r &&
			row[n - 1] == 'a' + (int)r;
	}
	CHECK(good);
	spool_free(s);
	s = spool_create();
	spool_close(s);
	CHECK(spool_rows(s) == 0);
	spool_free(s);
}

int
main(void)
{
	char path[] = "/tmp/t-reader-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || close(fd) != 0) {
		perror(path);
		return 1;
	}
	setenv("MTKD_SHARE", "share", 0);
	check_sst2(path);
	check_counts(path);
	check_lines(path);
	check_table(path);
	check_spool();
	file_remove(path);
	return check_done();
}
