/*
 * The rows of a pack as text (tensor-cat(1)).
 */
#ifndef DATA_PACKROWS_H
#define DATA_PACKROWS_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "corpus/vocab.h"
#include "data/pack.h"

/*
 * Append the label of a row: its name, a number, or "-" for none; of
 * multilabel the names of all that apply, between commas.
 */
void pack_put_label(struct buf *out, const struct pack *p, size_t row);

/*
 * Write a header row and the first rows, head or as many as there are: "id
 * label group split tokens", tokens by their ids, or where v is not NULL as
 * its pieces.
 */
void pack_put_rows(
    FILE *out, const struct pack *p, size_t head, const struct vocab *v);

#endif
