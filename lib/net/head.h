/*
 * Task heads: logits = dropout(pooled) W^T + b, for those rows of a batch
 * that belong to the head's task.  Classification has one logit a label,
 * regression one score without squashing, ranking one a candidate.
 *
 * n rows, H features, C outputs.
 */
#ifndef NET_HEAD_H
#define NET_HEAD_H

#include <stdint.h>

#include "data/batch.h"
#include "layer/dropout.h"
#include "model/model.h"

/*
 * logits [n,C]	overwritten
 * kept [n,H]	overwritten: the rows after dropout, which backward needs
 * pooled [B,H]
 * row [n]	the rows' places in the batch
 * first	rows before the batch in the whole one, for dropout
 */
void head_forward(real *logits, real *kept, const struct model *m, size_t head,
    const real *pooled, const size_t *row, size_t n, struct dropout dropout,
    size_t first);

/*
 * dpooled [B,H]	the n rows overwritten
 * grad [params.total]	accumulated
 */
void head_backward(real *dpooled, real *grad, const struct model *m,
    size_t head, const real *dlogits, const real *kept, const size_t *row,
    size_t n, struct dropout dropout, size_t first);

#endif
