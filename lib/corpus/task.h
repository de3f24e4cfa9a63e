/*
 * Tasks: what a data set asks, how its answers are named and scored, and how
 * the columns of its files lie (mtkd-tasks(5)).  Defined in YAML, one file a
 * task in share/tasks, or in a file of the user's.
 */
#ifndef CORPUS_TASK_H
#define CORPUS_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/labels.h"

/* The columns of an example, in the order of its table. */
enum task_field {
	TASK_ID,
	TASK_LABEL,
	TASK_TEXT_A,
	TASK_TEXT_B,
	TASK_GROUP,
	TASK_FIELDS
};

/* A column of a raw file: its header's name, or its place. */
struct task_column {
	char *name;	  /* NULL: by number */
	long long number; /* from 1; negative from the row's end; 0: none */
	bool none;	  /* said to be none */
};

struct task_words {
	char **word; /* [count] */
	size_t count;
};

/* One file layout of a task. */
struct task_split {
	char *name;  /* NULL: any */
	char **file; /* [files] where a benchmark's folder may hold it */
	size_t files;
	bool header; /* the first line is a header row */
	struct task_column column[TASK_FIELDS]; /* no id: counted from 0 */
	bool labelled;		       /* rows have labels; else they may */
	size_t min_fields, max_fields; /* 0: by the header or the columns */
	bool any_width;		       /* rows may be wider than max_fields */
	size_t wide_fields;	       /* or exactly so wide; 0: not */
	bool skip_short; /* rows under min_fields are skipped and counted */
};

struct numbering;

struct task {
	char *name;
	char *title;  /* what it is called in print: its name mostly */
	size_t place; /* in GLUE's tables, from 1; 0: none */
	char *path;   /* of its definition, for messages */
	char *head;   /* the task whose head answers: its own name mostly */
	bool pair;    /* it has text_b */
	struct labels labels;
	struct numbering *classes; /* of the labels, for task_class; or NULL */
	size_t metrics;
	char **metric;	  /* [metrics] accuracy f1 matthews pearson spearman */
	double low, high; /* regression: the range of scores */
	struct task_words
	    no_label; /* gold labels that say that there is none */
	/* What headers call the columns, whoever wrote them; or no words. */
	struct task_words names[TASK_FIELDS];
	/* Other names of labels, and the class of each. */
	struct task_words alias;
	size_t *alias_class; /* [alias.count] */
	/* Labels of the numbers 0, 1, ... in files that hold one of told_by. */
	struct task_words number, told_by;
	size_t splits;
	struct task_split *split; /* [splits] */
};

/*
 * A task by name.  tasks, or NULL, is the user's YAML file: one task (its
 * name, if the file gives none, is that of the file), or a map of tasks; or a
 * folder of such files.  What is not there is looked up in share/tasks.
 * Unknown names and bad definitions end the program.
 */
struct task *task_find(const char *name, const char *tasks);

/* The same, but NULL where there is none such. */
struct task *task_seek(const char *name, const char *tasks);

/* The names of the tasks that a file defines, in its order; [n], the caller's.
 */
char **task_names(const char *path, size_t *n);

void task_free(struct task *t);

/* The class of a label of n bytes, or -1. */
int task_class(const struct task *t, const char *label, size_t n);

/* The layout of a split; ends the program if the task has none such. */
const struct task_split *task_split_find(
    const struct task *t, const char *split);

#endif
