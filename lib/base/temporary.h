/*
 * Temporaries: what is being written stands beside what it will be as
 * .NAME.mtkd-PID, a file or a folder, locked by its writer.  The lock is the
 * kernel's (fcntl): it goes with the process, however that ends, so that one
 * without a lock is litter.
 */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The name for path, owned by the caller: nth 0 is this process's own, others
 * are for where a process of another system has that name.
 */
char *temporary_name(const char *path, size_t nth);

/* Is a name in a folder that of a temporary? */
bool temporary_is(const char *name);

/* Lock an open file for writing, or an open folder; as far as can be. */
void temporary_lock(int fd);

/*
 * Remove path, a file or a whole folder, if nobody has it locked; false if
 * somebody has.  What this process locked itself counts as free.
 */
bool temporary_clear(const char *path);

/* Remove what killed programs left in a folder; fine if it is not there. */
void temporary_sweep(const char *folder);

/* The same of those that were to become path. */
void temporary_sweep_beside(const char *path);

/* Remove a folder and all in it; links are not followed. */
void temporary_remove_tree(const char *path);

#endif
