#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/system.h"

static size_t
bytes(size_t count, size_t size)
{
	if (size != 0 && count > (SIZE_MAX - 64) / size)
		die("%zu x %zu bytes: more than memory can hold", count, size);
	return count * size;
}

static void *
there(void *p, size_t n)
{
	if (p == NULL)
		die("out of memory: %zu bytes wanted", n);
	return p;
}

void *
mem_alloc(size_t count, size_t size)
{
	size_t n = bytes(count, size);

	return there(malloc(n > 0 ? n : 1), n);
}

void *
mem_zero(size_t count, size_t size)
{
	size_t n = bytes(count, size);

	return there(calloc(n > 0 ? n : 1, 1), n);
}

static size_t
lines(size_t count, size_t size)
{
	return (bytes(count, size) + 64) / 64 * 64;
}

void *
mem_room(size_t count, size_t size)
{
	size_t n = lines(count, size);
	size_t page = system_page();
	bool large = n >= 2 * page;
	void *p = NULL;

	if (posix_memalign(&p, large ? page : 64, n) != 0)
		p = NULL;
	there(p, n);
	if (large)
		system_large(p, n);
	return p;
}

void *
mem_align(size_t count, size_t size)
{
	return memset(mem_room(count, size), 0, lines(count, size));
}

void *
mem_resize(void *p, size_t count, size_t size)
{
	size_t n = bytes(count, size);

	return there(realloc(p, n > 0 ? n : 1), n);
}

void *
mem_grow(void *p, size_t *capacity, size_t need, size_t size)
{
	size_t room = *capacity > 0 ? *capacity : 16;

	if (need <= *capacity)
		return p;
	while (room < need)
		room = room > SIZE_MAX / 2 ? need : room * 2;
	*capacity = room;
	return mem_resize(p, room, size);
}

void *
mem_copy(const void *from, size_t n)
{
	void *p = mem_alloc(n, 1);

	if (n > 0)
		memcpy(p, from, n);
	return p;
}

char *
mem_string(const char *text)
{
	return mem_copy(text, strlen(text) + 1);
}

char *
mem_stringn(const char *text, size_t n)
{
	char *p = mem_alloc(n + 1, 1);

	if (n > 0)
		memcpy(p, text, n);
	p[n] = '\0';
	return p;
}

char *
mem_printf(const char *format, ...)
{
	va_list args, again;
	char *p;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		die("cannot print with '%s'", format);
	p = mem_alloc((size_t)n + 1, 1);
	vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return p;
}
