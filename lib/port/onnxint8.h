/*
 * Products of a graph in 8 bits: weights once, by the output, as our own
 * (layer/quantise.h); what they are multiplied with, from 0 to 255, as the
 * graph runs, by the smallest and the largest number of the whole batch
 * (DynamicQuantizeLinear, MatMulInteger: ONNX Runtime makes one kernel of
 * them).
 */
#ifndef PORT_ONNXINT8_H
#define PORT_ONNXINT8_H

#include "port/onnx.h"

/* x W^T [...,N] of x [...,K] and w [N,K], whose constants are name's. */
const char *onnxint8_product(struct onnx *o, const char *x, const char *name,
    const real *w, size_t N, size_t K);

#endif
