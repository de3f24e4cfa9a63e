/*
 * Plain text read line by line, checked to be UTF-8.
 */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include <stddef.h>

/*
 * Hand each line of a file ("-": stdin), n bytes without its end, to take.
 * Bytes that are not UTF-8, and a text of blank lines alone, end the program.
 */
void plain_read(const char *path,
    void (*take)(void *state, const char *text, size_t n), void *state);

#endif
