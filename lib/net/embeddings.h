/*
 * What goes into the first layer: word, position and segment embeddings,
 * summed, normalised and dropped out (Devlin et al. 2019); where they have
 * another width than the layers, E, projected to theirs, H (Clark et al. 2020,
 * ELECTRA).
 *
 * T tokens of a batch.
 */
#ifndef NET_EMBEDDINGS_H
#define NET_EMBEDDINGS_H

#include "data/batch.h"
#include "layer/dropout.h"
#include "model/model.h"

/* What a pass keeps for backward, in the caller's memory. */
struct embeddings {
	real *xhat, *rstd; /* [T,E], [T] of the norm */
	real *normed;	   /* [T,E] what is projected; unused where E is H */
};

/*
 * x [T,H]	overwritten
 * sum [T,E]	scratch
 */
void embeddings_forward(real *x, real *sum, const struct embeddings *e,
    const struct model *m, const struct batch *b, struct dropout dropout);

/*
 * grad [params.total]	accumulated
 * d [T,H]	the gradient of x; overwritten
 * wide [T,E]	scratch
 */
void embeddings_backward(real *grad, real *d, real *wide,
    const struct embeddings *e, const struct model *m, const struct batch *b,
    struct dropout dropout);

#endif
