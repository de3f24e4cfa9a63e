/*
 * Matrix products: the one file that knows BLAS.
 *
 * Every product runs in the thread that asks for it; threads are used around
 * products, over blocks of fixed size, because OpenBLAS's own threads would
 * make the bytes depend on how many there are.
 */
#ifndef LAYER_BLAS_H
#define LAYER_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

/* Tell OpenBLAS to leave threads alone; once, before the first product. */
void blas_start(void);

/*
 * c [M,N] = alpha * op(a) op(b) + beta * c, row-major; op(a) is [M,K] and
 * op(b) [K,N], each transposed where the flag says so; lda, ldb, ldc are the
 * lengths of rows as they are stored.  beta 0 overwrites c.
 */
void blas_gemm(bool transpose_a, bool transpose_b, size_t M, size_t N, size_t K,
    real alpha, const real *a, size_t lda, const real *b, size_t ldb, real beta,
    real *c, size_t ldc);

#endif
