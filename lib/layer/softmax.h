/*
 * Softmax over short vectors: the classes of a head, the candidates of a
 * ranking question, the scores of an attention row.
 */
#ifndef LAYER_SOFTMAX_H
#define LAYER_SOFTMAX_H

#include <stddef.h>

#include "base/real.h"

/* p [n] overwritten with exp(x) / sum(exp(x)); may be x.  Any scale of x. */
void softmax_forward(real *p, const real *x, size_t n);

/* out [n] overwritten with log(softmax(x)), exact to rounding; may be x. */
void softmax_log(real *out, const real *x, size_t n);

/*
 * rows [R,n] overwritten in place with softmax(scale * rows), vectorised:
 * the inner loop of attention.  ld numbers from row to row.
 */
void softmax_rows(real *rows, real scale, size_t R, size_t n, size_t ld);

#endif
