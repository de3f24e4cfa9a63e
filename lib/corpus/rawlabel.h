/*
 * Labels in a task's file: as the task names them, as others do, or as the
 * number of a class (the keys skip_label, aliases and numbers of
 * mtkd-tasks(5)).
 */
#ifndef CORPUS_RAWLABEL_H
#define CORPUS_RAWLABEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "corpus/task.h"

/* What a label is that is no class. */
enum {
	RAWLABEL_NONE = -1,    /* the row has none */
	RAWLABEL_UNKNOWN = -2, /* the task has no such label */
	RAWLABEL_UNTOLD = -3   /* a number, and nothing tells whose */
};

/* Fill no_label, alias and number of a task whose labels are known. */
void rawlabel_read(struct task *t, const struct conf *map);
void rawlabel_free(struct task *t);

/* "yes,no" as the labels of 0 and 1, owned by the caller. */
struct task_words rawlabel_numbers(const char *text);

struct rawlabel_table;

/*
 * Look-ups for a task, which must outlive the table.  number, or NULL, takes
 * the place of the task's own labels of 0, 1, ...; its words must be labels
 * of the task, or the program ends with exit 2.
 */
struct rawlabel_table *rawlabel_open(
    const struct task *t, const struct task_words *number);
void rawlabel_close(struct rawlabel_table *l);

/*
 * The class of a label of n bytes, or one of those above.  told: the file
 * tells that its numbers are those of the task's key numbers.  In regression
 * RAWLABEL_UNKNOWN is what is not RAWLABEL_NONE.
 */
int rawlabel_find(
    const struct rawlabel_table *l, const char *label, size_t n, bool told);

/* "1", "-1" and "1.0", as libraries print whole numbers; nothing else. */
bool rawlabel_whole(const char *label, size_t n, long long *value);

#endif
