/*
 * Products of a graph with weights of 8 bits, by the output as our own
 * (layer/quantise.h).  What they are multiplied with stays float32: brought to
 * 8 bits by one scale a batch it would change one label in twenty.
 */
#ifndef PORT_ONNXINT8_H
#define PORT_ONNXINT8_H

#include "port/onnx.h"

/* x W^T [...,N] of x [...,K] and w [N,K], whose constants are name's. */
const char *onnxint8_product(struct onnx *o, const char *x, const char *name,
    const real *w, size_t N, size_t K);

#endif
