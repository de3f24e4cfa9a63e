/*
 * What libyaml takes long over, or tells to be what it is not.
 */
#ifndef BASE_YAMLCHECK_H
#define BASE_YAMLCHECK_H

#include <stddef.h>

/*
 * Ends the program where YAML text [n] has many %TAG lines: libyaml compares
 * each with all before it, and nobody needs them.
 */
void yamlcheck_tags(const char *path, const char *text, size_t n);

/*
 * Keys have 1024 characters at most, unless a '?' stands before them: returns
 * the characters of the first key in a line (from 0) of YAML text [n] that is
 * too long, or 0.
 */
size_t yamlcheck_long_key(const char *text, size_t n, size_t line);

#endif
