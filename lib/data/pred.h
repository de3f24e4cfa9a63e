/*
 * Predictions and soft targets: one format (mtkd-pred(5)), keyed by id.
 *
 *	#mtkd pred 1 task=rte split=train type=classification members=3
 *	id	not_entailment	entailment
 *	0	0.0312744	0.968726
 *
 * Checks on reading: ids neither empty nor doubled, numbers finite,
 * probabilities in [0,1] that sum to 1 within 1e-3 over a row (ranking: over
 * a group, whose rows stand together; multilabel: each of its own).  The type
 * is that of the provenance line, else regression for a single column
 * "score", ranking for "score" and "group", else classification.
 */
#ifndef DATA_PRED_H
#define DATA_PRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "data/pack.h"

struct pred {
	char *path;
	char *task, *split;   /* NULL where the file has no provenance */
	struct labels labels; /* of a ranking table: not known */
	long long members;    /* models averaged; 1 for a prediction */
	size_t width;	      /* columns of numbers: classes, or 1 */
	size_t rows;
	float *value; /* [rows, width] */
	char **group; /* ranking: [rows] */
	size_t *line; /* [rows] where each row stands in its file */
	char *ids;    /* the ids, each ended by '\0' */
	size_t *id;   /* [rows] offsets into ids */
	size_t *slot; /* hash table over ids */
	size_t slots;
};

/* Read and check a whole table ("-" is stdin). */
struct pred *pred_read(const char *path);
void pred_free(struct pred *p);

const char *pred_id(const struct pred *p, size_t row);

/* The row of an id of n bytes, or (size_t)-1. */
size_t pred_find(const struct pred *p, const char *id, size_t n);

/*
 * Rows of a prediction table in the order of a pack: order [pack rows].
 * Ends the program, naming file, line and id, if task, split or labels
 * differ, an id is missing or extra, or ranking groups are cut otherwise.
 */
void pred_match(size_t *order, const struct pred *p, const struct pack *pack);

/* The same table row by row; doubled ids are left to the caller. */
struct pred_stream;

struct pred_row {
	size_t line;
	const char *id; /* ended by '\0', as group; until the next row */
	size_t id_length;
	const double *value; /* [width], as precise as the text */
	const char *group;   /* NULL unless ranking */
};

struct pred_stream *pred_open(const char *path);
bool pred_next(struct pred_stream *s, struct pred_row *row);

/* Let pred_next return the row that it last returned once more. */
void pred_back(struct pred_stream *s);

/* What the first lines say: everything in it but the rows. */
const struct pred *pred_about(const struct pred_stream *s);

/*
 * The rows that are left, as a table of their own; pred_free it.  exact, if
 * not NULL, gets their values [rows, width] before they were narrowed; free it.
 */
struct pred *pred_rest(struct pred_stream *s, double **exact);
void pred_close(struct pred_stream *s);

/*
 * Write the provenance and header row; the kind is pred for 1 member, soft
 * for more.  task and split may be NULL.
 */
void pred_write_head(FILE *out, const char *task, const char *split,
    const struct labels *labels, long long members);

/* Write numbers [n], each after a tab. */
void pred_write_values(FILE *out, const float *value, size_t n);

/* Write one row; group NULL unless ranking. */
void pred_write_exact(FILE *out, const char *id, size_t id_length,
    const double *value, size_t width, const char *group);

#endif
