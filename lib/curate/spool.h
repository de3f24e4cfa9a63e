/*
 * Rows set aside in a temporary file without a name, to be handed out later
 * in any order: memory holds 8 bytes a row.
 */
#ifndef CURATE_SPOOL_H
#define CURATE_SPOOL_H

#include <stddef.h>
#include <stdio.h>

struct spool;

struct spool *spool_create(void);

/* Where the next row is printed; spool_end says that it is complete. */
FILE *spool_stream(struct spool *s);
void spool_end(struct spool *s);

/* How many rows there are. */
size_t spool_rows(const struct spool *s);

/* No more rows: they can be read from here on. */
void spool_close(struct spool *s);

/* The bytes of a row; valid until the next call. */
const char *spool_row(struct spool *s, size_t row, size_t *size);

void spool_free(struct spool *s);

#endif
