/*
 * Plain text read line by line, checked to be UTF-8, and how long a line is at
 * most wherever one is read.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>

/* Bytes of a line, or of a row that goes over several, in quotes. */
enum { LINES_MOST = 1 << 26 };

/* The end of the program, for one that is longer; it begins at that line. */
_Noreturn void lines_too_long(const char *name, size_t line);

/*
 * Hand each line of a file ("-": stdin), n bytes without its end, to take.
 * Bytes that are not UTF-8, and a text of blank lines alone, end the program.
 */
void lines_read(const char *path,
    void (*take)(void *state, const char *text, size_t n), void *state);

#endif
