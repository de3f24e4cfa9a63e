#include "port/sstable.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "port/little.h"
#include "port/source.h"

enum {
	FOOTER = 48,
	TRAILER = 5, /* after a block: compression, checksum */
	KEY_MAX = 4096
};

#define MAGIC 0xdb4775248b80fb57u
#define CASTAGNOLI 0x82f63b78u /* reflected */
#define MASK 0xa282ead8u

struct table {
	const char *path;
	const unsigned char *bytes;
	size_t size;
};

struct block {
	const unsigned char *bytes;
	size_t size; /* of its entries */
};

typedef void entry_taker(void *state, const struct sstable_entry *e);

/* Tables for eight bytes at a time. */
static void
fill_tables(uint32_t table[8][256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ ((c & 1) != 0 ? CASTAGNOLI : 0);
		table[0][i] = c;
	}
	for (size_t t = 1; t < 8; t++)
		for (size_t i = 0; i < 256; i++)
			table[t][i] = table[t - 1][i] >> 8 ^
				      table[0][table[t - 1][i] & 0xff];
}

uint32_t
sstable_crc(const void *bytes, size_t n)
{
	uint32_t table[8][256], c = UINT32_MAX;
	const unsigned char *p = bytes;

	fill_tables(table);
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t v = little_number(p, 8) ^ c;

		c = 0;
		for (size_t i = 0; i < 8; i++)
			c ^= table[7 - i][v >> 8 * i & 0xff];
	}
	for (; n > 0; n--, p++)
		c = c >> 8 ^ table[0][(c ^ *p) & 0xff];
	c = ~c;
	return (c >> 15 | c << 17) + MASK;
}

uint64_t
sstable_varint(
    const char *path, const unsigned char *bytes, size_t n, size_t *at)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		unsigned char byte;

		if (*at >= n)
			break;
		byte = bytes[(*at)++];
		if (shift == 63 && byte > 1)
			break;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return v;
	}
	die_at(path, 0, "a varint at byte %zu of %zu does not end", *at, n);
}

/* The block at a handle (offset, size), its checksum compared. */
static struct block
get_block(
    const struct table *t, const unsigned char *handle, size_t n, size_t *used)
{
	uint64_t offset, size;
	const unsigned char *p;
	size_t restarts;

	offset = sstable_varint(t->path, handle, n, used);
	size = sstable_varint(t->path, handle, n, used);
	if (offset > t->size - FOOTER || size > t->size - FOOTER - offset ||
	    t->size - FOOTER - offset - size < TRAILER)
		die_at(t->path, 0,
		    "table: a block of %llu bytes at byte %llu "
		    "of %zu: the file is cut",
		    (unsigned long long)size, (unsigned long long)offset,
		    t->size);
	p = t->bytes + offset;
	if (little_number(p + size + 1, 4) != sstable_crc(p, (size_t)size + 1))
		die_at(t->path, 0,
		    "table: the block at byte %llu is damaged: "
		    "its checksum is another",
		    (unsigned long long)offset);
	if (p[size] != 0)
		die_at(t->path, 0,
		    "table: the block at byte %llu is "
		    "compressed, expected none of it",
		    (unsigned long long)offset);
	restarts =
	    size >= 4 ? (size_t)little_number(p + size - 4, 4) : SIZE_MAX;
	if (restarts > (size - 4) / 4)
		die_at(t->path, 0,
		    "table: the block at byte %llu has no room "
		    "for its restarts",
		    (unsigned long long)offset);
	return (struct block){ p, (size_t)size - 4 - 4 * restarts };
}

/* The next key takes so many bytes of the last one. */
static void
make_key(const struct table *t, struct buf *key, uint64_t shared,
    const unsigned char *rest, size_t n)
{
	char *last = mem_copy(key->data, key->size);
	size_t size = key->size, least;
	int order;

	if (shared > key->size || n > KEY_MAX || shared + n > KEY_MAX)
		die_at(t->path, 0,
		    "table: a key that shares %llu bytes of %zu "
		    "and has %zu more, at most %d",
		    (unsigned long long)shared, key->size, n, KEY_MAX);
	key->size = (size_t)shared;
	buf_add(key, rest, n);
	least = size < key->size ? size : key->size;
	order = least > 0 ? memcmp(last, key->data, least) : 0;
	if (order > 0 || (order == 0 && size > key->size))
		die_at(t->path, 0, "table: keys are not in order");
	free(last);
}

static void
each_entry(const struct table *t, struct block b, struct buf *key,
    entry_taker *take, void *state)
{
	size_t at = 0;

	while (at < b.size) {
		uint64_t shared, fresh, value;

		shared = sstable_varint(t->path, b.bytes, b.size, &at);
		fresh = sstable_varint(t->path, b.bytes, b.size, &at);
		value = sstable_varint(t->path, b.bytes, b.size, &at);
		if (fresh > b.size - at || value > b.size - at - fresh)
			die_at(t->path, 0,
			    "table: an entry of %llu and %llu "
			    "bytes where %zu are left",
			    (unsigned long long)fresh,
			    (unsigned long long)value, b.size - at);
		make_key(t, key, shared, b.bytes + at, (size_t)fresh);
		at += (size_t)fresh;
		take(state, &(struct sstable_entry){ buf_string(key), key->size,
				b.bytes + at, (size_t)value });
		at += (size_t)value;
	}
}

struct walk {
	const struct table *table;
	struct buf key; /* the last one of all blocks */
	entry_taker *take;
	void *state;
};

/* An entry of the index: the place of a block. */
static void
enter_block(void *state, const struct sstable_entry *e)
{
	struct walk *w = state;
	size_t used = 0;
	struct block b = get_block(w->table, e->value, e->value_size, &used);

	each_entry(w->table, b, &w->key, w->take, w->state);
}

void
sstable_read(const char *path, const unsigned char *bytes, size_t n,
    entry_taker *take, void *state)
{
	struct table t = { path, bytes, n };
	struct walk w = { &t, { 0 }, take, state };
	struct buf key = { 0 };
	const unsigned char *footer;
	size_t used = 0;

	if (n < FOOTER || little_number(bytes + n - 8, 8) != MAGIC)
		source_refuse(path, bytes, n);
	if (n < FOOTER)
		die_at(path, 0, "%zu bytes, expected a table: it is cut", n);
	footer = bytes + n - FOOTER;
	if (little_number(footer + FOOTER - 8, 8) != MAGIC)
		die_at(path, 0,
		    "no table's magic number at its end: the file "
		    "is cut or another one");
	get_block(&t, footer, FOOTER - 8, &used); /* of filters: not needed */
	each_entry(&t, get_block(&t, footer, FOOTER - 8, &used), &key,
	    enter_block, &w);
	buf_free(&key);
	buf_free(&w.key);
}
