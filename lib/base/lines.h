/*
 * Plain text read line by line, checked to be UTF-8.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>

/*
 * Hand each line of a file ("-": stdin), n bytes with its '\n', to take.
 * Bytes that are not UTF-8 end the program, with file and line.
 */
void lines_read(const char *path,
    void (*take)(void *state, const char *text, size_t n), void *state);

#endif
