/*
 * Gold answers of one task and split, from an examples table
 * (mtkd-examples(5)) or a pack (mtkd-pack(5)), and what prediction tables say
 * of them.  Joins are by id and strict: a missing, extra or doubled id, other
 * labels, another task or split end the program with file, line and id.
 */
#ifndef SCORE_GOLD_H
#define SCORE_GOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/task.h"
#include "data/id.h"
#include "data/pred.h"
#include "metric/rows.h"

struct gold {
	const char *path; /* for messages */
	const struct task *task;
	char *split; /* NULL: the file does not say */
	size_t rows;
	size_t unlabelled;
	float *label;	  /* [rows] as in struct pack; NaN: unlabelled */
	uint8_t *applies; /* multilabel: [rows,classes], as there */
	double threshold; /* multilabel: the least probability of a guess */
	int32_t *group;	  /* [rows] rows of one ranking question */
	size_t *line;	  /* [rows] in the examples; 0 in a pack */
	char *ids;	  /* the ids, each ended by '\0' */
	size_t *id;	  /* [rows] offsets into ids */
	struct id_set seen;
};

/*
 * The task of a gold: as it is defined, in tasks or share/tasks; of a pack,
 * where nothing defines it and tasks is NULL, what the pack says of it.
 */
struct task *gold_task(const char *path, const char *name, const char *tasks);

/*
 * Read gold of a task, which must live as long.  "-" is an examples table on
 * stdin.  Ids stand once; at least one row must be labelled, in a ranking task
 * all.  threshold: negative is 0.5, others are for multilabel alone.
 */
struct gold *gold_read(
    const char *path, const struct task *task, double threshold);
void gold_free(struct gold *g);

/* True if it is a regular file and a pack, by its first bytes. */
bool gold_is_pack(const char *path);

/* order [gold rows]: where the row of each id stands in a whole table. */
void gold_match(size_t *order, const struct gold *g, const struct pred *p);

/*
 * Answers beside gold: the labelled rows in gold's order.  For a ranking task
 * the questions: class 1 for gold, 1 or 0 for a hit or a miss, of which the
 * probability is that of the top candidate.  Of multilabel likewise the rows:
 * 1 where all labels are right; these are in applies.
 */
struct sample {
	size_t n;
	size_t classes;	       /* 0: scores */
	int *gold, *guess;     /* [n], where there are classes */
	double *truth, *score; /* [n], where there are scores */
	double *probability;   /* [n,classes], where they were asked for or
				  multilabel needs them */
	uint8_t *applies;      /* multilabel: [n,classes] of gold */
	double threshold;      /* likewise */
	char *split;	       /* that the predictions name, or NULL */
};

/*
 * Read predictions and join them with gold.  A table in gold's order streams;
 * of one in another order, the rows from the first that differs are held.
 * The probabilities are kept only if asked for; a task with scores has none.
 */
struct sample sample_read(
    const struct gold *g, const char *path, bool probabilities);
void sample_free(struct sample *s);

/*
 * *split, if NULL, becomes that of the sample (a copy); else the sample, read
 * from path, must not name another one.
 */
void sample_split(char **split, const struct sample *s, const char *path);

/* What the metrics take; its arrays are the sample's. */
struct rows sample_rows(const struct sample *s);

#endif
