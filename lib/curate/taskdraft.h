/*
 * The definition of a task that has none: its columns as they are chosen, its
 * labels as they are found, written as mtkd-tasks(5) has it.
 */
#ifndef CURATE_TASKDRAFT_H
#define CURATE_TASKDRAFT_H

#include <stdbool.h>

#include "curate/columns.h"
#include "corpus/numbering.h"
#include "corpus/task.h"

/*
 * A classification, or a multilabel task, without labels, path being where it
 * will be written. Columns that choice [TASK_FIELDS] lacks are looked for by
 * usual names.  Its splits are train, dev, test and unlabelled, of which the
 * last two may lack labels.  Free with task_free.
 */
struct task *taskdraft_new(const char *name, const char *path,
    const struct column_choice *choice, bool header, bool multilabel);

/* Its columns are those that were found in a file's header. */
void taskdraft_settle(struct task *t, const struct columns *found);

/*
 * Give it its labels: sorted as bytes, or as numbers if all are whole.  What
 * cannot be labels, or seems to be none for so many rows, ends the program.
 */
void taskdraft_label(
    struct task *t, const struct numbering *labels, size_t rows);

/* Write it to its path, whole or not at all. */
void taskdraft_write(const struct task *t);

#endif
