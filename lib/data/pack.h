/*
 * Packs: the rows of one task and split, ready for the network (mtkd-pack(5)).
 *
 * Rows are ragged: row r owns tokens[starts[r] .. starts[r+1]), of which the
 * first segment_a[r] are segment A.  Nothing is padded.
 */
#ifndef DATA_PACK_H
#define DATA_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/labels.h"
#include "corpus/metricname.h"
#include "data/st.h"

/* What a multilabel row without labels holds for each of them. */
enum { PACK_UNLABELLED = 255 };

struct pack {
	const char *path;
	const char *task, *split, *head; /* head: whose head answers */
	struct labels labels;
	const char *vocab; /* 64 hexadecimal digits */
	bool cased;
	bool reversed; /* order=ba: text_b stands first */
	size_t max_length;
	size_t truncated; /* rows that were cut to max_length */
	size_t rows, tokens_total;
	const int32_t *tokens;	  /* [tokens_total] */
	const int64_t *starts;	  /* [rows+1] */
	const int32_t *segment_a; /* [rows] tokens in segment A */
	/* [rows] class index or score, in multilabel 0; NaN: unlabelled */
	const float *label;
	/* multilabel: [rows, classes] 1: it applies; PACK_UNLABELLED; or NULL
	 */
	const uint8_t *applies;
	const int32_t *group; /* [rows] ranking question, never decreasing */
	const uint8_t *id_bytes;
	const int64_t *id_starts; /* [rows+1] */
	struct st *file;
};

/*
 * Read a pack ("-": stdin) and check it: checksums, shapes, increasing
 * starts, splits and labels in range, token ids not negative, groups
 * together, ids not empty.  That no id stands twice is checked at writing.
 */
struct pack *pack_open(const char *path);

/* The same from an open file, which then belongs to the pack. */
struct pack *pack_take(struct st *file);
void pack_close(struct pack *p);

/*
 * Ends the program, naming both files, if a pack was not made with the
 * vocabulary of this digest, which path has.
 */
void pack_check_vocab(
    const struct pack *p, const char *digest, const char *path);

/*
 * What its task is scored by: list [METRIC_COUNT] overwritten by those that the
 * pack names and that suit it, else by the usual ones; returns how many.
 */
size_t pack_metrics(enum metric *list, const struct pack *p);

/* The id of a row, as a string of its own. */
char *pack_id(const struct pack *p, size_t row);

/* The same without a copy: not ended by '\0'. */
const char *pack_id_bytes(const struct pack *p, size_t row, size_t *length);

/*
 * Writing: rows are appended as they come and kept in unlinked temporary
 * files beside the output, so that memory does not grow with them (8 bytes a
 * row for what duplicate ids need).
 */
struct pack_writer;

struct pack_head {
	const char *task, *split, *head;
	struct labels labels;
	const char *vocab;
	bool cased, reversed;
	size_t max_length;
	size_t metrics; /* what the task is scored by; 0: not said */
	const char *const *metric;
};

struct pack_writer *pack_create(const char *path, const struct pack_head *h);

/*
 * Append a row: tokens [count] are the whole sequence, of which segment_a are
 * segment 0; label is a class index or score, NaN for none.  group: the
 * question in a ranking task, never below that of the row before; other tasks
 * get the row's own number, whatever is given.  Ends the program, naming row
 * and id, if pack_open would refuse the row.
 */
void pack_add(struct pack_writer *w, const char *id, const int32_t *tokens,
    size_t count, size_t segment_a, float label, int32_t group, bool truncated);

/*
 * The same of a multilabel pack: applies [classes] 0 or 1 for each label;
 * NULL: the row is unlabelled.
 */
void pack_add_set(struct pack_writer *w, const char *id, const int32_t *tokens,
    size_t count, size_t segment_a, const uint8_t *applies, bool truncated);

/* Refuse ids that stand twice, write the file and free w. */
void pack_commit(struct pack_writer *w);

#endif
