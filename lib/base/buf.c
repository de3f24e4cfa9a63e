#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"

char *
buf_reserve(struct buf *b, size_t n)
{
	b->data = mem_grow(b->data, &b->room, b->size + n, 1);
	/* nothing yet, and no room asked for: NULL has no offset */
	return b->data != NULL ? b->data + b->size : NULL;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(buf_reserve(b, n), bytes, n);
	b->size += n;
}

void
buf_byte(struct buf *b, char byte)
{
	*buf_reserve(b, 1) = byte;
	b->size++;
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_print(struct buf *b, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		die("cannot print with '%s'", format);
	vsnprintf(buf_reserve(b, (size_t)n + 1), (size_t)n + 1, format, again);
	va_end(again);
	b->size += (size_t)n;
}

const char *
buf_string(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->data;
}

void
buf_clear(struct buf *b)
{
	b->size = 0;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
