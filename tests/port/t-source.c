/*
 * Readers of checkpoints: every prefix of every file is refused, and what is
 * built to mislead: archives, tables and tensors that say more than is there.
 */
#include "check.h"
#include "refused.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "port/sourceindex.h"
#include "port/sourcest.h"
#include "port/sourcetf.h"
#include "port/sourcetorch.h"
#include "port/sstable.h"
#include "port/zip.h"

static const char *const files[] = { "x.bin", "x.index",
	"x.data-00000-of-00001", "x.safetensors", "x.safetensors.index.json",
	"model-00001-of-00002.safetensors",
	"model-00002-of-00002.safetensors" };

static char *
fixture(const char *folder, const char *name)
{
	return mem_printf("%s/tests/tools/data/bert-import/%s", folder, name);
}

static void
copy_file(const char *from, const char *to)
{
	size_t n;
	char *bytes = file_slurp(from, &n);

	put_file(to, bytes, n);
	free(bytes);
}

static void
read_torch(const void *path)
{
	source_free(source_torch(path));
}

static void
read_safetensors(const void *path)
{
	source_free(source_safetensors(path));
}

static void
read_index(const void *path)
{
	source_free(source_index(path, SOURCE_SAFETENSORS));
}

static void
read_tensorflow(const void *prefix)
{
	source_free(source_tensorflow(prefix));
}

/* --- prefixes --- */

/*
 * Cut a file, under the name that the reader looks for.  Of a large one the
 * first 400 lengths, the last 200 and each 47th between them.
 */
static void
check_prefixes(const char *file, const char *as, void (*read)(const void *),
    const void *state)
{
	char message[2000];
	size_t n, tried = 0, good = 0;
	char *bytes = file_slurp(file, &n);

	if (n > 0 && bytes[n - 1] == '\n')
		n--; /* which no reader needs */
	put_file(as, bytes, n);
	CHECK_NAMED("the whole file is read",
	    refused_status(read, state, message, sizeof(message)) == 0);
	for (size_t k = 0; k < n; k++) {
		if (k > 400 && k + 200 < n && k % 47 != 0)
			continue;
		tried++;
		put_file(as, bytes, k);
		if (refused(read, state, "mtkd: "))
			good++;
		else
			printf("# %zu bytes of %zu\n", k, n);
	}
	CHECK_NAMED(as, good == tried);
	put_file(as, bytes, n);
	free(bytes);
}

static void
check_all_prefixes(const char *root)
{
	static const char *const torch[] = { "legacy/pytorch_model.bin",
		"classifier/pytorch_model.bin", "mtdnn.pt", "mtdnn-zip.pt" };
	char *index = fixture(root, "cased_L-3_H-4_A-2/bert_model.ckpt.index");
	char *data = fixture(
	    root, "cased_L-3_H-4_A-2/bert_model.ckpt.data-00000-of-00001");
	char *name;

	for (size_t i = 0; i < COUNT(torch); i++) {
		name = fixture(root, torch[i]);
		check_prefixes(name, files[0], read_torch, files[0]);
		free(name);
	}
	copy_file(index, files[1]);
	copy_file(data, files[2]);
	check_prefixes(index, files[1], read_tensorflow, "x");
	check_prefixes(data, files[2], read_tensorflow, "x");
	name = fixture(root, "hf/model.safetensors");
	check_prefixes(name, files[3], read_safetensors, files[3]);
	free(name);
	for (size_t i = 5; i < 7; i++) {
		name = mem_printf("%s/tests/tools/data/bert-import/sharded/%s",
		    root, files[i]);
		copy_file(name, files[i]);
		free(name);
	}
	name = fixture(root, "sharded/model.safetensors.index.json");
	check_prefixes(name, files[4], read_index, files[4]);
	free(name);
	free(index);
	free(data);
}

/* --- torch --- */

static void
put_number(struct buf *b, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_byte(b, (char)(n >> 8 * i & 0xff));
}

static void
put_int(struct buf *b, int32_t n)
{
	buf_byte(b, 'J');
	put_number(b, (uint32_t)n, 4);
}

struct tensor {
	int32_t numel, offset, shape[2], stride[2];
	uint64_t stored;
	int32_t protocol;
	bool big_endian;
};

/* A file of the layout before zip that holds one tensor. */
static void
put_legacy(const struct tensor *t)
{
	static const char magic[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20"
				    "\x6a\xa8\x50\x19.";
	static const char system[] = "\x80\x02}X\x0d\0\0\0little_endian";
	static const char storage[] =
	    "\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n"
	    "((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0"
	    "0X\x03\0\0\0cpu";
	struct buf b = { 0 };

	buf_add(&b, magic, sizeof(magic) - 1);
	buf_add(&b, "\x80\x02", 2);
	put_int(&b, t->protocol);
	buf_byte(&b, '.');
	buf_add(&b, system, sizeof(system) - 1);
	buf_text(&b, t->big_endian ? "\x89s." : "\x88s.");
	buf_add(&b, storage, sizeof(storage) - 1);
	put_int(&b, t->numel);
	buf_text(&b, "tQ");
	put_int(&b, t->offset);
	put_int(&b, t->shape[0]);
	put_int(&b, t->shape[1]);
	buf_byte(&b, '\x86');
	put_int(&b, t->stride[0]);
	put_int(&b, t->stride[1]);
	buf_text(&b, "\x86\x89NtRs.");
	buf_add(&b,
	    "\x80\x02]X\x01\0\0\0"
	    "0a.",
	    11);
	put_number(&b, t->stored, 8);
	for (uint64_t i = 0; i < t->stored && i < 64; i++) {
		float x = (float)i;

		buf_add(&b, &x, sizeof(x));
	}
	put_file(files[0], b.data, b.size);
	buf_free(&b);
}

static void
check_torch(void)
{
	static const struct {
		struct tensor tensor;
		const char *words;
	} bad[] = {
		{ { 7, 1, { 2, 3 }, { 3, 1 }, 7, 1002, false },
		    "torch protocol 1002, expected 1001" },
		{ { 7, 1, { 2, 3 }, { 3, 1 }, 7, 1001, true },
		    "not written on a little-endian machine" },
		{ { 7, 2, { 2, 3 }, { 3, 1 }, 7, 1001, false },
		    "tensor 'w' does not fit its storage of 7 numbers" },
		{ { 7, 1, { 2, 3 }, { 4, 1 }, 7, 1001, false },
		    "does not fit its storage" },
		{ { 7, 0, { 1, 2 }, { 1, 7 }, 7, 1001, false },
		    "does not fit its storage" },
		{ { 7, 8, { 1, 1 }, { 1, 1 }, 7, 1001, false },
		    "starts at 8 of 7 numbers" },
		{ { 7, -1, { 1, 1 }, { 1, 1 }, 7, 1001, false },
		    "starts at -1 of 7 numbers" },
		{ { 7, 7, { 1, 1 }, { 1, 1 }, 7, 1001, false },
		    "does not fit its storage" },
		{ { 7, 0, { -2, 3 }, { 3, 1 }, 7, 1001, false },
		    "of its shape is not a whole number" },
		{ { 7, 0, { 2, 3 }, { -3, 1 }, 7, 1001, false },
		    "of its strides is not a whole number" },
		{ { 7, 0, { INT32_MAX, INT32_MAX }, { INT32_MAX, INT32_MAX }, 7,
		      1001, false },
		    "its strides do not fit its shape" },
		{ { 7, 0, { 3, 3 }, { INT32_MAX, INT32_MAX }, 7, 1001, false },
		    "does not fit its storage" },
		{ { 6, 0, { 2, 3 }, { 3, 1 }, 7, 1001, false },
		    "storage '0' has 28 bytes, expected 6 numbers of 4" },
		{ { 8, 0, { 2, 3 }, { 3, 1 }, 7, 1001, false },
		    "storage '0' has 28 bytes, expected 8 numbers of 4" },
		{ { 7, 0, { 2, 3 }, { 3, 1 }, UINT64_MAX, 1001, false },
		    "the file is cut" },
		{ { 7, 0, { 2, 3 }, { 3, 1 }, UINT64_MAX / 4 + 2, 1001, false },
		    "the file is cut" },
	};
	struct tensor t = { 7, 1, { 2, 3 }, { 1, 2 }, 7, 1001, false };
	struct source *s;
	real x[6];

	put_legacy(&t);
	s = source_torch(files[0]);
	CHECK(s->count == 1 && source_find(s, "w") == 0);
	source_get(x, s, 0);
	CHECK_NAMED("columns first",
	    x[0] == 1 && x[1] == 3 && x[2] == 5 && x[3] == 2 && x[5] == 6);
	source_free(s);
	t = (struct tensor){ 7, 0, { 2, 3 }, { 0, 2 }, 7, 1001, false };
	put_legacy(&t);
	s = source_torch(files[0]);
	source_get(x, s, 0);
	CHECK_NAMED("a row twice",
	    x[0] == 0 && x[1] == 2 && x[2] == 4 && x[3] == 0 && x[5] == 4);
	source_free(s);
	for (size_t i = 0; i < COUNT(bad); i++) {
		put_legacy(&bad[i].tensor);
		CHECK_NAMED(
		    bad[i].words, refused(read_torch, files[0], bad[i].words));
	}
	put_text_file(files[0], "no checkpoint");
	CHECK(refused(read_torch, files[0], "x.bin: this is plain text"));
	put_text_file(files[0], "");
	CHECK(refused(read_torch, files[0], "this is empty"));
}

/* --- zip --- */

/* Change bytes of an archive at an offset from a signature's first place. */
static void
change(const char *from, const char *signature, size_t at, uint64_t value,
    size_t bytes)
{
	size_t n;
	char *text = file_slurp(from, &n);

	for (size_t i = 0; i + 4 <= n; i++)
		if (memcmp(text + i, signature, 4) == 0) {
			for (size_t k = 0; k < bytes; k++)
				text[i + at + k] = (char)(value >> 8 * k);
			break;
		}
	put_file(files[0], text, n);
	free(text);
}

static void
check_zip(const char *from, const char *signature, size_t at, uint64_t value,
    size_t bytes, const char *words)
{
	change(from, signature, at, value, bytes);
	CHECK_NAMED(words, refused(read_torch, files[0], words));
}

static void
check_zips(const char *root)
{
	char *good = fixture(root, "classifier/pytorch_model.bin");
	static const char row[] = "PK\1\2", end[] = "PK\5\6";

	check_zip(good, row, 10, 8, 2, "is compressed or encrypted");
	check_zip(good, row, 8, 1, 2, "is compressed or encrypted");
	check_zip(good, row, 20, 1, 4, "is compressed or encrypted");
	check_zip(good, row, 24, 0xffffffff, 4, "a large entry without its");
	check_zip(good, row, 42, 0xfffffff0, 4, "the file is cut");
	check_zip(good, row, 42, 1, 4, "not that of the directory");
	check_zip(good, row, 28, 0xffff, 2, "of the directory is cut");
	check_zip(good, row, 28, 0, 2, "name is not UTF-8");
	check_zip(good, row, 16, 0, 4, "is damaged: its CRC-32");
	check_zip(good, row, 0, 0, 4, "of the directory is not one");
	check_zip(good, end, 10, 0xfffe, 2, "65534 entries in a directory");
	check_zip(good, end, 16, 0xfffffff0, 4, "the directory at byte");
	check_zip(good, end, 10, 0, 2, "no data.pkl");
	change(good, end, 10, 0xffff, 2); /* as if it had so many entries */
	read_torch(files[0]);
	check_zip(files[0], "PK\6\7", 0, 0, 4, "without its locator");
	change(good, end, 10, 0xffff, 2);
	check_zip(files[0], "PK\6\7", 8, 1, 8, "no end of the directory at");
	check_zip(good, "PK\3\4", 30, 'X', 1, "its header has another name");
	free(good);
}

/* --- tables --- */

static void
put_varint(struct buf *b, uint64_t n)
{
	for (; n > 127; n >>= 7)
		buf_byte(b, (char)(n | 128));
	buf_byte(b, (char)n);
}

/* A block and its trailer at the end of a file; returns its handle. */
static void
put_block(struct buf *file, struct buf *handle, const struct buf *block,
    char type, bool good_crc)
{
	size_t at = file->size;

	put_varint(handle, at);
	put_varint(handle, block->size);
	buf_add(file, block->data, block->size);
	buf_byte(file, type);
	put_number(
	    file, sstable_crc(file->data + at, block->size + 1) + !good_crc, 4);
}

static void
put_entry(struct buf *b, uint64_t shared, uint64_t fresh, uint64_t value,
    const void *bytes, size_t n)
{
	put_varint(b, shared);
	put_varint(b, fresh);
	put_varint(b, value);
	buf_add(b, bytes, n);
}

static void
end_block(struct buf *b, uint32_t restarts)
{
	put_number(b, 0, 4);
	put_number(b, restarts, 4);
}

/* A table of one block of entries, which is consumed. */
static void
put_table(struct buf *block, char type, bool good_crc)
{
	struct buf file = { 0 }, handle = { 0 }, footer = { 0 };
	struct buf empty = { 0 }, index = { 0 };

	put_block(&file, &handle, block, type, good_crc);
	put_entry(&index, 0, 1, handle.size, "~", 1);
	buf_add(&index, handle.data, handle.size);
	end_block(&index, 1);
	end_block(&empty, 1);
	put_block(&file, &footer, &empty, 0, true);
	put_block(&file, &footer, &index, 0, true);
	while (footer.size < 40)
		buf_byte(&footer, 0);
	put_number(&footer, 0xdb4775248b80fb57, 8);
	buf_add(&file, footer.data, footer.size);
	put_file(files[1], file.data, file.size);
	buf_free(&file);
	buf_free(&handle);
	buf_free(&footer);
	buf_free(&empty);
	buf_free(&index);
	buf_free(block);
	*block = (struct buf){ 0 };
}

/* A checkpoint of one variable whose entry is this message. */
static void
put_variable(const char *name, const void *message, size_t n)
{
	struct buf b = { 0 };

	put_entry(&b, 0, 0, 2, "\x08\x01", 2);
	put_entry(&b, 0, strlen(name), n, name, strlen(name));
	buf_add(&b, message, n);
	end_block(&b, 1);
	put_table(&b, 0, true);
}

static bool
bad_variable(const char *bytes, size_t n, const char *words)
{
	put_variable("bert/x", bytes, n);
	return refused(read_tensorflow, "x", words);
}

/* float32 [2] at byte 0 of shard 0, and its checksum. */
#define SHAPE2 "\x08\x01\x12\x04\x12\x02\x08\x02"

static void
check_variables(void)
{
	static const struct refused_bytes cases[] = {
		{ SHAPE2 "\x28\x08\x35\1\1\1\1", "'bert/x' is damaged" },
		{ SHAPE2 "\x28\x07", "7 bytes, expected 8 from its shape" },
		{ SHAPE2 "\x20\x01\x28\x08",
		    "8 bytes at byte 1 of 8: the file is" },
		{ SHAPE2 "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x28\x08",
		    "the file is cut" },
		{ SHAPE2 "\x18\x01\x28\x08", "shard 1 of 1" },
		{ SHAPE2 "\x28\x08\x3a\x01\x08", "is cut into slices" },
		{ "\x08\x07\x12\x04\x12\x02\x08\x01\x28\x08",
		    "type 7, expected floats" },
		{ "\x08\x01\x12\x02\x18\x01", "unknown rank" },
		{ "\x08\x01\x12\x0c\x12\x0a\x08\xff\xff\xff\xff\xff\xff\xff\xff"
		  "\x7f",
		    "no shape of a model" },
		{ "\x08\x01\x12\x24\x12\2\x08\1\x12\2\x08\1\x12\2\x08\1"
		  "\x12\2\x08\1\x12\2\x08\1\x12\2\x08\1"
		  "\x12\2\x08\1\x12\2\x08\1\x12\2\x08\1",
		    "no shape of a model" },
		{ "\x08", "does not end" },
		{ "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
		    "does not end" },
		{ "\x12\x05\x12", "field 2 of 5 bytes, but 1 are there" },
		{ "\x0b\x01", "wire type 3" },
		{ "\x35\x01\x02", "wire type 5" },
	};
	static const float data[2] = { 1.5f, -2 };
	struct buf b = { 0 };
	struct source *s;
	real x[2];

	put_file(files[2], data, sizeof(data));
	buf_text(&b, SHAPE2 "\x28\x08\x35");
	put_number(&b, sstable_crc(data, sizeof(data)), 4);
	put_variable("bert/LayerNorm/gamma", b.data, b.size);
	s = source_tensorflow("x");
	CHECK(s->count == 1 && source_find(s, "bert.LayerNorm.gamma") == 0);
	source_get(x, s, 0);
	CHECK((double)x[0] == 1.5 && (double)x[1] == -2);
	source_free(s);
	buf_free(&b);
	refused_each(cases, COUNT(cases), bad_variable);
	put_variable("bert/adam_m", "\x08\x01\x28\x09", 4);
	CHECK(refused(read_tensorflow, "x", "9 bytes at byte 0 of 8"));
}

static void
check_tables(void)
{
	struct buf b = { 0 };

	put_entry(&b, 0, 1, 0, "k", 1);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "without a checkpoint's header"));
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "an empty table"));
	end_block(&b, 1);
	put_table(&b, 1, true);
	CHECK(refused(read_tensorflow, "x", "is compressed"));
	end_block(&b, 1);
	put_table(&b, 0, false);
	CHECK(refused(read_tensorflow, "x", "is damaged"));
	end_block(&b, 0xffffffff);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "no room for its restarts"));
	buf_text(&b, "abc");
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "no room for its restarts"));
	put_entry(&b, 3, 1, 0, "k", 1);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "shares 3 bytes of 0"));
	put_entry(&b, 0, UINT64_MAX, 0, "k", 1);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "where 1 are left"));
	put_entry(&b, 0, 0, UINT64_MAX, "k", 1);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "where 1 are left"));
	put_entry(&b, 0, 0, 2, "\x08\x01", 2);
	put_entry(&b, 0, 8, 0, "b/adam_m", 8);
	put_entry(&b, 0, 8, 0, "a/adam_m", 8);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "keys are not in order"));
	put_entry(&b, 0, 0, 4, "\x08\xff\xff\x03", 4);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "65535 shards, expected 1"));
	put_entry(&b, 0, 0, 2, "\x10\x01", 2);
	end_block(&b, 1);
	put_table(&b, 0, true);
	CHECK(refused(read_tensorflow, "x", "a big-endian checkpoint"));
}

int
main(void)
{
	char folder[] = "/tmp/t-source.XXXXXX", root[4096];

	if (getcwd(root, sizeof(root)) == NULL)
		return 2;
	own_folder(folder);
	CHECK_NAMED("CRC-32C of the published check, masked",
	    sstable_crc("123456789", 9) ==
		(0xe3069283u >> 15 | 0xe3069283u << 17) + 0xa282ead8u);
	check_torch();
	check_zips(root);
	check_variables();
	check_tables();
	check_all_prefixes(root);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
