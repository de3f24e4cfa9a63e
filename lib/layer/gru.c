#include "layer/gru.h"

#include "layer/linear.h"

static real
sigmoid(real x)
{
	return 1 / (1 + real_exp(-x));
}

void
gru_forward(real *out, real *kept, real *scratch, const real *x, const real *h,
    const struct gru *gru, size_t B, size_t H)
{
	/* The state's part first; its n stays in kept while r is found. */
	linear_forward(scratch, h, gru->u, gru->c, B, H, 3 * H, gru->product);
	for (size_t b = 0; b < B; b++)
		for (size_t i = 0; i < 3 * H; i++)
			kept[b * 4 * H + i + (i >= 2 * H ? H : 0)] =
			    scratch[b * 3 * H + i];
	linear_forward(scratch, x, gru->w, gru->b, B, H, 3 * H, gru->product);
	for (size_t b = 0; b < B; b++) {
		const real *s = scratch + b * 3 * H;
		real *r = kept + b * 4 * H, *z = r + H, *n = z + H;
		const real *un = n + H;

		for (size_t i = 0; i < H; i++) {
			r[i] = sigmoid(s[i] + r[i]);
			z[i] = sigmoid(s[H + i] + z[i]);
			n[i] = real_tanh(s[2 * H + i] + r[i] * un[i]);
			out[b * H + i] =
			    (1 - z[i]) * n[i] + z[i] * h[b * H + i];
		}
	}
}

void
gru_backward(real *dx, real *dh, const struct gru_grad *grad, real *scratch,
    const real *dout, const real *kept, const real *x, const real *h,
    const struct gru *gru, size_t B, size_t H)
{
	real *input = scratch, *state = scratch + B * 3 * H;

	for (size_t b = 0; b < B; b++) {
		const real *r = kept + b * 4 * H, *z = r + H, *n = z + H;
		const real *un = n + H, *d = dout + b * H;
		real *di = input + b * 3 * H, *ds = state + b * 3 * H;

		for (size_t i = 0; i < H; i++) {
			real dn = d[i] * (1 - z[i]) * (1 - n[i] * n[i]);

			di[i] = ds[i] = dn * un[i] * r[i] * (1 - r[i]);
			di[H + i] = ds[H + i] =
			    d[i] * (h[b * H + i] - n[i]) * z[i] * (1 - z[i]);
			di[2 * H + i] = dn;
			ds[2 * H + i] = dn * r[i];
			dh[b * H + i] = d[i] * z[i];
		}
	}
	linear_backward(dh, true, grad->u, grad->c, state, h, gru->u, B, H,
	    3 * H, gru->product);
	linear_backward(dx, false, grad->w, grad->b, input, x, gru->w, B, H,
	    3 * H, gru->product);
}
