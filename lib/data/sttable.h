/*
 * What the reader and the writer of safetensors files share: the canonical
 * text of a tensor table, whose CRC-32 is "header_crc32", and the checksum of
 * the metadata (mtkd-tensor(5)).
 */
#ifndef DATA_STTABLE_H
#define DATA_STTABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "data/st.h"

#define ST_META "__metadata__"
#define ST_DATA_CRC "crc32"
#define ST_TABLE_CRC "header_crc32"
#define ST_META_CRC "metadata_crc32"

enum { ST_HEADER_MAX = 100000000, ST_CRC_DIGITS = 8 };

/* The type of that name, or -1. */
int st_type_find(const char *name);

/*
 * Append the line of one tensor whose data are the bytes [begin, end) of the
 * data.  Lines are to be in order of begin, then end, then name.
 */
void st_table_line(
    struct buf *b, const struct st_tensor *t, size_t begin, size_t end);

/* The CRC-32 of n bytes as 8 hexadecimal digits. */
void st_crc_text(char text[ST_CRC_DIGITS + 1], uint32_t crc);

struct st_pair {
	const char *key, *value;
};

/*
 * The CRC-32 of the metadata: key, '\0', value, '\0' of every pair but
 * "metadata_crc32" itself, in order of the keys' bytes.  Sorts pair.
 */
uint32_t st_meta_crc(struct st_pair *pair, size_t count);

/* The version in the value of "mtkd", "KIND VERSION"; 0: none of ours. */
int st_version(const char *kind);

#endif
