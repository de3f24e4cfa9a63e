/*
 * Where soft targets contradict the labels.  Items, Q and answers are those
 * of softitem.h.
 */
#ifndef SCORE_CONTRADICT_H
#define SCORE_CONTRADICT_H

#include <stdio.h>

#include "score/softitem.h"

/*
 * The items whose label contradicts Q, in the order of the first table: rows
 * of "id label answer label_q answer_q votes entropy", votes counting the
 * members that answer as Q does.  In a ranking task label and answer are the
 * ids of two candidates, and id is the answer's; in multilabel one of them is
 * the label in question, and the other "-".
 *
 * Where the labels come from an examples table its texts follow, "text_a" and
 * if it has them "text_b"; it is read once more for that and must be a file.
 */
void contradict_print(
    FILE *out, struct softitems *t, const struct softitem_gold *gold);

#endif
