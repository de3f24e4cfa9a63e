#include "net/head.h"

#include <string.h>

#include "layer/exact.h"

static void
drop(real *to, const real *from, struct dropout d, size_t position, size_t H)
{
	for (size_t h = 0; h < H; h++)
		to[h] =
		    d.threshold == 0
			? from[h]
			: from[h] * dropout_factor(d, (uint32_t)(position + h));
}

void
head_forward(real *logits, real *kept, const struct model *m, size_t head,
    const real *pooled, const size_t *row, size_t n, struct dropout dropout,
    size_t first)
{
	struct linear_offsets o = m->params.head[head].answer;
	size_t H = m->config.hidden;

	for (size_t i = 0; i < n; i++)
		drop(kept + i * H, pooled + row[i] * H, dropout,
		    (first + row[i]) * H, H);
	exact_forward(logits, kept, m->value + o.weight, m->value + o.bias,
	    false, n, H, m->config.head[head].outputs);
}

void
head_backward(real *dpooled, real *grad, const struct model *m, size_t head,
    const real *dlogits, const real *kept, const size_t *row, size_t n,
    struct dropout dropout, size_t first)
{
	struct linear_offsets o = m->params.head[head].answer;
	size_t H = m->config.hidden, C = m->config.head[head].outputs;

	exact_backward(
	    NULL, grad + o.weight, grad + o.bias, dlogits, kept, NULL, n, H, C);
	for (size_t i = 0; i < n; i++) {
		real *d = dpooled + row[i] * H;

		memset(d, 0, H * sizeof(*d));
		for (size_t c = 0; c < C; c++)
			for (size_t h = 0; h < H; h++)
				d[h] += dlogits[i * C + c] *
					m->value[o.weight + c * H + h];
		drop(d, d, dropout, (first + row[i]) * H, H);
	}
}
