/*
 * Mutated checkpoints: each is read or refused with one message; nothing
 * crashes.  Tables are built anew around a mutated block, with checksums that
 * fit, since otherwise these would refuse nearly all.
 *
 * usage: t-checkpoints [COUNT [SEED]]
 */
#include "mutant.h"
#include "sources.h"

#include "base/buf.h"
#include "base/file.h"
#include "port/import.h"
#include "port/sourcetf.h"
#include "port/sourcetorch.h"
#include "port/sstable.h"

static const char *const files[] = { "x.bin", "x.index",
	"x.data-00000-of-00001" };

/* A size or an opcode, off by one or two. */
static void
change_byte(struct mutant *m, size_t at)
{
	m->bytes[at] = (char)(m->bytes[at] + (char)mutant_below(m, 5) - 2);
}

/* --- readers --- */

static void
read_torch(const void *path)
{
	read_all(source_torch(path));
}

static void
read_tensorflow(const void *prefix)
{
	read_all(source_tensorflow(prefix));
}

/* --- how a mutant becomes a file --- */

static void
put_plain(const struct mutant *m)
{
	put_file(files[0], m->bytes, m->size);
}

static void
put_index(const struct mutant *m)
{
	put_file(files[1], m->bytes, m->size);
}

static void
put_varint(struct buf *b, uint64_t n)
{
	for (; n > 127; n >>= 7)
		buf_byte(b, (char)(n | 128));
	buf_byte(b, (char)n);
}

static void
put_block(struct buf *file, struct buf *handle, const void *bytes, size_t n)
{
	size_t at = file->size;
	uint32_t crc;

	put_varint(handle, at);
	put_varint(handle, n);
	buf_add(file, bytes, n);
	buf_byte(file, 0);
	crc = sstable_crc(file->data + at, n + 1);
	buf_add(file, &crc, sizeof(crc));
}

/* The mutant as the one block of a table that is right otherwise. */
static void
put_table(const struct mutant *m)
{
	static const char restarts[8] = { 0, 0, 0, 0, 1 };
	static const uint64_t magic = 0xdb4775248b80fb57;
	struct buf file = { 0 }, handle = { 0 }, footer = { 0 }, index = { 0 };

	put_block(&file, &handle, m->bytes, m->size);
	put_varint(&index, 0);
	put_varint(&index, 1);
	put_varint(&index, handle.size);
	buf_byte(&index, '~');
	buf_add(&index, handle.data, handle.size);
	buf_add(&index, restarts, sizeof(restarts));
	put_block(&file, &footer, restarts, sizeof(restarts));
	put_block(&file, &footer, index.data, index.size);
	while (footer.size < 40)
		buf_byte(&footer, 0);
	buf_add(&file, footer.data, footer.size);
	buf_add(&file, &magic, sizeof(magic));
	put_file(files[1], file.data, file.size);
	buf_free(&file);
	buf_free(&handle);
	buf_free(&footer);
	buf_free(&index);
}

/* The entries of a table as one block without shared prefixes. */
static void
take(void *state, const struct sstable_entry *e)
{
	struct buf *b = state;

	put_varint(b, 0);
	put_varint(b, e->key_size);
	put_varint(b, e->value_size);
	buf_add(b, e->key, e->key_size);
	buf_add(b, e->value, e->value_size);
}

int
main(int argc, char **argv)
{
	static const char *const seeds[] = {
		"tools/data/bert-import/legacy/pytorch_model.bin",
		"tools/data/bert-import/mtdnn.pt",
		"tools/data/bert-import/classifier/pytorch_model.bin",
		"port/brought/mtdnn-legacy.pt", "port/brought/fsdp.bin",
		"port/brought/slots/bert_model.ckpt.index",
		"port/brought/slots/bert_model.ckpt.data-00000-of-00001"
	};
	/* opcodes, sizes and words of one reader or the other */
	static const char *const words[] = { "(", ")", "t", "u", "e", "s", "a",
		"R", "Q", "b", "}", "]", "\x85", "\x86", "\x87", "q\1", "h\1",
		"h\2", "J\377\377\377\377", "J\377\377\377\177", "K\1", ".",
		"N", "ccollections\nOrderedDict\n", "ctorch\nHalfStorage\n",
		"\377\377\377\377\377\377\377\377\177", "\22\2\30\1", "\x8a",
		"PK\1\2", "PK\5\6", "\x81", "module.", "_orig_mod.",
		"cdata_utils\nX\n", "c__builtin__\ngetattr\n",
		"layer_normalization_1/", "/.ATTRIBUTES/", "distilbert." };
	const struct mutation plain = { words, COUNT(words), MUTANT_PIECE,
		change_byte, put_plain, read_torch, "x.bin" };
	struct mutation index = plain, table;
	char folder[] = "/tmp/t-checkpoints.XXXXXX", *bytes[COUNT(seeds)];
	long long count = 300, seed = 1;
	size_t n[COUNT(seeds)];
	struct buf block = { 0 };

	if (!mutant_options(argc, argv, &count, &seed))
		return 2;
	index.read = read_tensorflow;
	index.state = "x";
	index.put = put_index;
	table = index;
	table.put = put_table;
	for (size_t i = 0; i < COUNT(seeds); i++) {
		char *path = mem_printf("tests/%s", seeds[i]);

		bytes[i] = file_slurp(path, &n[i]);
		free(path);
	}
	own_folder(folder);
	for (size_t i = 0; i < 5; i++)
		CHECK_NAMED(seeds[i], mutant_crashes(&plain, bytes[i], n[i],
					  (size_t)count, (uint64_t)seed) == 0);
	put_file(files[2], bytes[6], n[6]);
	CHECK_NAMED(seeds[5], mutant_crashes(&index, bytes[5], n[5],
				  (size_t)count, (uint64_t)seed) == 0);
	sstable_read("x", (const unsigned char *)bytes[5], n[5], take, &block);
	buf_add(&block, "\0\0\0\0\1\0\0\0", 8);
	CHECK_NAMED(
	    "a table's block", mutant_crashes(&table, block.data, block.size,
				   (size_t)count, (uint64_t)seed) == 0);
	buf_free(&block);
	for (size_t i = 0; i < COUNT(seeds); i++)
		free(bytes[i]);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
