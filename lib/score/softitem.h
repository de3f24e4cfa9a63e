/*
 * Soft targets looked at item by item: the tables of an ensemble's members,
 * joined, with their labels beside.
 *
 * An item is a row, or the candidates of one question in a ranking task, or
 * one label of a row in multilabel, whose two numbers are the probabilities
 * that it applies and that it does not.  Q is the mean of the members' numbers
 * over it, the answer its highest, of equal ones the first.
 */
#ifndef SCORE_SOFTITEM_H
#define SCORE_SOFTITEM_H

#include <stdbool.h>
#include <stddef.h>

#include "data/pred.h"

/* Where labels come from; path NULL: there are none. */
struct softitem_gold {
	const char *path;  /* a pack, or an examples table */
	const char *tasks; /* as task_find has it, for an examples table */
};

struct softitem {
	size_t first, rows; /* of the first table */
	size_t class;	    /* multilabel: the label; answer 0: it applies */
	size_t count;	    /* numbers: classes, candidates or 1 */
	const double *mean; /* [count] Q */
	double spread;	    /* sum over numbers of the members' deviation */
	/* Of probabilities: */
	size_t answer;
	size_t label;	/* the right answer, or (size_t)-1: not known */
	size_t votes;	/* members that answer as Q does */
	double entropy; /* -sum Q ln Q, in nats */
	/* Of scores: */
	double score; /* the label, NaN: not known */
};

struct softitems;

/*
 * Read the tables path [count], which are joined as average_tables does, with
 * their weights or NULL, and the labels.
 */
struct softitems *softitem_open(const char *const *path, size_t count,
    const double *weight, const struct softitem_gold *gold);
void softitem_close(struct softitems *t);

/* The first table, whose rows are the items. */
const struct pred *softitem_table(const struct softitems *t);

size_t softitem_members(const struct softitems *t); /* how many tables */
bool softitem_has_labels(const struct softitems *t);

/* The next item, valid until the one after; false at the end. */
bool softitem_next(struct softitems *t, struct softitem *item);

/* Let softitem_next begin anew. */
void softitem_rewind(struct softitems *t);

#endif
