#include "net/mlm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/least.h"
#include "base/mem.h"
#include "layer/embed.h"
#include "layer/gelu.h"
#include "layer/kernel.h"
#include "layer/linear.h"
#include "layer/norm.h"
#include "layer/softmax.h"

/* Logits held at a time, and the tokens that gives at most. */
enum { LOGITS = 1 << 22, BLOCK_MOST = 1024 };

struct mlm {
	const struct model *m;
	struct mlm_offsets at;
	size_t block; /* tokens whose logits are held */
	real *logits; /* [block,V] */
	real *soft;   /* [block,V] the student's at another temperature */
	real *x;      /* [n,H] of the n tokens asked for */
	real *slope, *xhat, *rstd, *dy; /* [n,E], [n] */
	real *y;			/* [n,max(H,E)] */
	size_t *row;			/* [n] their places */
	int32_t *id;			/* [n] what is asked for */
	double *hard_loss, *soft_loss;	/* [n] */
	bool *right;
	size_t n, room;
	char *rows; /* where these n stand */
};

static size_t
block_of(size_t vocab)
{
	return least(LOGITS / vocab / 32 * 32 + 32, BLOCK_MOST);
}

/* Rows for n tokens: the next batch asks for a few more, or fewer. */
static size_t
room_for(size_t n)
{
	return n + n / 4;
}

static void
lay_out(struct arena *a, struct mlm *h, size_t room, const struct config *c)
{
	size_t H = c->hidden, E = config_embedding(c);

	h->x = arena_reals(a, room * H);
	h->slope = arena_reals(a, room * E);
	h->y = arena_reals(a, room * most(H, E));
	h->xhat = arena_reals(a, room * E);
	h->rstd = arena_reals(a, room);
	h->dy = arena_reals(a, room * E);
	h->row = arena_take(a, room, sizeof(*h->row));
	h->id = arena_take(a, room, sizeof(*h->id));
	h->hard_loss = arena_take(a, room, sizeof(double));
	h->soft_loss = arena_take(a, room, sizeof(double));
	h->right = arena_take(a, room, sizeof(*h->right));
}

size_t
mlm_bytes(const struct config *c, size_t asked, bool teacher)
{
	struct arena a = arena_count();
	struct mlm unused;

	lay_out(&a, &unused, room_for(asked), c);
	return a.used +
	       (teacher ? 2 : 1) * block_of(c->vocab) * c->vocab * sizeof(real);
}

struct mlm *
mlm_new(const struct model *m)
{
	struct mlm *h = mem_zero(1, sizeof(*h));

	h->m = m;
	h->at = m->params.mlm;
	h->block = block_of(m->config.vocab);
	h->logits = mem_align(h->block * m->config.vocab, sizeof(real));
	return h;
}

void
mlm_free(struct mlm *h)
{
	free(h->rows);
	free(h->logits);
	free(h->soft);
	free(h);
}

static void
reserve(struct mlm *h, size_t n)
{
	const struct config *c = &h->m->config;
	struct arena a = arena_count();

	if (n <= h->room)
		return;
	free(h->rows);
	h->room = room_for(n);
	lay_out(&a, h, h->room, c);
	h->rows = mem_align(a.used, 1);
	a = arena_in(h->rows);
	lay_out(&a, h, h->room, c);
}

size_t
mlm_asked(const int32_t *want, size_t Q)
{
	size_t n = 0;

	for (size_t i = 0; i < Q; i++)
		n += want[i] >= 0;
	return n;
}

static struct norm
norm_of(const struct mlm *h)
{
	return (struct norm){ .gain = h->m->value + h->at.norm,
		.bias = h->m->value + h->at.norm_bias,
		.eps = (real)h->m->config.norm_eps };
}

/* From states to what the decoder reads, for the tokens asked for. */
static void
transform(struct mlm *h, const real *hidden, const int32_t *want, size_t Q)
{
	const real *w = h->m->value;
	size_t H = h->m->config.hidden, E = config_embedding(&h->m->config);
	struct norm norm = norm_of(h);

	reserve(h, mlm_asked(want, Q));
	h->n = 0;
	for (size_t i = 0; i < Q; i++)
		if (want[i] >= 0) {
			h->row[h->n] = i;
			h->id[h->n++] = want[i];
		}
	embed_gather(h->x, hidden, h->row, h->n, H);
	linear_gelu_forward(h->y, h->slope, PRODUCT_FLOAT32, h->x,
	    w + h->at.dense, w + h->at.dense_bias, h->n, H, E, h->m->product);
	norm_forward(h->y, h->xhat, h->rstd, h->y, NULL, NULL, &norm, h->n, E);
}

/* Tokens [first, first + n) of those asked for. */
static void
decode(const struct mlm *h, size_t first, size_t n)
{
	size_t E = config_embedding(&h->m->config);

	linear_forward(h->logits, h->y + first * E, h->m->value,
	    h->m->value + h->at.bias, n, E, h->m->config.vocab, h->m->product);
}

static KERNEL size_t
largest(const real *z, size_t n)
{
	real max = z[0];
	size_t i = 0;

#pragma omp simd reduction(max : max)
	for (size_t k = 0; k < n; k++)
		max = z[k] > max ? z[k] : max;
	while (z[i] < max)
		i++;
	return i;
}

/* to = to * a; the gradient of a mean, and its weight. */
static KERNEL void
scale(real *to, real a, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		to[i] *= a;
}

/* dz += a * (p - q), the gradient of the soft loss. */
static KERNEL void
add_difference(real *dz, const real *p, const real *q, real a, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		dz[i] += a * (p[i] - q[i]);
}

/* -sum q log p, where p = softmax(z / T) and log_sum its normaliser. */
static KERNEL double
cross(const real *q, const real *z, real inverse, real log_sum, size_t n)
{
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += (double)(q[i] * (log_sum - z[i] * inverse));
	return sum;
}

/*
 * One token: z [V] its logits become their gradient.  q [V] the teacher's
 * logits become its probabilities, p [V] is scratch; both NULL: no teacher.
 */
static void
token_pass(struct mlm *h, size_t i, real *z, real *q, real *p,
    const struct mlm_rule *rule)
{
	size_t V = h->m->config.vocab, id = (size_t)h->id[i];
	size_t best = largest(z, V);
	real top = z[best], inverse = (real)(1 / rule->temperature);
	double own = (double)z[id], hard = rule->hard_weight / rule->norm;
	double soft = rule->soft_weight * rule->temperature / rule->norm;

	h->right[i] = best == id;
	h->soft_loss[i] = 0;
	if (q != NULL) {
		memcpy(p, z, V * sizeof(*p));
		softmax_rows(p, inverse, 1, V, V);
		softmax_rows(q, inverse, 1, V, V);
		h->soft_loss[i] =
		    rule->temperature * rule->temperature *
		    cross(q, z, inverse,
			top * inverse - (real)log((double)p[best]), V);
	}
	softmax_rows(z, 1, 1, V, V);
	/* log sum exp is top - log p[best]: exact also where p[id] is 0. */
	h->hard_loss[i] = (double)top - log((double)z[best]) - own;
	z[id] -= 1;
	scale(z, (real)hard, V);
	if (q != NULL)
		add_difference(z, p, q, (real)soft, V);
}

/* The gradients of a block whose logits have become theirs. */
static void
decode_backward(struct mlm *h, real *grad, size_t first, size_t n)
{
	size_t E = config_embedding(&h->m->config);

	linear_backward(h->dy + first * E, false, grad, grad + h->at.bias,
	    h->logits, h->y + first * E, h->m->value, n, E, h->m->config.vocab,
	    h->m->product);
}

static void
transform_backward(struct mlm *h, real *dhidden, real *grad, size_t Q)
{
	const real *w = h->m->value;
	size_t H = h->m->config.hidden, E = config_embedding(&h->m->config);
	struct norm norm = norm_of(h);

	norm_backward(h->dy, NULL, grad + h->at.norm, grad + h->at.norm_bias,
	    h->dy, h->xhat, h->rstd, &norm, h->n, E);
	gelu_backward(h->dy, h->dy, h->slope, h->n * E);
	linear_backward(h->y, false, grad + h->at.dense,
	    grad + h->at.dense_bias, h->dy, h->x, w + h->at.dense, h->n, H, E,
	    h->m->product);
	memset(dhidden, 0, Q * H * sizeof(*dhidden));
	embed_scatter_add(dhidden, h->y, h->row, h->n, H);
}

void
mlm_pass(struct mlm *h, struct mlm_sum *sum, real *dhidden, real *grad,
    const real *hidden, const int32_t *want, size_t Q,
    const struct mlm_rule *rule, struct mlm *teacher, const real *taught)
{
	size_t V = h->m->config.vocab;

	transform(h, hidden, want, Q);
	if (teacher != NULL) {
		transform(teacher, taught, want, Q);
		if (h->soft == NULL)
			h->soft = mem_align(h->block * V, sizeof(real));
	}
	for (size_t first = 0, n; first < h->n; first += n) {
		n = h->n - first < h->block ? h->n - first : h->block;
		decode(h, first, n);
		if (teacher != NULL)
			decode(teacher, first, n);
#pragma omp parallel for schedule(dynamic, 8)
		for (size_t i = 0; i < n; i++)
			token_pass(h, first + i, h->logits + i * V,
			    teacher != NULL ? teacher->logits + i * V : NULL,
			    teacher != NULL ? h->soft + i * V : NULL, rule);
		if (dhidden != NULL)
			decode_backward(h, grad, first, n);
	}
	for (size_t i = 0; i < h->n; i++) {
		sum->hard += h->hard_loss[i] / rule->norm;
		sum->soft += h->soft_loss[i] / rule->norm;
		sum->right += h->right[i];
	}
	sum->asked += h->n;
	if (dhidden != NULL)
		transform_backward(h, dhidden, grad, Q);
}

double
mlm_next_pass(const struct model *m, real *dpooled, real *grad,
    const real *pooled, const uint8_t *apart, size_t B, double norm,
    size_t *right)
{
	struct linear_offsets o = m->params.next_sentence;
	const real *w = m->value + o.weight;
	size_t H = m->config.hidden;
	real *z = mem_alloc(B, 2 * sizeof(*z));
	double loss = 0;

	linear_forward(
	    z, pooled, w, m->value + o.bias, B, H, 2, m->float_product);
	for (size_t i = 0; i < B; i++) {
		real *row = z + 2 * i;

		*right += (row[1] > row[0]) == (apart[i] == 1);
		softmax_log(row, row, 2);
		loss -= (double)row[apart[i]] / norm;
		for (size_t c = 0; c < 2; c++) {
			real is = c == apart[i] ? 1 : 0;

			row[c] = (real_exp(row[c]) - is) / (real)norm;
		}
	}
	if (dpooled != NULL)
		linear_backward(dpooled, false, grad + o.weight, grad + o.bias,
		    z, pooled, w, B, H, 2, m->float_product);
	free(z);
	return loss;
}
