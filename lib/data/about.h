/*
 * What a file of ours says of itself, so that nobody need repeat it.
 */
#ifndef DATA_ABOUT_H
#define DATA_ABOUT_H

#include <stddef.h>

/*
 * The task that one of files [n] names, the first that names any: in the
 * provenance line of a table, or in a pack.  NULL where none does, or none is
 * a regular file.  Owned by the caller.  A damaged pack ends the program.
 */
char *about_task(const char *const *path, size_t n);

#endif
