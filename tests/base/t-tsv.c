/*
 * tsv: quotes are data, our own tables are strict, raw ones forgiving.
 */
#include "check.h"

#include "base/tsv.h"
#include "base/utf8.h"
#include "refused.h"

/* All rows of a table as text: '|' between fields, '/' after rows. */
static const char *
shown(struct tsv *t, char *out, size_t size)
{
	struct tsv_row row;
	size_t n = 0;

	while (tsv_next(t, &row)) {
		for (size_t i = 0; i < row.count; i++) {
			if (i > 0 && n < size)
				out[n++] = '|';
			for (size_t k = 0; k < row.length[i] && n < size; k++)
				out[n++] = row.field[i][k];
		}
		if (n < size)
			out[n++] = '/';
	}
	out[n] = '\0';
	tsv_close(t);
	return out;
}

/* A table, and what is read of it or said of it. */
struct text {
	const char *text, *want;
};

static const struct text raw[] = {
	{ "", "" },
	{ "\n", "/" },
	{ "\n\n", "//" },
	{ "a\tb\n", "a|b/" },
	{ "a\tb", "a|b/" },
	{ "a\tb\r\nc\td\r\n", "a|b/c|d/" },
	{ "a\rb\tc\n", "a\rb|c/" },
	{ "\"a\tb\"\n", "\"a|b\"/" },
	{ "\"a \"\"quoted\"\" b\t\"c\n", "\"a \"\"quoted\"\" b|\"c/" },
	{ "a\t\t\n", "a/" },
	{ "\ta\n", "a/" },
	{ " a \t b \n", "a | b/" },
	{ "a\t\tb\n", "a||b/" },
	{ "\xef\xbb\xbfid\tx\n", "id|x/" },
	{ "a\n\xef\xbb\xbf"
	  "b\n",
	    "a/\xef\xbb\xbf"
	    "b/" },
	{ "a\n\nb\tc\n", "a//b|c/" },
	{ "\xc3\xa9\t\xf0\x9f\x98\x80\n", "\xc3\xa9|\xf0\x9f\x98\x80/" },
};

static void
check_raw(void)
{
	char out[256];

	for (size_t i = 0; i < COUNT(raw); i++) {
		put_text_file("raw", raw[i].text);
		CHECK_TEXT(shown(tsv_open_raw("raw"), out, 255), raw[i].want);
	}
	put_file("raw", "a\0b\tc\n", 6);
	shown(tsv_open_raw("raw"), out, 255);
	CHECK_NAMED(
	    "a NUL is a byte of its field", memcmp(out, "a\0b|c/", 6) == 0);
}

/* Fields between commas; what Python's csv makes of the same. */
static const struct text csv[] = {
	{ "", "" },
	{ "a,b", "a|b/" },
	{ "a,b\r\n,\r\n", "a|b/|/" },
	{ "\n\na\n", "//a/" },
	{ "\"a,b\",\"c\"\"d\",\"\"\n", "a,b|c\"d|/" },
	{ "\"a\nb\r\n\nc\",d\n", "a\nb\n\nc|d/" },
	{ " a , \"b\" \n", " a | \"b\" /" },
	{ "a\"b\",c\"\n", "a\"b\"|c\"/" },
	{ "\xef\xbb\xbf\"a\"\n", "a/" },
	{ "\"\"\"\"\n", "\"/" },
	{ "a\tb,\xc3\xa9\n", "a\tb|\xc3\xa9/" },
};

static const struct text bad_csv[] = {
	{ "a\n\"b\nc\n", "csv:2: a field in quotes that opens here never" },
	{ "a\n\"b\"c\n", "csv:2: byte 0x63 after the closing quote" },
	{ "\"b\" ,c\n", "csv:1: byte 0x20 after the closing quote" },
	{ "\"b\nc\" d\n", "csv:2: byte 0x20 after the closing quote" },
	{ "\"b\n\xff\"\n", "csv:2: invalid UTF-8 at byte 1 of the line" },
};

static struct tsv *
open_csv(void)
{
	return tsv_open_csv("csv");
}

static struct tsv *
open_own(void)
{
	return tsv_open("own", "pred|soft");
}

/* A reader and the file it reads. */
static const struct reader {
	const char *path;
	struct tsv *(*open)(void);
} csv_reader = { "csv", open_csv }, own_reader = { "own", open_own };

static void
read_all(const void *state)
{
	const struct reader *r = state;
	struct tsv *t = r->open();
	struct tsv_row row;

	while (tsv_next(t, &row))
		continue;
	tsv_close(t);
}

static void
check_tables(const struct reader *r, const struct text *good, size_t goods,
    const struct text *bad, size_t bads)
{
	char out[256];

	for (size_t i = 0; i < goods; i++) {
		put_text_file(r->path, good[i].text);
		CHECK_TEXT(shown(r->open(), out, 255), good[i].want);
	}
	for (size_t i = 0; i < bads; i++) {
		put_text_file(r->path, bad[i].text);
		CHECK_NAMED(bad[i].want, refused(read_all, r, bad[i].want));
	}
}

/* A row read again, and what comes after it. */
static void
check_again(void)
{
	struct tsv_row row;
	struct tsv *t;
	char out[256];
	size_t n;
	const char *line;

	put_text_file("raw", "\"a\tb\"\t\n\"c\"\t\"d\ne\"\n\tf\t\n");
	t = tsv_open_raw("raw");
	CHECK(tsv_next(t, &row) && row.count == 2);
	tsv_unquote(t, &row);
	CHECK(row.count == 2 && row.line == 1);
	CHECK_TEXT(row.field[0], "a\tb");
	CHECK(tsv_next(t, &row) && row.line == 2);
	CHECK_TEXT(row.field[1], "d\ne");
	CHECK_TEXT(shown(t, out, 255), "|f|/");
	t = tsv_open_raw("raw");
	CHECK(tsv_next(t, &row) && row.count == 2);
	tsv_whole_row(t, &row);
	CHECK(row.count == 3 && row.length[2] == 0);
	tsv_keep_ends(t, &row);
	CHECK(row.count == 3);
	CHECK_TEXT(shown(t, out, 255), "\"c\"|\"d/e\"/|f|/");
	t = tsv_open_raw("raw");
	CHECK((line = tsv_next_line(t, &n)) != NULL && n == 6);
	CHECK(memcmp(line, "\"a\tb\"\t", 6) == 0);
	tsv_close(t);
}

static const struct text own[] = {
	{ "id\tx\n", "" },
	{ "id\tx\n1\t2\n", "1|2/" },
	{ "id\tx\n\t\n", "|/" },
	{ "id\tx\n 1\t2 \n", " 1|2 /" },
	{ "id\tx\n\"\t\"\"\n", "\"|\"\"/" },
	{ "id\tx\n1\t2\r\n", "1|2/" },
	{ "id\tx\r\n1\t\r2\r\r\n", "1|\r2/" },
	{ "#mtkd pred 1\nid\n#1\n", "#1/" },
	{ "# words\n#mtkd soft 1 a=b\n# more\nid\n7\n", "7/" },
	{ "id\n\n", "/" },
};

static const struct text bad_own[] = {
	{ "", "this is empty, expected predictions or soft targets" },
	{ "#mtkd pred 1\n", "ends before a header row" },
	{ "id\tx", "own:1: the last line does not end in a newline" },
	{ "id\tx\n1\t2", "own:2: the last line does not end in a newline" },
	{ "id\tx\n1\n", "own:2: 1 column, expected 2" },
	{ "id\tx\n1\t2\t3\n", "own:2: 3 columns, expected 2" },
	{ "id\tx\n\n", "own:2: 1 column, expected 2" },
	{ "id\tx\tid\n", "own:1: column 'id' stands twice" },
	{ "id\n1\n\xff\n", "own:3: invalid UTF-8 at byte 1 of the line" },
	{ "id\n1\n2\xc3\n", "own:3: invalid UTF-8 at byte 2 of the line" },
	{ "i\xc3\n", "own:1: invalid UTF-8 at byte 2" },
	{ "#mtkd tokens 1\nid\n",
	    "this is a table of tokens, expected predictions" },
	{ "#mtkd pre 1\nid\n", "of kind 'pre', expected pred|soft" },
	{ "#mtkd pred 2\nid\n", "version 2 of 'pred', expected 1" },
	{ "#mtkd pred\nid\n", "without version" },
	{ "#mtkd \nid\n", "without version" },
	{ "#mtkd pred 1 task\nid\n", "provenance 'task', expected key=value" },
};

/* Bad rows are told, with the fields they have, and the next one is read. */
static void
check_forgiving(void)
{
	static const struct {
		size_t line, count;
		const char *first, *fault;
	} row[] = {
		{ 2, 2, "a", NULL },
		{ 3, 1, "", "1 column, expected 2" },
		{ 4, 3, "b", "3 columns, expected 2" },
		{ 5, 2, "c", "invalid UTF-8 at byte 3 of the line" },
		{ 6, 1, "d\xff", "invalid UTF-8 at byte 2 of the line" },
		{ 7, 2, "e", NULL },
		{ 8, 2, "f",
		    "the last line does not end in a newline: the table is "
		    "cut" },
	};
	struct tsv_row got;
	struct tsv *t;

	put_text_file(
	    "own", "id\tx\na\t1\n\nb\t1\t2\nc\t\xff\nd\xff\ne\t1\nf\t1");
	t = tsv_open("own", "pred");
	tsv_forgive(t, false);
	for (size_t i = 0; i < COUNT(row); i++) {
		CHECK(tsv_next(t, &got) && got.line == row[i].line);
		CHECK(got.count == row[i].count);
		CHECK_TEXT(got.field[0], row[i].first);
		CHECK((got.fault == NULL) == (row[i].fault == NULL));
		if (got.fault != NULL && row[i].fault != NULL)
			CHECK_TEXT(got.fault, row[i].fault);
	}
	CHECK(!tsv_next(t, &got));
	tsv_close(t);
	put_text_file("own", "id\tx\na\t\xff\n");
	t = tsv_open("own", "pred");
	tsv_forgive(t, true);
	CHECK(tsv_next(t, &got) && got.fault == NULL && tsv_replaced(t) == 1);
	CHECK_TEXT(got.field[1], "\xef\xbf\xbd");
	tsv_close(t);
}

/* A fault is of its own line. */
static void
check_forgiven_lines(void)
{
	struct tsv *t;
	const char *line;
	size_t n;

	put_text_file("lines", "a\tb\n\xff\r\nc");
	t = tsv_open_raw("lines");
	tsv_forgive(t, false);
	line = tsv_next_line(t, &n);
	CHECK(n == 3 && memcmp(line, "a\tb", n) == 0);
	CHECK(tsv_line_fault(t) == NULL);
	CHECK(tsv_next_line(t, &n) != NULL && n == 1);
	CHECK_TEXT(tsv_line_fault(t), "invalid UTF-8 at byte 1 of the line");
	line = tsv_next_line(t, &n);
	CHECK(n == 1 && *line == 'c' && tsv_line_fault(t) == NULL);
	CHECK(tsv_next_line(t, &n) == NULL);
	tsv_close(t);
}

static void
run_need(const void *unused)
{
	(void)unused;
	tsv_need(tsv_open("own", "pred"), "label");
}

static void
check_meta(void)
{
	struct tsv *t;
	struct tsv_row row;

	put_text_file(
	    "own", "#mtkd pred 1 task=rte split= note=a=b\nid\tscore\n1\t2\n");
	CHECK(refused(run_need, NULL, "own:2: no column 'label'"));
	t = tsv_open("own", "pred");
	CHECK_TEXT(tsv_kind(t), "pred");
	CHECK_TEXT(tsv_meta(t, "task"), "rte");
	CHECK_TEXT(tsv_meta(t, "split"), "");
	CHECK_TEXT(tsv_meta(t, "note"), "a=b");
	CHECK(tsv_meta(t, "seed") == NULL);
	CHECK_TEXT(tsv_provenance(t), "#mtkd pred 1 task=rte split= note=a=b");
	CHECK(tsv_columns(t) == 2 && tsv_find(t, "score") == 1);
	CHECK(tsv_find(t, "scor") == (size_t)-1 && tsv_need(t, "id") == 0);
	CHECK_TEXT(tsv_column(t, 1), "score");
	CHECK(tsv_next(t, &row) && row.line == 3 && tsv_line(t) == 3);
	CHECK(!tsv_next(t, &row) && !tsv_next(t, &row));
	CHECK_TEXT(tsv_path(t), "own");
	tsv_close(t);
}

/* Random bytes: every line either comes apart at its tabs or is refused. */
static void
run_raw(const void *unused)
{
	char out[256];

	(void)unused;
	shown(tsv_open_raw("raw"), out, 255);
}

static void
check_noise(void)
{
	static const char byte[] = "\t\t\n\r\"\"a \xc3\xa9#";
	struct rng r = rng_key(8, 0, 0);
	bool good = true;

	for (uint64_t k = 0; k < 300; k++) {
		char text[40], message[256];
		size_t n = (size_t)rng_below(r, 64 * k, 40);
		int status;

		for (size_t i = 0; i < n; i++)
			text[i] = byte[rng_below(r, 64 * k + 1 + i, 11)];
		put_file("raw", text, n);
		put_file("own", text, n);
		status = refused_status(run_raw, NULL, message, 256);
		good &= status == (utf8_check(text, n) == n ? 0 : 1);
		status = refused_status(read_all, &own_reader, message, 256);
		good &= status == 0 || status == 1;
	}
	CHECK_NAMED("noise is read or refused", good);
}

/*
 * Our own tables come apart where libcsv would take them apart: random fields,
 * read with a header as one of ours and without as a raw table.
 */
static void
check_twin(void)
{
	static const char byte[] = "\t\t\t\"\r ,x\xc3\xa9";
	struct rng r = rng_key(9, 0, 0);
	bool same = true;

	for (uint64_t k = 0; k < 300; k++) {
		char text[128], own_rows[256], raw_rows[256];
		size_t n = 0, head = 0;

		for (uint64_t i = rng_below(r, 64 * k, 40); i > 0; i--) {
			uint64_t b = rng_below(r, 64 * k + i, 9);

			text[n++] = byte[b];
			if (b == 8)
				text[n++] = byte[9];
		}
		memmove(text + 1, text, n); /* raw lines lose outer spaces */
		text[0] = text[n + 1] = '.';
		text[n + 2] = '\n';
		n += 3;
		put_file("raw", text, n);
		for (size_t i = 0; i < n; i++)
			head += text[i] == '\t';
		memmove(text + 2 * head + 2, text, n);
		for (size_t i = 0; i <= head; i++) {
			text[2 * i] = (char)('0' + i);
			text[2 * i + 1] = i < head ? '\t' : '\n';
		}
		put_file("own", text, n + 2 * head + 2);
		shown(tsv_open("own", "pred"), own_rows, 255);
		shown(tsv_open_raw("raw"), raw_rows, 255);
		same &= strcmp(own_rows, raw_rows) == 0;
	}
	CHECK_NAMED("our own tables come apart as libcsv has it", same);
}

int
main(void)
{
	static const char *const files[] = { "raw", "own", "csv", "lines" };
	char folder[] = "/tmp/t-tsv-XXXXXX";

	own_folder(folder);
	check_raw();
	check_tables(&csv_reader, csv, COUNT(csv), bad_csv, COUNT(bad_csv));
	check_again();
	check_tables(&own_reader, own, COUNT(own), bad_own, COUNT(bad_own));
	check_forgiving();
	check_forgiven_lines();
	check_meta();
	check_noise();
	check_twin();
	remove_folder(folder, files, 4);
	return check_done();
}
