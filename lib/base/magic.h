/*
 * What a file is by its first bytes, where it is not the text that a reader
 * expects.
 */
#ifndef BASE_MAGIC_H
#define BASE_MAGIC_H

#include <stddef.h>

/* "a Parquet file", or NULL for what may be text. */
const char *magic_name(const char *bytes, size_t n);

#endif
