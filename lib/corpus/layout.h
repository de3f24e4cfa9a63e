/*
 * How the columns of a task's files lie: the keys names, layout and splits of
 * its definition (mtkd-tasks(5)).
 */
#ifndef CORPUS_LAYOUT_H
#define CORPUS_LAYOUT_H

#include "base/conf.h"
#include "corpus/task.h"

/* Fill names, splits and split of a task whose kind and type are known. */
void layout_read(struct task *t, const struct conf *map);

void layout_free(struct task *t);

/* "id", "label", "text_a", "text_b", "group". */
const char *layout_field_name(enum task_field field);

/* A column as the command line names it: "none", a number or a name. */
bool layout_column(struct task_column *column, const char *text);

#endif
