/*
 * Values in the definition of a task: words and maps of known keys.  What is
 * not as expected ends the program with the definition's path and line.
 */
#ifndef CORPUS_DEFINE_H
#define CORPUS_DEFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"

/* True if a name may name a task or split: letters, digits, '-', '_'. */
bool define_name_is_good(const char *name);

/* c must be a map, and its keys be among keys, which NULL ends. */
void define_check(const char *path, const struct conf *c, const char *what,
    const char *const *keys);

/* The index of a key's value among words, or otherwise if it is not there. */
int define_word(const char *path, const struct conf *map, const char *key,
    const char *const *words, int otherwise);

/*
 * The words of a list, or the one word that stands in its place; none twice.
 * None, and NULL, if the key is not there.  Free with define_free.
 */
char **define_words(
    const char *path, const struct conf *map, const char *key, size_t *n);

void define_free(char **words, size_t n);

#endif
