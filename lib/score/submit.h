/*
 * Files for GLUE's evaluation server: a header row "index<TAB>prediction" and
 * one row for each row of test.tsv, in its order.
 */
#ifndef SCORE_SUBMIT_H
#define SCORE_SUBMIT_H

#include <stdbool.h>
#include <stddef.h>

enum { SUBMIT_FILES = 11 };

/*
 * Write the files of the prediction tables pred [n] into a folder, which is
 * made if need be.  The task and split of each table's first line choose its
 * file; ids must be 0, 1, ... in any order.  Classes are written as the task's
 * label strings, STS-B's scores clipped to [0,5] with 3 decimals.  Nothing is
 * written before all tables are read and found good.  A missing file ends the
 * program, but for partial: then it is warned of.
 */
void submit_write(
    const char *folder, const char *const *pred, size_t n, bool partial);

#endif
