/*
 * BERT's input: word, position and segment embedding of each token, summed;
 * where segment is NULL there are none of the last kind.
 */
#ifndef LAYER_EMBED_H
#define LAYER_EMBED_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "layer/dropout.h"

/*
 * y [T,H]	overwritten
 * word [V,H], position [P,H], segment [S,H]	the tables
 * id, at, side [T]	row of each token in each table, below V, P, S
 */
void embed_forward(real *y, const real *word, const real *position,
    const real *segment, const int32_t *id, const int32_t *at,
    const int32_t *side, size_t T, size_t H);

/* dword, dposition, dsegment accumulated, each shaped as its table. */
void embed_backward(real *dword, real *dposition, real *dsegment,
    const real *dy, const int32_t *id, const int32_t *at, const int32_t *side,
    size_t T, size_t H);

/* x [T,H] in place, or its gradient; row t is row first + t of the dropout. */
void embed_drop(real *x, struct dropout d, size_t first, size_t T, size_t H);

/* out [N,H] overwritten with rows of x: out[n] = x[row[n]]. */
void embed_gather(
    real *out, const real *x, const size_t *row, size_t N, size_t H);

/* x[row[n]] += in[n]. */
void embed_scatter_add(
    real *x, const real *in, const size_t *row, size_t N, size_t H);

#endif
