/*
 * The catalogue: all tasks that there are, the user's own and those of
 * share/tasks, in the order in which tables show them.
 */
#ifndef CORPUS_CATALOG_H
#define CORPUS_CATALOG_H

#include <stddef.h>

#include "corpus/task.h"

/*
 * Every task: of the user's file or folder (tasks as in task_find, or NULL)
 * and of share/tasks, where the user's take the place of those of the same
 * name.  Tasks with a place come first, by place; then the user's others as
 * their file has them (a folder's by name), then those of share/tasks by
 * name.  [n] and a NULL; the caller frees each task and the list.  What is no
 * definition ends the program.
 */
struct task **catalog_read(const char *tasks, size_t *n);

/* The tasks whose names are near one that is not there (base/near.h). */
char *catalog_near(const char *name, const char *tasks);

#endif
