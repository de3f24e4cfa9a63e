/*
 * Which class is taken for which: a table of gold by predicted label
 * (mtkd-scores(5)).
 */
#ifndef SCORE_CONFUSION_H
#define SCORE_CONFUSION_H

#include "score/gold.h"

/*
 * Write to path, or to stdout for NULL, whole or not at all, the counts of
 * the labelled rows, a row for each gold label and a
 * column for each predicted one, in class order; of multilabel a row for each
 * label, how often it is rightly and wrongly absent and present.  Ends the
 * program for a task whose answers are no classes.
 */
void confusion_write(
    const char *path, const struct gold *g, const char *pred, bool json);

#endif
