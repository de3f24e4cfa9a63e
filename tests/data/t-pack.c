/*
 * Packs: rows come back, at any alignment; whatever is wrong is refused.
 */
#include "check.h"
#include "refused.h"

#include "base/file.h"
#include "base/mem.h"
#include "data/pack.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const files[] = { "a.st", "b.st", "c.st", "d.st" };
static char *labels[] = { "no", "yes" };
static const struct pack_head head = { "rte", "train", NULL,
	{ TASK_CLASSIFICATION, 2, labels }, VOCAB, false, true, 6, 0, NULL };

static void
write_rows(const char *path)
{
	static const int32_t tokens[] = { 101, 7, 102, 9, 10, 102 };
	struct pack_writer *w = pack_create(path, &head);

	pack_add(w, "a", tokens, 6, 3, 1, 77, false);
	pack_add(w, "\xc3\xa9t\xc3\xa9", tokens, 3, 3, NAN, 5, true);
	pack_add(w, "10", tokens + 1, 1, 0, 0, 0, true);
	pack_commit(w);
}

static void
check_rows(const struct pack *p, const char *how)
{
	char *id = pack_id(p, 1);
	size_t n;

	CHECK_NAMED(how, p->rows == 3 && p->tokens_total == 10);
	CHECK_TEXT(p->task, "rte");
	CHECK_TEXT(p->split, "train");
	CHECK_TEXT(p->head, "rte");
	CHECK(p->labels.type == TASK_CLASSIFICATION && p->labels.classes == 2);
	CHECK_TEXT(p->labels.name[0], "no");
	CHECK_TEXT(p->labels.name[1], "yes");
	CHECK(strcmp(p->vocab, VOCAB) == 0);
	CHECK(!p->cased && p->reversed);
	CHECK(p->max_length == 6 && p->truncated == 2);
	CHECK(p->starts[1] == 6 && p->starts[2] == 9 && p->starts[3] == 10);
	CHECK(p->tokens[0] == 101 && p->tokens[6] == 101 && p->tokens[9] == 7);
	CHECK(p->segment_a[0] == 3 && p->segment_a[2] == 0);
	CHECK(p->label[0] == 1 && isnan(p->label[1]) && p->label[2] == 0);
	CHECK(p->group[0] == 0 && p->group[1] == 1 && p->group[2] == 2);
	CHECK(strcmp(id, "\xc3\xa9t\xc3\xa9") == 0);
	CHECK(memcmp(pack_id_bytes(p, 2, &n), "10", 2) == 0 && n == 2);
	free(id);
}

static void
test_round_trip(void)
{
	struct pack *p;

	write_rows("a.st");
	p = pack_open("a.st");
	check_rows(p, "a pack comes back");
	CHECK_NAMED("tokens are used in place",
	    (const void *)p->tokens == st_find(p->file, "tokens")->data);
	pack_close(p);
}

/* One space more in the header: no tensor is aligned any more. */
static void
test_unaligned(void)
{
	size_t n;
	char *bytes = file_slurp("a.st", &n);
	uint64_t header;
	FILE *f = fopen("b.st", "w");
	struct pack *p;

	memcpy(&header, bytes, 8);
	header++;
	fwrite(&header, 8, 1, f);
	fwrite(bytes + 8, 1, header - 1, f);
	fwrite(" ", 1, 1, f);
	fwrite(bytes + 7 + header, 1, n - 7 - header, f);
	fclose(f);
	p = pack_open("b.st");
	check_rows(p, "an unaligned pack comes back");
	CHECK_NAMED("tokens are a copy",
	    (const void *)p->tokens != st_find(p->file, "tokens")->data);
	pack_close(p);
	free(bytes);
}

/* An open pack is what it was, whatever is written over its file, or cut. */
static void
test_overwritten(void)
{
	size_t n;
	char *bytes;
	struct pack *p;

	write_rows("b.st");
	p = pack_open("b.st");
	bytes = file_slurp("b.st", &n);
	memset(bytes, 0x7f, n);
	put_file("b.st", bytes, n);
	check_rows(p, "an open pack whose file was overwritten");
	put_file("b.st", bytes, 0);
	check_rows(p, "an open pack whose file was cut");
	pack_close(p);
	free(bytes);
}

static void
test_no_rows(void)
{
	struct pack *p;

	pack_commit(pack_create("b.st", &head));
	p = pack_open("b.st");
	CHECK(p->rows == 0 && p->tokens_total == 0);
	pack_close(p);
}

static void
test_ranking(void)
{
	struct pack_head ranking = head;
	int32_t tokens[] = { 101, 102 };
	struct pack_writer *w;
	struct pack *p;

	ranking.labels.type = TASK_RANKING;
	ranking.head = "qnli";
	ranking.cased = true;
	ranking.reversed = false;
	w = pack_create("b.st", &ranking);
	pack_add(w, "0", tokens, 2, 2, 0, 4, false);
	pack_add(w, "1", tokens, 2, 2, 1, 4, false);
	pack_add(w, "2", tokens, 2, 2, 1, 9, false);
	pack_commit(w);
	p = pack_open("b.st");
	CHECK(p->labels.type == TASK_RANKING && p->cased && !p->reversed);
	CHECK_TEXT(p->head, "qnli");
	CHECK(p->group[0] == 4 && p->group[1] == 4 && p->group[2] == 9);
	pack_close(p);
}

/* --- one fault each, in an otherwise good pack of two rows --- */

enum part { TOKENS, STARTS, SPLIT, LABEL, GROUP, ID_BYTES, ID_STARTS, PARTS };

static const struct fault {
	const char *words;
	const char *key, *value; /* metadata to set; value NULL: leave out */
	int part;		 /* tensor to change, if key is NULL */
	size_t at;
	double to;   /* the new element; NAN: leave the tensor out */
	size_t more; /* or this many more elements */
} faults[] = {
	{ "mtkd is 'pack 3'", "mtkd", "pack 3", 0, 0, 0, 0 },
	{ "not a pack", "mtkd", NULL, 0, 0, 0, 0 },
	{ "no 'task'", "task", NULL, 0, 0, 0, 0 },
	{ "task is ''", "task", "", 0, 0, 0, 0 },
	{ "task is 'a b'", "task", "a b", 0, 0, 0, 0 },
	{ "no 'split'", "split", NULL, 0, 0, 0, 0 },
	{ "no 'head'", "head", NULL, 0, 0, 0, 0 },
	{ "type is 'x'", "type", "x", 0, 0, 0, 0 },
	{ "labels is 'no,yes'", "type", "regression", 0, 0, 0, 0 },
	{ "two names", "labels", "no", 0, 0, 0, 0 },
	{ "expected names", "labels", "no,", 0, 0, 0, 0 },
	{ "expected names", "labels", "", 0, 0, 0, 0 },
	{ "each name once", "labels", "no,no", 0, 0, 0, 0 },
	{ "expected names", "labels", "no,-", 0, 0, 0, 0 },
	{ "expected names", "labels", "group,no", 0, 0, 0, 0 },
	{ "head is 'a.b'", "head", "a.b", 0, 0, 0, 0 },
	{ "vocab is", "vocab", "0011", 0, 0, 0, 0 },
	{ "case is 'x'", "case", "x", 0, 0, 0, 0 },
	{ "order is 'aa'", "order", "aa", 0, 0, 0, 0 },
	{ "max_length is '0'", "max_length", "0", 0, 0, 0, 0 },
	{ "max_length is '1e1'", "max_length", "1e1", 0, 0, 0, 0 },
	{ "more tokens than", "max_length", "2", 0, 0, 0, 0 },
	{ "truncated is '-1'", "truncated", "-1", 0, 0, 0, 0 },
	{ "truncated is '3'", "truncated", "3", 0, 0, 0, 0 },
	{ "no tensor 'tokens'", NULL, NULL, TOKENS, 0, NAN, 0 },
	{ "no tensor 'id_starts'", NULL, NULL, ID_STARTS, 0, NAN, 0 },
	{ "token 4 is -1", NULL, NULL, TOKENS, 4, -1, 0 },
	{ "expected 0 to 7", NULL, NULL, TOKENS, 0, 101, 1 },
	{ "starts runs from 1", NULL, NULL, STARTS, 0, 1, 0 },
	{ "starts runs from 0 to 4", NULL, NULL, STARTS, 2, 4, 0 },
	{ "starts: row 0", NULL, NULL, STARTS, 1, 0, 0 },
	{ "starts: row 1", NULL, NULL, STARTS, 1, 9e15, 0 },
	{ "starts: row 0", NULL, NULL, STARTS, 1, -4, 0 },
	{ "tensor 'split' has 3", NULL, NULL, SPLIT, 0, 0, 1 },
	{ "row 1, id 'bc': split", NULL, NULL, SPLIT, 1, 3, 0 },
	{ "row 0, id 'a': split", NULL, NULL, SPLIT, 0, -1, 0 },
	{ "number of a class", NULL, NULL, LABEL, 0, 2, 0 },
	{ "number of a class", NULL, NULL, LABEL, 1, 0.5, 0 },
	{ "number of a class", NULL, NULL, LABEL, 1, -1, 0 },
	{ "number of a class", NULL, NULL, LABEL, 1, INFINITY, 0 },
	{ "tensor 'group' has 4", NULL, NULL, GROUP, 0, 0, 2 },
	{ "own number", NULL, NULL, GROUP, 1, 0, 0 },
	{ "row 0: the id is not valid", NULL, NULL, ID_BYTES, 0, 255, 0 },
	{ "row 0: the id holds", NULL, NULL, ID_BYTES, 0, '\t', 0 },
	{ "row 1: the id holds", NULL, NULL, ID_BYTES, 2, '\n', 0 },
	{ "row 1: the id holds", NULL, NULL, ID_BYTES, 2, 0, 0 },
	{ "id_starts runs from 0 to 3", NULL, NULL, ID_BYTES, 0, 'a', 1 },
	{ "id_starts: row 0", NULL, NULL, ID_STARTS, 1, 0, 0 },
	{ "tensor 'id_starts' has 4", NULL, NULL, ID_STARTS, 0, 0, 1 },
	{ NULL, NULL, NULL, -1, 0, 0, 0 } /* no fault */
};

static const struct {
	const char *name;
	enum st_type type;
	size_t count;
	double element[6];
} sound[PARTS] = {
	{ "tokens", ST_I32, 6, { 101, 7, 8, 102, 101, 102 } },
	{ "starts", ST_I64, 3, { 0, 4, 6 } },
	{ "split", ST_I32, 2, { 2, 1 } },
	{ "label", ST_F32, 2, { 1, 0 } },
	{ "group", ST_I32, 2, { 0, 1 } },
	{ "id_bytes", ST_U8, 3, { 'a', 'b', 'c' } },
	{ "id_starts", ST_I64, 3, { 0, 1, 3 } },
};

static void
set(void *data, enum st_type type, size_t i, double x)
{
	if (type == ST_I64)
		((int64_t *)data)[i] = (int64_t)x;
	else if (type == ST_I32)
		((int32_t *)data)[i] = (int32_t)x;
	else if (type == ST_F32)
		((float *)data)[i] = (float)x;
	else
		((uint8_t *)data)[i] = (uint8_t)x;
}

static void
put_metadata(struct st_writer *w, const struct fault *fault)
{
	static const char *const meta[][2] = { { "mtkd", "pack 1" },
		{ "task", "rte" }, { "split", "dev" }, { "head", "rte" },
		{ "type", "classification" }, { "labels", "no,yes" },
		{ "vocab", VOCAB }, { "case", "lower" }, { "max_length", "4" },
		{ "truncated", "0" }, { "order", "ab" } };

	for (size_t i = 0; i < sizeof(meta) / sizeof(meta[0]); i++) {
		const char *value = meta[i][1];

		if (fault->key != NULL && strcmp(fault->key, meta[i][0]) == 0)
			value = fault->value;
		if (value != NULL)
			st_put_meta(w, meta[i][0], value);
	}
}

static void
write_fault(const struct fault *fault, const char *path)
{
	struct st_writer *w = st_create(path);
	uint64_t room[PARTS][8] = { { 0 } };

	put_metadata(w, fault);
	for (int i = 0; i < PARTS; i++) {
		bool here = fault->key == NULL && fault->part == i;
		size_t count = sound[i].count;

		for (size_t k = 0; k < count; k++)
			set(room[i], sound[i].type, k, sound[i].element[k]);
		if (here && isnan(fault->to))
			continue;
		if (here)
			set(room[i], sound[i].type, fault->at, fault->to);
		count += here ? fault->more : 0;
		st_add(w, sound[i].name, sound[i].type, 1, &count, room[i]);
	}
	st_commit(w);
}

static void
open_it(const void *path)
{
	pack_close(pack_open(path));
}

static void
test_faults(void)
{
	char message[1024];

	for (const struct fault *f = faults;; f++) {
		write_fault(f, "c.st");
		if (f->words == NULL)
			break;
		CHECK_NAMED(f->words, refused(open_it, "c.st", f->words));
	}
	CHECK_NAMED("without a fault it opens",
	    refused_status(open_it, "c.st", message, sizeof(message)) == 0);
}

static void
open_ranking(const void *path)
{
	struct fault type = { NULL, "type", "ranking", 0, 0, 0, 0 };
	struct st_writer *w;
	int64_t starts[] = { 0, 1, 2 };
	int32_t one[] = { 1, 1 }, group[] = { 1, 0 };
	float label[] = { 0, 1 };

	w = st_create(path);
	put_metadata(w, &type);
	st_add(w, "tokens", ST_I32, 1, (size_t[]){ 2 }, one);
	st_add(w, "starts", ST_I64, 1, (size_t[]){ 3 }, starts);
	st_add(w, "split", ST_I32, 1, (size_t[]){ 2 }, one);
	st_add(w, "label", ST_F32, 1, (size_t[]){ 2 }, label);
	st_add(w, "group", ST_I32, 1, (size_t[]){ 2 }, group);
	st_add(w, "id_bytes", ST_U8, 1, (size_t[]){ 2 }, "ab");
	st_add(w, "id_starts", ST_I64, 1, (size_t[]){ 3 }, starts);
	st_commit(w);
	open_it(path);
}

/* --- what the writer refuses --- */

struct row {
	const char *words, *id;
	int32_t token;
	size_t count, segment_a;
	float label;
	int32_t group;
	enum task_type type;
};

static void
write_row(const void *state)
{
	const struct row *row = state;
	int32_t tokens[8] = { 101, row->token, 102 };
	struct pack_head h = head;
	struct pack_writer *w;

	h.labels.type = row->type;
	h.labels.classes = row->type == TASK_REGRESSION ? 0 : 2;
	w = pack_create("d.st", &h);
	pack_add(w, "first", tokens + 2, 1, 1, 0, 3, false);
	pack_add(w, row->id, tokens, row->count, row->segment_a, row->label,
	    row->group, false);
	pack_commit(w);
}

static const struct row rows[] = {
	{ "id is empty", "", 7, 3, 3, 0, 3, TASK_CLASSIFICATION },
	{ "holds a NUL, tab", "a\tb", 7, 3, 3, 0, 3, TASK_CLASSIFICATION },
	{ "not valid UTF-8", "\xff", 7, 3, 3, 0, 3, TASK_CLASSIFICATION },
	{ "below 0", "b", -7, 3, 3, 0, 3, TASK_CLASSIFICATION },
	{ "max_length", "b", 7, 0, 0, 0, 3, TASK_CLASSIFICATION },
	{ "max_length", "b", 7, 7, 0, 0, 3, TASK_CLASSIFICATION },
	{ "split", "b", 7, 3, 4, 0, 3, TASK_CLASSIFICATION },
	{ "number of a class", "b", 7, 3, 3, 2, 3, TASK_CLASSIFICATION },
	{ "number of a class", "b", 7, 3, 3, 0.5f, 3, TASK_RANKING },
	{ "infinite", "b", 7, 3, 3, INFINITY, 3, TASK_REGRESSION },
	{ "groups go down", "b", 7, 3, 3, 0, 2, TASK_RANKING },
	{ "row 1: id 'first' stood in row 0", "first", 7, 3, 3, 0, 3,
	    TASK_CLASSIFICATION },
};

static void
test_writer(void)
{
	struct row good = rows[0];
	char message[1024];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_NAMED(
		    rows[i].words, refused(write_row, &rows[i], rows[i].words));
	CHECK_NAMED("nothing is left behind", !file_exists("d.st"));
	good.id = "b";
	good.label = 4.5f;
	good.type = TASK_REGRESSION;
	CHECK_NAMED("without a fault it is written",
	    refused_status(write_row, &good, message, sizeof(message)) == 0);
	open_it("d.st");
}

static bool
same_bytes(const void *a, const void *b, size_t n)
{
	return n == 0 || memcmp(a, b, n) == 0;
}

/* Every value that the network, or a person, is told. */
static bool
same_pack(const struct pack *a, const struct pack *b)
{
	size_t count = a->rows, n = count * sizeof(int32_t), which;
	bool same =
	    strcmp(a->task, b->task) == 0 && strcmp(a->head, b->head) == 0 &&
	    strcmp(a->split, b->split) == 0 &&
	    strcmp(a->vocab, b->vocab) == 0 &&
	    labels_compare(&which, &a->labels, &b->labels) == LABELS_SAME &&
	    a->cased == b->cased && a->reversed == b->reversed &&
	    a->max_length == b->max_length && a->truncated == b->truncated &&
	    count == b->rows && a->tokens_total == b->tokens_total;

	return same &&
	       same_bytes(a->tokens, b->tokens,
		   a->tokens_total * sizeof(*a->tokens)) &&
	       same_bytes(
		   a->starts, b->starts, (count + 1) * sizeof(*a->starts)) &&
	       same_bytes(a->id_starts, b->id_starts,
		   (count + 1) * sizeof(*a->starts)) &&
	       same_bytes(a->segment_a, b->segment_a, n) &&
	       same_bytes(a->label, b->label, n) &&
	       same_bytes(a->group, b->group, n) &&
	       same_bytes(
		   a->id_bytes, b->id_bytes, (size_t)a->id_starts[count]);
}

/* Ends with status 3 where c.st opens as anything else than a.st. */
static void
open_same(const void *path)
{
	struct pack *p = pack_open(path), *q = pack_open("a.st");

	if (!same_pack(p, q))
		_exit(3);
}

static void
test_damage(void)
{
	size_t n, cut = 0, passed = 0;
	char *bytes = file_slurp("a.st", &n), message[1024];

	for (size_t i = 0; i < n; i += i < n - 40 ? 3 : 1) {
		put_file("c.st", bytes, i);
		cut += refused_status(
			   open_it, "c.st", message, sizeof(message)) != 1;
	}
	for (size_t i = 0; i < n; i++) {
		char was = bytes[i];
		int status;

		bytes[i] ^= (char)(was >= '0' && was <= '9' ? 1 : 1 << i % 8);
		put_file("c.st", bytes, n);
		status =
		    refused_status(open_same, "c.st", message, sizeof(message));
		if (status != 1 && status != 0)
			printf(
			    "# byte %zu, 0x%02x: status %d\n", i, was, status);
		passed += status != 1 && status != 0;
		bytes[i] = was;
	}
	CHECK_NAMED("cut packs are refused", cut == 0);
	CHECK_NAMED(
	    "every byte changed: refused, or of no effect", passed == 0);
	free(bytes);
}

/* What earlier versions wrote has no checksum of its metadata, and opens. */
static void
test_version_1(void)
{
	static const struct fault none = { NULL, "", NULL, 0, 0, 0, 0 };
	struct pack *p;

	write_fault(&none, "c.st");
	p = pack_open("c.st");
	CHECK_TEXT(st_meta(p->file, "mtkd"), "pack 1");
	CHECK(st_meta(p->file, "metadata_crc32") == NULL);
	pack_close(p);
	p = pack_open("a.st");
	CHECK_TEXT(st_meta(p->file, "mtkd"), "pack 2");
	CHECK(st_meta(p->file, "metadata_crc32") != NULL);
	pack_close(p);
}

int
main(void)
{
	char folder[] = "/tmp/t-pack.XXXXXX";

	own_folder(folder);
	test_round_trip();
	test_unaligned();
	test_overwritten();
	test_no_rows();
	test_ranking();
	test_faults();
	CHECK(refused(open_ranking, "c.st", "groups go down"));
	test_writer();
	test_damage();
	test_version_1();
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
