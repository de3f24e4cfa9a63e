/*
 * Packs of sets of labels: they come back, a byte a label; whatever is wrong
 * is refused, and so are packs cut or changed at any byte.
 */
#include "check.h"
#include "refused.h"

#include "base/file.h"
#include "base/mem.h"
#include "data/pack.h"
#include "data/packrows.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const files[] = { "a.st", "b.st", "c.st" };
static char *labels[] = { "pet", "home", "rest" };
static const struct pack_head head = { "tags", "train", NULL,
	{ TASK_MULTILABEL, 3, labels }, VOCAB, false, true, 6, 0, NULL };
static const int32_t tokens[] = { 101, 7, 102 };
static const uint8_t two[] = { 1, 0, 1 }, none[] = { 0, 0, 0 };

static void
write_rows(const char *path)
{
	struct pack_writer *w = pack_create(path, &head);

	pack_add_set(w, "a", tokens, 3, 3, two, false);
	pack_add_set(w, "b", tokens, 3, 3, NULL, false);
	pack_add_set(w, "c", tokens, 2, 2, none, true);
	pack_commit(w);
}

static void
test_round_trip(void)
{
	static const char *const text[] = { "pet,rest", "-", "" };
	static const uint8_t all[] = { 1, 0, 1, 255, 255, 255, 0, 0, 0 };
	struct buf b = { 0 };
	struct pack *p;

	write_rows("a.st");
	p = pack_open("a.st");
	CHECK(p->rows == 3 && p->labels.type == TASK_MULTILABEL &&
	      p->labels.classes == 3 && p->truncated == 1);
	CHECK(memcmp(p->applies, all, sizeof(all)) == 0);
	CHECK(p->label[0] == 0 && isnan(p->label[1]) && p->label[2] == 0);
	CHECK(p->group[0] == 0 && p->group[2] == 2);
	CHECK_TEXT(st_meta(p->file, "type"), "multilabel");
	CHECK_TEXT(st_meta(p->file, "mtkd"), "pack 2");
	for (size_t r = 0; r < 3; r++) {
		buf_clear(&b);
		pack_put_label(&b, p, r);
		CHECK_TEXT(buf_string(&b), text[r]);
	}
	buf_free(&b);
	pack_close(p);
	pack_commit(pack_create("b.st", &head));
	p = pack_open("b.st");
	CHECK(p->rows == 0 && p->applies != NULL);
	pack_close(p);
}

/* --- faults --- */

static const struct fault {
	const char *words, *version;
	enum st_type type;
	size_t rank, shape[2];
	uint8_t label[8];
} faults[] = { { "'pack 2' for multilabel", "pack 1", ST_U8, 2, { 2, 3 },
		   { 0 } },
	{ "label", "pack 2", ST_F32, 1, { 2 }, { 0 } },
	{ "label", "pack 2", ST_U8, 1, { 6 }, { 0 } },
	{ "3 rows of 2 labels, expected 2 of 3", "pack 2", ST_U8, 2, { 3, 2 },
	    { 0 } },
	{ "1 row of 3 labels", "pack 2", ST_U8, 2, { 1, 3 }, { 0 } },
	{ "row 0, id 'a': the labels are not all 0 or 1", "pack 2", ST_U8, 2,
	    { 2, 3 }, { 0, 2, 0 } },
	{ "row 1, id 'b': the labels are not all", "pack 2", ST_U8, 2, { 2, 3 },
	    { 0, 0, 0, 255, 255, 1 } },
	{ "row 1, id 'b': the labels are not all", "pack 2", ST_U8, 2, { 2, 3 },
	    { 0, 0, 0, 1, 255, 255 } },
	{ NULL, "pack 2", ST_U8, 2, { 2, 3 }, { 1, 0, 1, 255, 255, 255 } } };

static void
open_fault(const void *state)
{
	static const char *const meta[][2] = { { "task", "tags" },
		{ "split", "dev" }, { "head", "tags" },
		{ "type", "multilabel" }, { "labels", "pet,home,rest" },
		{ "vocab", VOCAB }, { "case", "lower" }, { "max_length", "4" },
		{ "truncated", "0" }, { "order", "ab" } };
	const struct fault *f = state;
	static const int64_t starts[] = { 0, 1, 2 };
	static const int32_t one[] = { 1, 1 }, group[] = { 0, 1 };
	struct st_writer *w = st_create("c.st");

	st_put_meta(w, "mtkd", f->version);
	for (size_t i = 0; i < COUNT(meta); i++)
		st_put_meta(w, meta[i][0], meta[i][1]);
	st_add(w, "tokens", ST_I32, 1, (size_t[]){ 2 }, one);
	st_add(w, "starts", ST_I64, 1, (size_t[]){ 3 }, starts);
	st_add(w, "split", ST_I32, 1, (size_t[]){ 2 }, one);
	st_add(w, "label", f->type, f->rank, f->shape, f->label);
	st_add(w, "group", ST_I32, 1, (size_t[]){ 2 }, group);
	st_add(w, "id_bytes", ST_U8, 1, (size_t[]){ 2 }, "ab");
	st_add(w, "id_starts", ST_I64, 1, (size_t[]){ 3 }, starts);
	st_commit(w);
	pack_close(pack_open("c.st"));
}

static void
test_faults(void)
{
	char message[1024];
	size_t i = 0;

	for (; faults[i].words != NULL; i++)
		CHECK_NAMED(faults[i].words,
		    refused(open_fault, &faults[i], faults[i].words));
	CHECK_NAMED("without a fault it opens",
	    refused_status(open_fault, &faults[i], message, sizeof(message)) ==
		0);
}

static void
write_bad(const void *state)
{
	static const uint8_t bad[] = { 0, 3, 0 };
	struct pack_writer *w = pack_create("b.st", &head);

	if (*(const int *)state == 0)
		pack_add_set(w, "a", tokens, 3, 3, bad, false);
	else
		pack_add(w, "a", tokens, 3, 3, 1, 0, false);
	pack_commit(w);
}

static void
open_it(const void *path)
{
	pack_close(pack_open(path));
}

static void
test_damage(void)
{
	size_t n, opened = 0;
	char *bytes = file_slurp("a.st", &n), message[1024];

	for (size_t i = 0; i < n; i += 7) {
		put_file("c.st", bytes, i);
		opened += refused_status(
			      open_it, "c.st", message, sizeof(message)) == 0;
	}
	CHECK_NAMED("every prefix is refused", opened == 0);
	/* The labels are the last bytes but the ids. */
	for (size_t i = n - 16; i < n; i++) {
		bytes[i] ^= 1;
		put_file("c.st", bytes, n);
		bytes[i] ^= 1;
		opened += refused_status(
			      open_it, "c.st", message, sizeof(message)) == 0;
	}
	CHECK_NAMED("every changed byte is noticed", opened == 0);
	free(bytes);
}

int
main(void)
{
	char folder[] = "/tmp/t-packset.XXXXXX";
	static const int kinds[] = { 0, 1 };

	own_folder(folder);
	test_round_trip();
	test_faults();
	CHECK(refused(write_bad, &kinds[0], "the labels are not all 0 or 1"));
	CHECK(refused(write_bad, &kinds[1], "labels of another type"));
	test_damage();
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
