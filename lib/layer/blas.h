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
 * What a product is made of: float32 (or double, as base/real.h has it), or
 * bfloat16 as in layer/bf16.h, which has to be started.  A product with a side
 * shorter than 16 is of the former in any case.
 */
enum blas_numbers { BLAS_FLOAT32, BLAS_BF16 };

/* "float32|bf16", in the order of blas_numbers. */
extern const char blas_numbers_names[];

/*
 * c [M,N] = op(a) op(b), or added to c; row-major; op(a) is [M,K] and
 * op(b) [K,N], each transposed where the flag says so; lda, ldb, ldc are the
 * lengths of rows as they are stored.
 */
void blas_gemm(enum blas_numbers numbers, bool transpose_a, bool transpose_b,
    size_t M, size_t N, size_t K, const real *a, size_t lda, const real *b,
    size_t ldb, bool add, real *c, size_t ldc);

#endif
