/*
 * Numbers for names: the groups of a ranking task in order of appearance.
 */
#ifndef CORPUS_GROUP_H
#define CORPUS_GROUP_H

#include <stddef.h>

struct group_table;

struct group_table *group_create(void);
void group_free(struct group_table *t);

/* The number of a name of n bytes: that it had, or else the next one. */
size_t group_number(struct group_table *t, const char *name, size_t n);

/* How many there are. */
size_t group_count(const struct group_table *t);

#endif
