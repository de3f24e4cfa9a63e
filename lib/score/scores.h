/*
 * Tables of scores (mtkd-scores(5)): task, split, metric, value, n.
 */
#ifndef SCORE_SCORES_H
#define SCORE_SCORES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct score {
	char *task, *split, *metric; /* split "-": unknown */
	double value;		     /* a fraction, or nan */
	size_t n;		     /* rows, questions, seeds or tasks */
	const char *path;	     /* where it was read, or NULL */
	size_t line;
};

struct scores {
	struct score *row; /* [count] */
	size_t count, room;
	char **path; /* of the files read */
	size_t paths, paths_room;
	char *meta; /* "key=value ..." for the first line, or NULL */
};

/* Append a row; the strings are copied. */
void scores_add(struct scores *s, const char *task, const char *split,
    const char *metric, double value, size_t n);

/*
 * Append the rows metric.run1 ... of value [runs], each over n, and those of
 * their summary, metric.min .median .mean .sd .max, over the runs.
 */
void scores_add_runs(struct scores *s, const char *task, const char *split,
    const char *metric, const double *value, size_t runs, size_t n);

/* Append the rows of a file. */
void scores_read(struct scores *s, const char *path);

/*
 * The same, or of a directory the rows of the score tables *.tsv in it, by
 * name; other tables are passed over and counted in a message.
 */
void scores_read_all(struct scores *s, const char *path);

/* Write a table. */
void scores_write(FILE *out, const struct scores *s);

/* The same into a file (NULL: stdout), or as JSON (base/tableout.h). */
void scores_save(const char *path, const struct scores *s, bool json);

void scores_free(struct scores *s);

#endif
