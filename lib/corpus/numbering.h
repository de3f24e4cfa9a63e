/*
 * Numbers for names in order of appearance: the groups of a ranking task.
 */
#ifndef CORPUS_NUMBERING_H
#define CORPUS_NUMBERING_H

#include <stddef.h>

struct numbering;

struct numbering *numbering_new(void);
void numbering_free(struct numbering *t);

/* The number of a name of n bytes: that it had, or else the next one. */
size_t numbering_of(struct numbering *t, const char *name, size_t n);

/* The number that a name has, or (size_t)-1. */
size_t numbering_find(const struct numbering *t, const char *name, size_t n);

/* The nth name, of *n bytes; valid until the next is added. */
const char *numbering_name(const struct numbering *t, size_t nth, size_t *n);

/* How many there are. */
size_t numbering_count(const struct numbering *t);

#endif
