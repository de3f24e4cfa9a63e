/*
 * One row of a pack in the making: [CLS] a [SEP], or [CLS] a [SEP] b [SEP],
 * cut to a maximal length.
 */
#ifndef DATA_SEQUENCE_H
#define DATA_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Word pieces of one text.  Start with { 0 }; free id. */
struct sequence_text {
	int32_t *id; /* [count], owned */
	size_t count, room;
};

/*
 * Read decimal ids with single spaces between them from n bytes; no bytes are
 * no ids.  Returns NULL, or what is wrong: owned by the caller.
 */
char *sequence_parse(struct sequence_text *t, const char *text, size_t n);

struct sequence_form {
	int32_t cls, sep;
	size_t max_length; /* at least 4 */
	bool reversed;	   /* [CLS] b [SEP] a [SEP] */
};

/* "ab|ba": false and true of reversed. */
extern const char sequence_orders[];

struct sequence {
	int32_t *token; /* [count], owned */
	size_t count, room;
	size_t segment_a; /* tokens of segment A: up to the first [SEP] */
	bool truncated;	  /* pieces were cut */
};

/*
 * Build a row from a, and b unless it is NULL.  Start with { 0 }; s is
 * overwritten.  A pair over max_length loses the last piece of its longer
 * side, and of b where both are as long, until it fits, in either order.
 */
void sequence_build(struct sequence *s, const struct sequence_text *a,
    const struct sequence_text *b, const struct sequence_form *form);

#endif
