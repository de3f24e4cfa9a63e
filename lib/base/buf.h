/*
 * A growing run of bytes.  Start with { 0 }; data is NULL while empty, and is
 * not a string unless buf_string ended it.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct buf {
	char *data; /* owned */
	size_t size;
	size_t room;
};

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_byte(struct buf *b, char byte);
void buf_text(struct buf *b, const char *text);
void buf_print(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for n more bytes; returns where they go.  Then raise size yourself. */
char *buf_reserve(struct buf *b, size_t n);

/* The bytes as a string, valid until the next change; size is unchanged. */
const char *buf_string(struct buf *b);

void buf_clear(struct buf *b); /* empty, memory kept */
void buf_free(struct buf *b);

#endif
