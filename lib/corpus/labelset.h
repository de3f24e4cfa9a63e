/*
 * The labels of a row of a multilabel task: words between commas, without the
 * spaces around them.  A row to which none applies has an empty field.
 */
#ifndef CORPUS_LABELSET_H
#define CORPUS_LABELSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "corpus/example.h"
#include "corpus/task.h"

/*
 * Cut the first word off *set, which gets the rest, or at NULL after the last
 * one.  False if there is no word.  A word may be empty.
 */
bool labelset_next(struct example_text *set, struct example_text *word);

/*
 * applies [classes] overwritten: 1 for the labels of a set, 0 for others.
 * False if a word of it, *unknown, is no label of the task.
 */
bool labelset_read(uint8_t *applies, const struct task *t,
    struct example_text set, struct example_text *unknown);

/*
 * Make what out has from a byte on one word of a set: its commas become
 * semicolons.  True if there was one.
 */
bool labelset_one(struct buf *out, size_t from);

/* Words of a set in the order of bytes, each once. */
struct labelset {
	char **word; /* [count] */
	size_t count, room;
};

void labelset_add(struct labelset *s, const char *word, size_t n);

/* Sort the words, put them between commas after what out has; then clear. */
void labelset_put(struct labelset *s, struct buf *out);

void labelset_free(struct labelset *s);

#endif
