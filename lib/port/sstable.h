/*
 * Sorted tables of keys and values in LevelDB's format (its
 * doc/table_format.md), of which a TensorFlow checkpoint's index is one:
 * blocks of entries whose keys share prefixes, an index block of the blocks'
 * places, a footer of 48 bytes.  Every block's checksum is compared; blocks
 * must be uncompressed, as TensorFlow writes them.
 */
#ifndef PORT_SSTABLE_H
#define PORT_SSTABLE_H

#include <stddef.h>
#include <stdint.h>

struct sstable;

struct sstable_entry {
	const char *key; /* valid during the call; any bytes */
	size_t key_size;
	const unsigned char *value;
	size_t value_size;
};

/*
 * Give every entry of a table of n bytes to take, in the order of their keys,
 * which is checked.
 */
void sstable_read(const char *path, const unsigned char *bytes, size_t n,
    void (*take)(void *state, const struct sstable_entry *e), void *state);

/* A varint at *at of n bytes, which moves behind it; ends the program. */
uint64_t sstable_varint(
    const char *path, const unsigned char *bytes, size_t n, size_t *at);

/* CRC-32C (Castagnoli) of n bytes, masked as LevelDB and TensorFlow do. */
uint32_t sstable_crc(const void *bytes, size_t n);

#endif
