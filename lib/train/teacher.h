/*
 * What the files about teachers (train/teach.h) share.
 */
#ifndef TRAIN_TEACHER_H
#define TRAIN_TEACHER_H

#include "net/answer.h"
#include "net/feature.h"
#include "train/pairs.h"
#include "train/teach.h"

struct teacher {
	char *task; /* it names, or NULL */
	struct model *m;
	struct encoder *encoder;
	struct answer *answer;
	struct pairs pairs; /* of the recipe, or even */
	struct feature_pair *pair;
	struct feature *feature; /* NULL: it is not looked into */
	struct taps *taps;	 /* its own */
	bool all;		 /* every token of its last layer is read */
	bool alone;		 /* no answer is wanted of it */
	/* a batch of which it has some rows alone */
	struct taps *mine; /* the student's of those */
	struct batch part;
	struct row_ref *from;
	size_t *token;
	size_t from_room, token_room;
};

struct teach {
	const struct recipe *recipe;
	struct teacher *item;
	size_t count;
	const struct pack *const *packs;
	size_t pack_count;
	bool *teaches; /* [count, pack_count]; without packs: all */
	size_t *head;  /* [count, pack_count] its head for a pack */
	const struct model *student;
	struct taps *taps; /* the student's */
	size_t width;	   /* of the widest answer */
	double *sum;	   /* [rows, width] of a batch */
	float *soft;	   /* the same, means */
	float *value;	   /* of one teacher and pack */
	int32_t *group;
	size_t *row, *place; /* rows of the pack in a part, in the batch */
	size_t *voices;	     /* [rows] how many answered */
	size_t room;
};

/* Whether teacher k teaches a pack. */
bool teacher_has(const struct teach *t, size_t k, size_t pack);

#endif
