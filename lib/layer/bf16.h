/*
 * Matrix products of bfloat16 numbers, summed in float32: operands are rounded
 * to 8 significant bits (to nearest, ties to even) on their way into the
 * product, by Intel's AMX where bf16_start found it and else in plain C, which
 * is slow and there to check by.  The two add in another order, and AMX takes
 * numbers below 2^-126 as 0.
 */
#ifndef LAYER_BF16_H
#define LAYER_BF16_H

#include <stdbool.h>
#include <stddef.h>

/* Rows of c for which b is packed once. */
enum { BF16_ROWS = 512 };

/* Ask the system for AMX; false: it is not there.  Before threads are. */
bool bf16_start(void);

/*
 * c [M,N] = op(a) op(b), or added to c; row-major, transposed and stored as
 * blas_gemm has it.
 */
void bf16_gemm(bool transpose_a, bool transpose_b, size_t M, size_t N, size_t K,
    const float *a, size_t lda, const float *b, size_t ldb, bool add, float *c,
    size_t ldc);

#endif
