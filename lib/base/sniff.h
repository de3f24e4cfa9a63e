/*
 * Files that are not what their names say, in words: what a failed download
 * leaves, and formats of other programs.
 */
#ifndef BASE_SNIFF_H
#define BASE_SNIFF_H

#include <stddef.h>

/* What n bytes start like, such as "an HTML page, ..."; NULL: none of these. */
const char *sniff_name(const void *bytes, size_t n);

/* Ends the program, naming path, where they start like one of these. */
void sniff_refuse(const char *path, const void *bytes, size_t n);

#endif
