/*
 * Label sets: what the answers to a task are called, in class order.  A task,
 * a pack, a prediction table and a head each have one; where two of them meet
 * their sets must be the same.
 */
#ifndef CORPUS_LABELS_H
#define CORPUS_LABELS_H

#include <stdbool.h>
#include <stddef.h>

enum task_type {
	TASK_CLASSIFICATION,
	TASK_REGRESSION,
	TASK_RANKING,
	TASK_MULTILABEL /* any number of labels a row */
};

/*
 * "classification", "regression", "ranking", "multilabel", NULL: an index is
 * a type.
 */
extern const char *const labels_type_names[];

/* The name of a type; and back, -1 if unknown. */
const char *labels_type_name(enum task_type type);
int labels_type_find(const char *name);

/* All of them, "classification, regression, ... or ..."; the caller's. */
char *labels_type_list(void);

struct labels {
	enum task_type type;
	size_t classes; /* 0 for regression, or where they are not known */
	char **name;	/* [classes] in class order, NULL if there are none */
};

/*
 * Whether a row is answered by a number for each label: by the probability of
 * each class of a classification, or in multilabel that each label applies.
 * Else it is by one score.
 */
bool labels_is_wide(const struct labels *l);

/* Numbers that answer a row. */
size_t labels_width(const struct labels *l);

/* The name of number i of an answer: its class, or "score". */
const char *labels_column(const struct labels *l, size_t i);

/*
 * Whether a label can have this name: it becomes the name of a column beside
 * "id" and "group" and one of a list with commas, where "-" means that there
 * is none.
 */
bool labels_name_is_good(const char *name);

/*
 * What a set lacks; which gets the class that a name's fault is of, the
 * second one where a name stands twice.  Takes n log n comparisons.
 */
enum labels_fault {
	LABELS_GOOD,
	LABELS_COUNT, /* not that many for the type */
	LABELS_NAME,  /* a name that no label can have */
	LABELS_TWICE  /* a name of two labels */
};
enum labels_fault labels_check(const struct labels *l, size_t *which);

/* What two sets differ in first; which gets the class of other names. */
enum labels_difference {
	LABELS_SAME,
	LABELS_OTHER_TYPE,
	LABELS_OTHER_COUNT,
	LABELS_OTHER_NAME
};
enum labels_difference labels_compare(
    size_t *which, const struct labels *a, const struct labels *b);

/*
 * The same of what a table of answers shows of its set: the type, and the
 * names where they are columns.
 */
enum labels_difference labels_compare_columns(
    size_t *which, const struct labels *a, const struct labels *b);

/* The class of a name of n bytes, or -1. */
int labels_find(const struct labels *l, const char *name, size_t n);

/* The names as "a, b, c", for messages; owned by the caller. */
char *labels_list(const struct labels *l);

/* A set that shares nothing with from; labels_free it. */
void labels_copy(struct labels *to, const struct labels *from);

/* Append a name of n bytes. */
void labels_add(struct labels *l, const char *name, size_t n);

/* The names that stand between the commas of text, appended. */
void labels_split(struct labels *l, const char *text);

/* Free the names; the set is empty then, of the type that it was. */
void labels_free(struct labels *l);

/* The labels near a text that is none of them (base/near.h). */
char *labels_near(const struct labels *l, const char *text);

#endif
