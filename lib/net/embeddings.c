#include "net/embeddings.h"

#include "layer/embed.h"
#include "layer/linear.h"
#include "layer/norm.h"

static struct norm
norm_of(const struct model *m, const struct batch *b)
{
	struct embedding_offsets at = m->params.embeddings;

	return (struct norm){ .gain = m->value + at.norm,
		.bias = m->value + at.norm_bias,
		.eps = (real)m->config.norm_eps,
		.first = b->first_token };
}

void
embeddings_forward(real *x, real *sum, const struct embeddings *e,
    const struct model *m, const struct batch *b, struct dropout dropout)
{
	struct embedding_offsets at = m->params.embeddings;
	size_t T = b->tokens, H = m->config.hidden;
	size_t E = config_embedding(&m->config);
	bool projected = at.project != PARAMS_NONE;
	real *y = projected ? e->normed : x;
	struct norm norm = norm_of(m, b);

	embed_forward(sum, m->value + at.word, m->value + at.position,
	    at.type != PARAMS_NONE ? m->value + at.type : NULL, b->id, b->at,
	    b->segment, T, E);
	norm_forward(y, e->xhat, e->rstd, sum, NULL, NULL, &norm, T, E);
	embed_drop(y, dropout, b->first_token, T, E);
	if (projected)
		linear_forward(x, y, m->value + at.project,
		    m->value + at.project_bias, T, E, H, m->float_product);
}

void
embeddings_backward(real *grad, real *d, real *wide, const struct embeddings *e,
    const struct model *m, const struct batch *b, struct dropout dropout)
{
	struct embedding_offsets at = m->params.embeddings;
	size_t T = b->tokens, H = m->config.hidden;
	size_t E = config_embedding(&m->config);
	struct norm norm = norm_of(m, b);

	if (at.project != PARAMS_NONE) {
		linear_backward(wide, false, grad + at.project,
		    grad + at.project_bias, d, e->normed, m->value + at.project,
		    T, E, H, m->float_product);
		d = wide;
	}
	embed_drop(d, dropout, b->first_token, T, E);
	norm_backward(d, NULL, grad + at.norm, grad + at.norm_bias, d, e->xhat,
	    e->rstd, &norm, T, E);
	embed_backward(grad + at.word, grad + at.position,
	    at.type != PARAMS_NONE ? grad + at.type : NULL, d, b->id, b->at,
	    b->segment, T, E);
}
