/*
 * Tensor files: what is written is read, what is wrong is refused.
 */
#include "check.h"
#include "refused.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/st.h"

static const char *const files[] = { "a.st", "b.st", "c.st" };

static void
write_all(const char *path)
{
	static const uint8_t u8[3] = { 1, 2, 255 };
	static const float f32[6] = { 0.5f, -1.25f, 3e-39f, 7, 8, 9 };
	static const double f64[2] = { 0.1, -1e300 };
	static const int64_t i64[1] = { -9007199254740993 };
	static const int32_t i32[2] = { -5, 6 };
	static const uint16_t f16[2] = { 0x3c00, 0xc000 };
	struct st_writer *w = st_create(path);
	FILE *stream = tmpfile();

	st_put_meta(w, "format", "pt");
	st_put_meta(w, "name", "first");
	st_put_meta(w, "name", "a \"quoted\"\n\xc3\xa9");
	st_add(w, "bytes", ST_U8, 1, (size_t[]){ 3 }, u8);
	st_add(w, "half", ST_F16, 1, (size_t[]){ 2 }, f16);
	st_add(w, "brain", ST_BF16, 2, (size_t[]){ 2, 1 }, f16);
	st_add(w, "weight", ST_F32, 2, (size_t[]){ 2, 3 }, f32);
	fwrite(i32, sizeof(*i32), 2, stream);
	st_add_stream(w, "whole", ST_I32, 1, (size_t[]){ 2 }, stream);
	st_add(w, "long", ST_I64, 0, NULL, i64);
	st_add(w, "nothing", ST_F32, 2, (size_t[]){ 4, 0 }, NULL);
	st_add(w, "double", ST_F64, 1, (size_t[]){ 2 }, f64);
	st_commit(w);
	fclose(stream);
}

static void
test_round_trip(void)
{
	static const char *const order[] = { "nothing", "long", "double",
		"weight", "whole", "half", "brain", "bytes" };
	const struct st_tensor *t;
	struct st *s;
	double d[6];
	float f[6];
	bool aligned = true, in_order = true;

	write_all("a.st");
	s = st_open("a.st");
	CHECK(st_count(s) == 8);
	CHECK_TEXT(st_meta(s, "format"), "pt");
	CHECK_NAMED("metadata come back",
	    strcmp(st_meta(s, "name"), "a \"quoted\"\n\xc3\xa9") == 0);
	CHECK(st_meta(s, "nowhere") == NULL);
	CHECK(st_meta_count(s) == 4);
	CHECK(st_check(s));
	for (size_t i = 0; i < st_count(s); i++) {
		t = st_at(s, i);
		in_order &= strcmp(t->name, order[i]) == 0;
		aligned &= (uintptr_t)t->data % st_type_size(t->type) == 0;
	}
	CHECK_NAMED("largest elements first, then as added", in_order);
	CHECK_NAMED("all data are aligned", aligned);
	CHECK(st_offset(s, 0) % 64 == 0);
	CHECK(st_find(s, "weigh") == NULL && st_find(s, "weight2") == NULL);

	t = st_need(s, "weight", ST_F32, 2);
	CHECK(t->shape[0] == 2 && t->shape[1] == 3 && t->count == 6);
	st_get_float(f, t, 1, 2);
	CHECK(f[0] == -1.25f && f[1] == 3e-39f);
	st_get_double(d, t, 5, 1);
	CHECK(d[0] == 9);
	st_get_double(d, st_need(s, "long", ST_I64, 0), 0, 1);
	CHECK(d[0] == -9007199254740992.0);
	st_get_double(d, st_find(s, "double"), 0, 2);
	CHECK(d[0] == 0.1 && d[1] == -1e300);
	st_get_float(f, st_find(s, "double"), 0, 1);
	CHECK(f[0] == 0.1f);
	st_get_float(f, st_find(s, "half"), 0, 2);
	CHECK(f[0] == 1 && f[1] == -2);
	st_get_float(f, st_find(s, "brain"), 1, 1);
	CHECK(f[0] == -2);
	st_get_double(d, st_find(s, "brain"), 1, 1);
	CHECK(d[0] == -2);
	st_get_float(f, st_find(s, "bytes"), 2, 1);
	CHECK(f[0] == 255);
	st_get_float(f, st_find(s, "whole"), 0, 2);
	CHECK(f[0] == -5 && f[1] == 6);
	CHECK(st_need(s, "nothing", ST_F32, 2)->count == 0);
	st_close(s);
}

static void
test_equal_bytes(void)
{
	size_t n, m;
	char *a, *b;

	write_all("b.st");
	a = file_slurp("a.st", &n);
	b = file_slurp("b.st", &m);
	CHECK_NAMED(
	    "equal inputs give equal bytes", n == m && memcmp(a, b, n) == 0);
	free(a);
	free(b);
}

/* A file with this header and these many bytes of data. */
static void
put_raw(const char *path, const char *header, size_t data)
{
	struct buf b = { 0 };
	uint64_t n = 0;
	bool tensor = false, shaped = false;

	buf_add(&b, &n, sizeof(n));
	for (const char *p = header; *p != '\0'; p++)
		if (*p == '<') {
			buf_text(&b, "{\"dtype\":\"");
			tensor = true;
			shaped = false;
		} else if (*p == '>') {
			buf_byte(&b, '}');
			tensor = false;
		} else if (*p == ' ' && tensor) {
			buf_text(&b,
			    shaped ? ",\"data_offsets\":" : "\",\"shape\":");
			shaped = true;
		} else {
			buf_byte(&b, *p == '\'' ? '"' : *p);
		}
	n = b.size - sizeof(n);
	memcpy(b.data, &n, sizeof(n));
	for (size_t i = 0; i < data; i++)
		buf_byte(&b, 0);
	put_file(path, b.data, b.size);
	buf_free(&b);
}

static void
open_it(const void *path)
{
	struct st *s = st_open(path);

	st_check(s);
	st_close(s);
}

/*
 * Headers in short: ' for ", and <DTYPE SHAPE OFFSETS> for a tensor's map.
 */
static const struct {
	const char *header;
	size_t data;
	const char *words;
} bad[] = {
	{ "", 0, "does not start with '{'" },
	{ " {}", 0, "does not start with '{'" },
	{ "[]", 0, "does not start with '{'" },
	{ "{} {}", 0, "expected the end of the text" },
	{ "{'a':1}", 0, "expected dtype, shape and data_offsets" },
	{ "{'a':[]}", 0, "expected dtype, shape and data_offsets" },
	{ "{'a':{}}", 0, "expected dtype, shape and data_offsets" },
	{ "{'a':{'dtype':'U8','shape':[1],'x':[0,1]}}", 1,
	    "expected data_offsets" },
	{ "{'a':<I4 [1] [0,1]>}", 1, "dtype 'I4'" },
	{ "{'a':{'dtype':8,'shape':[1],'data_offsets':[0,1]}}", 1, "no dtype" },
	{ "{'a':<U8 [1] [0,1]>,'a':<U8 [1] [1,2]>}", 2, "stands twice" },
	{ "{'a':<U8 [1,1,1,1,1,1,1,1,1] [0,1]>}", 1,
	    "expected shape with 0 to 8" },
	{ "{'a':<U8 [-1] [0,1]>}", 1, "found '-1'" },
	{ "{'a':<U8 [1.0] [0,1]>}", 1, "found '1.0'" },
	{ "{'a':<U8 [1e0] [0,1]>}", 1, "found '1e0'" },
	{ "{'a':<U8 ['1'] [0,1]>}", 1, "found '1'" },
	{ "{'a':<U8 [null] [0,1]>}", 1, "found 'null'" },
	{ "{'a':<U8 [[1]] [0,1]>}", 1, "a list or map" },
	{ "{'a':<U8 [18446744073709551616] [0,1]>}", 1, "too large" },
	{ "{'a':<F64 [4294967296,4294967296] [0,0]>}", 0, "overflows" },
	{ "{'a':<F64 [2305843009213693952] [0,0]>}", 0, "overflows" },
	{ "{'a':<U8 [2] [0,1]>}", 1, "1 bytes, expected 2" },
	{ "{'a':<F32 [1] [0,1]>}", 1, "1 bytes, expected 4" },
	{ "{'a':<U8 [1] [0]>}", 1, "expected data_offsets" },
	{ "{'a':<U8 [1] [0,1,2]>}", 1, "expected data_offsets" },
	{ "{'a':<U8 [1] [1,0]>}", 1, "bytes 1 to 0 of 1" },
	{ "{'a':<U8 [2] [0,2]>}", 1, "bytes 0 to 2 of 1" },
	{ "{'a':<U8 [1] [18446744073709551615,0]>}", 1,
	    "bytes 18446744073709551615 to 0" },
	{ "{'a':<U8 [1] [0,1]>}", 2, "left over" },
	{ "{'a':<U8 [1] [1,2]>}", 2, "there is a hole" },
	{ "{'a':<U8 [2] [0,2]>,'b':<U8 [1] [1,2]>}", 2, "tensors overlap" },
	{ "{'__metadata__':[]}", 0, "is not a map" },
	{ "{'__metadata__':{'a':1}}", 0, "'a' is not a string" },
	{ "{'__metadata__':{'a':{}}}", 0, "'a' is not a string" },
	{ "{'__metadata__':{'crc32':'00000001'}}", 0, "damaged" },
	{ "{'__metadata__':{'crc32':'0'}}", 0, "damaged" },
	{ "{'__metadata__':{'header_crc32':'00000001'}}", 0, "damaged" },
	{ "{'a':<U8 [1] [0,1]>}\n#", 1, "expected the end" },
	{ "{a:<U8 [1] [0,1]>}", 1, "in double quotes" },
};

static const struct {
	const char *header;
	size_t data;
} good[] = {
	{ "{}", 0 },
	{ "{ 'b' : <F32 [1] [0,4]>\n}  \n", 4 },
	{ "{'b':<U8 [1] [2,3]>,'a':<U8 [2] [0,2]>,'e':<F64 [9,0] [2,2]>}", 3 },
	{ "{'__metadata__':{'crc32':'00000000','header_crc32':'00000000'}}",
	    0 },
};

static void
test_refusals(void)
{
	static const uint64_t long_header = 100000001, cut_header = 500;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_raw("c.st", bad[i].header, bad[i].data);
		CHECK_NAMED(
		    bad[i].words, refused(open_it, "c.st", bad[i].words));
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char message[256];

		put_raw("c.st", good[i].header, good[i].data);
		CHECK_NAMED("a header in another spelling is taken",
		    refused_status(open_it, "c.st", message, sizeof(message)) ==
			0);
	}
	put_file("c.st", &long_header, 8);
	CHECK(refused(open_it, "c.st", "header of 100000001 bytes"));
	put_file("c.st", &cut_header, 8);
	CHECK(refused(open_it, "c.st", "it is cut"));
	put_file("c.st", "", 0);
	CHECK(refused(open_it, "c.st", "this is empty"));
	CHECK(refused(open_it, "nowhere.st", "No such file"));
	CHECK(refused(open_it, ".", "is a directory"));
}

/* Every prefix, and one more byte. */
static void
test_prefixes(void)
{
	size_t n, taken = 0;
	char *bytes = file_slurp("a.st", &n), message[1024];

	for (size_t i = 0; i < n; i++) {
		put_file("c.st", bytes, i);
		taken += refused_status(
			     open_it, "c.st", message, sizeof(message)) != 1;
	}
	CHECK_NAMED("every prefix is refused", n > 700 && taken == 0);
	put_file("c.st", bytes, n + 1); /* file_slurp adds a NUL */
	CHECK(refused(open_it, "c.st", "left over"));
	free(bytes);
}

/*
 * A bit of each byte: only within the metadata may it pass, for the
 * checksums cover the table and the data.
 */
static void
test_flips(void)
{
	size_t n, passed = 0, first, last;
	char *bytes = file_slurp("a.st", &n), message[1024];

	first = (size_t)(strstr(bytes + 8, "\"__metadata__\"") - bytes);
	last = (size_t)(strstr(bytes + 8, "\"},\"") - bytes);
	for (size_t i = 0; i < n; i++) {
		bytes[i] ^= (char)(1 << i % 8);
		put_file("c.st", bytes, n);
		bytes[i] ^= (char)(1 << i % 8);
		if (refused_status(open_it, "c.st", message, sizeof(message)) !=
			1 &&
		    (i < first || i > last)) {
			printf("# byte %zu of %zu passes\n", i, n);
			passed++;
		}
	}
	CHECK_NAMED("flipped bits are refused", passed == 0);
	free(bytes);
}

static void
need_missing(const void *path)
{
	st_need(st_open(path), "absent", ST_F32, 1);
}

static void
need_type(const void *path)
{
	st_need(st_open(path), "weight", ST_F16, 2);
}

static void
need_rank(const void *path)
{
	st_need(st_open(path), "weight", ST_F32, 1);
}

static void
need_meta(const void *path)
{
	st_need_meta(st_open(path), "absent");
}

static void
write_twice(const void *path)
{
	struct st_writer *w = st_create(path);

	st_add(w, "x", ST_U8, 1, (size_t[]){ 1 }, "a");
	st_add(w, "x", ST_U8, 1, (size_t[]){ 1 }, "a");
	st_commit(w);
}

static void
write_short(const void *path)
{
	struct st_writer *w = st_create(path);

	st_add_stream(w, "x", ST_U8, 1, (size_t[]){ 1 }, tmpfile());
	st_commit(w);
}

static void
write_full(const void *path)
{
	(void)path;
	write_all("/dev/full");
}

static void
test_needs(void)
{
	CHECK(refused(need_missing, "a.st", "no tensor 'absent'"));
	CHECK(refused(need_type, "a.st", "expected F16 of rank 2"));
	CHECK(refused(need_rank, "a.st", "expected F32 of rank 1"));
	CHECK(refused(need_meta, "a.st", "no 'absent'"));
	unlink("c.st");
	CHECK(refused(write_twice, "c.st", "'x' stands twice"));
	CHECK(refused(write_short, "c.st", "1 bytes are not there"));
	CHECK_NAMED("nothing is left behind", !file_exists("c.st"));
	CHECK(refused(write_full, NULL, "No space left"));
}

/* The canonical text of mtkd-tensor(5), written out. */
static void
test_table_checksum(void)
{
	static const char text[] = "nothing F32 [4,0] 0 0\n"
				   "long I64 [] 0 8\n"
				   "double F64 [2] 8 24\n"
				   "weight F32 [2,3] 24 48\n"
				   "whole I32 [2] 48 56\n"
				   "half F16 [2] 56 60\n"
				   "brain BF16 [2,1] 60 64\n"
				   "bytes U8 [3] 64 67\n";
	struct st *s = st_open("a.st");
	char *expected = mem_printf(
	    "%08x", (unsigned)digest_crc32(0, text, sizeof(text) - 1));

	CHECK(strcmp(st_meta(s, "header_crc32"), expected) == 0);
	free(expected);
	st_close(s);
}

int
main(void)
{
	char folder[] = "/tmp/t-st.XXXXXX";

	own_folder(folder);
	test_round_trip();
	test_equal_bytes();
	test_refusals();
	test_prefixes();
	test_flips();
	test_needs();
	test_table_checksum();
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
