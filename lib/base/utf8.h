/*
 * UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The offset of the first invalid byte, or n if all n bytes are valid. */
size_t utf8_check(const char *text, size_t n);

/*
 * Append text to out, with U+FFFD for each invalid byte and the continuation
 * bytes that follow it; returns how many there were.
 */
struct buf;
size_t utf8_replace(struct buf *out, const char *text, size_t n);

/* The code point at text (valid UTF-8); *length is its 1 to 4 bytes. */
uint32_t utf8_get(const char *text, size_t *length);

/* Write a code point; returns its length. */
size_t utf8_put(char text[4], uint32_t point);

/* White space as Python's str.strip means it. */
bool utf8_is_space(uint32_t point);

/* Cut white space from both ends: moves *text, returns the new length. */
size_t utf8_strip(const char **text, size_t n);

#endif
