#include "net/pooler.h"

#include <string.h>

#include "layer/exact.h"
#include "layer/gelu.h"

static void
relu(real *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = y[i] > 0 ? y[i] : 0;
}

void
pooler_forward(
    real *pooled, real *du, const real *cls, const struct model *m, size_t B)
{
	struct linear_offsets at = m->params.pooler;
	enum pooler kind = m->config.pooler;
	size_t H = m->config.hidden;

	if (kind == POOLER_NONE) {
		memcpy(pooled, cls, B * H * sizeof(*pooled));
		return;
	}
	exact_forward(pooled, cls, m->value + at.weight, m->value + at.bias,
	    kind == POOLER_TANH, B, H, H);
	if (kind == POOLER_GELU)
		gelu_slope(pooled, du, pooled, B * H);
	if (kind == POOLER_RELU)
		relu(pooled, B * H);
}

/* du [n] becomes the gradient of W h + b. */
static void
squash_backward(enum pooler kind, real *du, const real *dpooled,
    const real *pooled, size_t n)
{
	if (kind == POOLER_GELU) {
		gelu_backward(du, dpooled, du, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		real slope = 1 - pooled[i] * pooled[i];

		if (kind == POOLER_RELU)
			slope = pooled[i] > 0 ? 1 : 0;
		du[i] = dpooled[i] * slope;
	}
}

void
pooler_backward(real *dcls, real *grad, const real *dpooled, const real *pooled,
    real *du, const real *cls, const struct model *m, size_t B)
{
	struct linear_offsets at = m->params.pooler;
	size_t H = m->config.hidden, n = B * H;

	if (dpooled == NULL) {
		memset(dcls, 0, n * sizeof(*dcls));
		return;
	}
	if (m->config.pooler == POOLER_NONE) {
		memcpy(dcls, dpooled, n * sizeof(*dcls));
		return;
	}
	squash_backward(m->config.pooler, du, dpooled, pooled, n);
	exact_backward(dcls, grad + at.weight, grad + at.bias, du, cls,
	    m->value + at.weight, B, H, H);
}
