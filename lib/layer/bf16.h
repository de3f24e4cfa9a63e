/*
 * Matrix products of bfloat16 numbers, summed in float32: operands are rounded
 * to 8 significant bits (to nearest, ties to even) on their way into the
 * product.  Intel's AMX multiplies, or plain C, which is slow and there to
 * check by; the two add in another order, and AMX takes numbers below 2^-126
 * as 0.
 */
#ifndef LAYER_BF16_H
#define LAYER_BF16_H

#include <stdbool.h>
#include <stddef.h>

enum bf16_kernel { BF16_PLAIN, BF16_AMX };

/* Rows of c for which b is packed once. */
enum { BF16_ROWS = 512 };

/* Ask the system for AMX, for all threads; false: it is not there. */
bool bf16_start(void);

/*
 * c [M,N] = op(a) op(b), or added to c; row-major, transposed and stored as
 * blas_gemm has it.
 */
void bf16_gemm(enum bf16_kernel kernel, bool transpose_a, bool transpose_b,
    size_t M, size_t N, size_t K, const float *a, size_t lda, const float *b,
    size_t ldb, bool add, float *c, size_t ldc);

#endif
