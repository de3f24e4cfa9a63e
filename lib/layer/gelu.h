/*
 * The exact Gaussian error linear unit (Hendrycks and Gimpel 2016):
 * gelu(u) = u * Phi(u), Phi the standard normal distribution function.
 */
#ifndef LAYER_GELU_H
#define LAYER_GELU_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/* y [n] overwritten; may be u itself. */
void gelu_forward(real *y, const real *u, size_t n);

/*
 * The same, and what backward needs.
 * y [n]	overwritten; may be u itself
 * slope [n]	overwritten with Phi(u) + u * phi(u)
 */
void gelu_slope(real *y, real *slope, const real *u, size_t n);

/* du [n] overwritten with dy * slope; may be dy or slope itself. */
void gelu_backward(real *du, const real *dy, const real *slope, size_t n);

/* The same two with y, slope and du rounded to bfloat16; y is not u. */
void gelu_slope_bf16(uint16_t *y, uint16_t *slope, const real *u, size_t n);
void gelu_backward_bf16(
    uint16_t *du, const real *dy, const uint16_t *slope, size_t n);

#endif
