/*
 * Answers to the rows of a pack as text, with what the pack holds of the rows
 * of its examples, label and group, carried along.
 */
#ifndef PREDICT_REPLYPACK_H
#define PREDICT_REPLYPACK_H

#include <stdio.h>

#include "data/pack.h"
#include "predict/reply.h"

struct reply_pack;

/*
 * keep: "COLUMN,COLUMN" to carry along, NULL for none.  Ends the program
 * where a pack has no such column, and as reply_new does.  head and pack must
 * outlive it.
 */
struct reply_pack *reply_pack_new(const struct head *head,
    const struct reply_form *form, const char *keep, const struct pack *p);

/* value [rows, outputs] */
void reply_pack_write(struct reply_pack *r, FILE *out, const float *value);

void reply_pack_free(struct reply_pack *r);

#endif
