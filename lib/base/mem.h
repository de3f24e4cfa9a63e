/*
 * Memory that is there or the program ends: no caller checks for NULL.
 * Products of counts and sizes are checked for overflow.  Free with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* count * size bytes, not cleared; never NULL, also for 0 bytes. */
void *mem_alloc(size_t count, size_t size);

/* The same, cleared. */
void *mem_zero(size_t count, size_t size);

/*
 * The same, cleared and on a cache line (64 bytes), as the kernels like it; in
 * large pages where it is large itself.
 */
void *mem_align(size_t count, size_t size);

/* The same, not cleared: for what is written before it is read. */
void *mem_room(size_t count, size_t size);

/* Resize p (may be NULL) to count * size bytes. */
void *mem_resize(void *p, size_t count, size_t size);

/*
 * Make room for at least need elements: returns p itself, or a larger block
 * and its new *capacity (doubled each time).
 */
void *mem_grow(void *p, size_t *capacity, size_t need, size_t size);

/* What programs that compute need besides their models. */
enum { MEM_TO_COMPUTE = 512 << 20 };

/*
 * Ends the program if so many bytes of address space cannot be had, in plain
 * words: libraries that compute crash or wait for ever where they cannot.  A
 * program that calls it asks for MEM_TO_COMPUTE before main already, where the
 * system runs what comes before its libraries.
 */
void mem_need(size_t bytes);

/* Copies: of n bytes, of a string, of n bytes as a string. */
void *mem_copy(const void *from, size_t n);
char *mem_string(const char *text);
char *mem_stringn(const char *text, size_t n);

/* A string printed into memory of its own. */
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
