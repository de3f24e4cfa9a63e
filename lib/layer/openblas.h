/*
 * OpenBLAS: the products of float64, and those of float32 where there is no
 * oneDNN.
 */
#ifndef LAYER_OPENBLAS_H
#define LAYER_OPENBLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

/*
 * Tell it to leave threads alone, because its own would make the bytes depend
 * on how many there are; before the first product.
 */
void openblas_start(void);

/* Its name and version. */
enum { OPENBLAS_NAME = 32 };
void openblas_version(char name[OPENBLAS_NAME]);

/*
 * c [M,N] = op(a) op(b), or added to c; row-major; op(a) is [M,K] and
 * op(b) [K,N], each transposed where the flag says so; lda, ldb, ldc are the
 * lengths of rows as they are stored.
 */
void openblas_product(bool transpose_a, bool transpose_b, size_t M, size_t N,
    size_t K, const real *a, size_t lda, const real *b, size_t ldb, bool add,
    real *c, size_t ldc);

#endif
