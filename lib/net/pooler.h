/*
 * What heads read of a text: f(W h + b) of its last [CLS], where f is the
 * tanh of BERT's pooler, the gelu of ELECTRA's head or the relu of
 * DistilBERT's; or, without a pooler, h itself.
 *
 * B rows, H features.
 */
#ifndef NET_POOLER_H
#define NET_POOLER_H

#include "model/model.h"

/* pooled [B,H] overwritten, and du [B,H] by what backward needs; cls [B,H] is
 * h. */
void pooler_forward(
    real *pooled, real *du, const real *cls, const struct model *m, size_t B);

/*
 * dcls [B,H]	overwritten; of dpooled [B,H], or NULL: 0
 * grad [params.total]	accumulated
 * pooled, du, cls	of forward; du is overwritten
 */
void pooler_backward(real *dcls, real *grad, const real *dpooled,
    const real *pooled, real *du, const real *cls, const struct model *m,
    size_t B);

#endif
