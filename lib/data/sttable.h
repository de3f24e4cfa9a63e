/*
 * What the reader and the writer of safetensors files share: the canonical
 * text of a tensor table, whose CRC-32 is "header_crc32" (mtkd-tensor(5)).
 */
#ifndef DATA_STTABLE_H
#define DATA_STTABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "data/st.h"

#define ST_META "__metadata__"

enum { ST_HEADER_MAX = 100000000, ST_CRC_DIGITS = 8 };

/*
 * Append the line of one tensor whose data are the bytes [begin, end) of the
 * data.  Lines are to be in order of begin, then end, then name.
 */
void st_table_line(
    struct buf *b, const struct st_tensor *t, size_t begin, size_t end);

/* The CRC-32 of n bytes as 8 hexadecimal digits. */
void st_crc_text(char text[ST_CRC_DIGITS + 1], uint32_t crc);

#endif
