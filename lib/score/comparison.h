/*
 * Tables of comparisons (mtkd-scores(5)): a row for each test of b against a.
 */
#ifndef SCORE_COMPARISON_H
#define SCORE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct comparison {
	char *task, *split, *metric;
	char *test;  /* mcnemar, bootstrap, randomisation, mann-whitney */
	size_t n;    /* rows; mann-whitney: runs of both */
	double a, b; /* the metric's values; mann-whitney: medians */
	double difference;
	double low, high; /* of the difference; nan: no interval */
	double p;
	double holm;  /* p adjusted over the table's rows of one test, or nan */
	bool too_few; /* no p of so few runs can reach the level */
};

struct comparisons {
	struct comparison *row; /* [count] */
	size_t count, room;
	bool adjusted; /* holm is set */
	char *meta;    /* "key=value ..." for the first line, or NULL */
};

/* Append a row; its strings are copied. */
void comparisons_add(struct comparisons *c, const struct comparison *row);

/* Append the rows of a file. */
void comparisons_read(struct comparisons *c, const char *path);

/* Adjust p over all rows of each test, by Holm's method. */
void comparisons_adjust(struct comparisons *c);

/*
 * Write a table.  A row is significant if p, or holm once adjusted, is at
 * most 1 - level.
 */
void comparisons_write(FILE *out, const struct comparisons *c, double level);

/* The same into a file (NULL: stdout), or as JSON (base/tableout.h). */
void comparisons_save(
    const char *path, const struct comparisons *c, double level, bool json);

void comparisons_free(struct comparisons *c);

#endif
