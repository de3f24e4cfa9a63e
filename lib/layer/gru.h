/*
 * One step of a gated recurrent unit (Cho et al. 2014), gates stacked r, z, n
 * as PyTorch's GRUCell has them:
 *
 *	r = sigmoid(W_r x + b_r + U_r h + c_r)	z likewise
 *	n = tanh(W_n x + b_n + r * (U_n h + c_n))
 *	h' = (1 - z) * n + z * h
 *
 * B rows, H features; weights [3H,H], biases [3H].
 */
#ifndef LAYER_GRU_H
#define LAYER_GRU_H

#include <stddef.h>

#include "base/real.h"
#include "layer/product.h"

struct gru {
	const real *w, *u; /* of the input, of the state */
	const real *b, *c;
	struct product *product; /* as layer/linear.h has it */
};

struct gru_grad {
	real *w, *u, *b, *c;
};

/*
 * out [B,H]	overwritten: h'
 * kept [B,4H]	overwritten: r, z, n and U_n h + c_n, which backward needs
 * scratch [B,3H]
 */
void gru_forward(real *out, real *kept, real *scratch, const real *x,
    const real *h, const struct gru *gru, size_t B, size_t H);

/*
 * dx, dh [B,H]	overwritten
 * grad		accumulated
 * scratch [B,6H]
 */
void gru_backward(real *dx, real *dh, const struct gru_grad *grad,
    real *scratch, const real *dout, const real *kept, const real *x,
    const real *h, const struct gru *gru, size_t B, size_t H);

#endif
