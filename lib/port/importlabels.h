/*
 * What the outputs of an imported head are called: the names that its
 * checkpoint gives them, and those that are asked for.
 */
#ifndef PORT_IMPORTLABELS_H
#define PORT_IMPORTLABELS_H

#include <stddef.h>

#include "model/config.h"

struct conf;

/*
 * The names that a config.json of Hugging Face's gives: id2label, or where it
 * is not there label2id, appended to labels.  Returns why they cannot be
 * believed (the two contradict each other, an output has no name), or NULL;
 * owned by the caller.  A label2id of LABEL_0, LABEL_1, ... says nothing.
 */
char *import_labels_read(
    struct labels *labels, const char *path, const struct conf *json);

/*
 * Settle the labels of h, which has those of its checkpoint at path, or none:
 * wanted, parted by commas, or NULL for as they are.  fault, or NULL, is why
 * they cannot stay so.
 *
 * The same names in another order move the outputs: order [outputs], NULL
 * where none moves and else owned by the caller, says which output of the
 * checkpoint becomes each.  Names count as the same whatever their case and
 * whether '-', '_' or ' ' parts their words.  Entirely other names rename the
 * outputs as they stand, which is said on stderr.  Names of which some are the
 * checkpoint's and some not end the program, as does a head that would answer
 * a constant.  A head with one output is a score; "score" alone is its name.
 */
void import_labels_settle(struct head *h, size_t **order, const char *path,
    const char *fault, const char *wanted);

#endif
