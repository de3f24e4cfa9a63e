/*
 * Softmax over short vectors: the classes of a head, the candidates of a
 * ranking question, the scores of an attention row.
 */
#ifndef LAYER_SOFTMAX_H
#define LAYER_SOFTMAX_H

#include <stdbool.h>
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

/*
 * The same down the columns, which are divided by later:
 * x [n,SOFTMAX_COLUMNS]	overwritten with exp(scale * (x - max)), max
 *				that of the column; of the first half of the
 *				columns only if half
 * share [SOFTMAX_COLUMNS]	overwritten with 1 / the sum of each
 */
enum { SOFTMAX_COLUMNS = 16 };
void softmax_columns(real *x, real *share, real scale, size_t n, bool half);

#endif
