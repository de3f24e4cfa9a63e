/*
 * Where a program's time goes: the functions of the library that the linker
 * is told to --wrap, each timed around the real one.
 */
#ifndef BENCH_PLACES_H
#define BENCH_PLACES_H

#include <omp.h>
#include <string.h>

#include "layer/attention.h"
#include "layer/product.h"
#include "layer/embed.h"
#include "layer/gelu.h"
#include "layer/linear.h"
#include "layer/norm.h"
#include "net/answer.h"
#include "net/loss.h"
#include "train/optimizer.h"

enum { PLACES_THREADS = 256 };

/* Where the main thread is; the last two are known in every thread. */
enum place {
	REST,
	BATCH,
	EMBEDDINGS,
	LINEAR,
	ATTENTION,
	NORM,
	HEAD,
	LOSS,
	GRADIENT_NORM,
	MOVE,
	PRODUCTS,
	GELU,
	PLACES
};

static const char *const places_name[PLACES] = { "rest", "batch", "embeddings",
	"linear: biases, waiting", "attention", "residual, dropout, norm",
	"head", "loss", "gradient norm", "optimizer", "linear: products",
	"linear: gelu" };

/* One thread's own numbers, in cache lines of their own. */
struct times {
	double seconds[PLACES], operations[PLACES], pad[36];
};

static struct times places_of[PLACES_THREADS];
static enum place places_now;
static double places_since;

/* The main thread goes on to a place; returns the one it comes from. */
static enum place
places_go(enum place to)
{
	double t = omp_get_wtime();
	enum place from = places_now;

	places_of[0].seconds[from] += t - places_since;
	places_since = t;
	places_now = to;
	return from;
}

/* A thread was at a place since then. */
static void
places_was(enum place p, double then, double operations)
{
	struct times *mine = &places_of[omp_get_thread_num()];

	mine->seconds[p] += omp_get_wtime() - then;
	mine->operations[p] += operations;
}

/* From here on it counts. */
static void
places_start(void)
{
	memset(places_of, 0, sizeof(places_of));
	places_now = REST;
	places_since = omp_get_wtime();
}

/* What threads did inside linear maps leaves the main thread's own time. */
static void
places_share(int threads)
{
	for (size_t p = PRODUCTS; p < PLACES; p++) {
		struct times *main = &places_of[0];

		for (int i = 1; i < threads; i++) {
			main->seconds[p] += places_of[i].seconds[p];
			main->operations[p] += places_of[i].operations[p];
		}
		main->seconds[p] /= threads;
		main->seconds[LINEAR] -= main->seconds[p];
	}
}

void __real_batch_fill(struct batch *b, const struct pack *const *packs,
    const struct row_ref *rows, size_t count);
void __wrap_batch_fill(struct batch *b, const struct pack *const *packs,
    const struct row_ref *rows, size_t count);
void __real_optimizer_touch(struct optimizer *o, const struct batch *b);
void __wrap_optimizer_touch(struct optimizer *o, const struct batch *b);
void __real_embed_forward(real *y, const real *word, const real *position,
    const real *segment, const int32_t *id, const int32_t *at,
    const int32_t *side, size_t T, size_t H);
void __wrap_embed_forward(real *y, const real *word, const real *position,
    const real *segment, const int32_t *id, const int32_t *at,
    const int32_t *side, size_t T, size_t H);
void __real_embed_backward(real *dword, real *dposition, real *dsegment,
    const real *dy, const int32_t *id, const int32_t *at, const int32_t *side,
    size_t T, size_t H);
void __wrap_embed_backward(real *dword, real *dposition, real *dsegment,
    const real *dy, const int32_t *id, const int32_t *at, const int32_t *side,
    size_t T, size_t H);
void __real_embed_gather(
    real *out, const real *x, const size_t *row, size_t N, size_t H);
void __wrap_embed_gather(
    real *out, const real *x, const size_t *row, size_t N, size_t H);
void __real_embed_scatter_add(
    real *x, const real *in, const size_t *row, size_t N, size_t H);
void __wrap_embed_scatter_add(
    real *x, const real *in, const size_t *row, size_t N, size_t H);
void __real_linear_forward(real *y, const real *x, const real *w, const real *b,
    size_t T, size_t K, size_t N, struct product *product);
void __wrap_linear_forward(real *y, const real *x, const real *w, const real *b,
    size_t T, size_t K, size_t N, struct product *product);
void __real_linear_gelu_forward(void *y, void *slope, enum product_numbers kept,
    const real *x, const real *w, const real *b, size_t T, size_t K, size_t N,
    struct product *product);
void __wrap_linear_gelu_forward(void *y, void *slope, enum product_numbers kept,
    const real *x, const real *w, const real *b, size_t T, size_t K, size_t N,
    struct product *product);
void __real_linear_kept_forward(real *y, const void *x,
    enum product_numbers kept, const real *w, size_t T, size_t K, size_t N,
    struct product *product);
void __wrap_linear_kept_forward(real *y, const void *x,
    enum product_numbers kept, const real *w, size_t T, size_t K, size_t N,
    struct product *product);
void __real_linear_backward(real *dx, bool add, real *dw, real *db,
    const real *dy, const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product);
void __wrap_linear_backward(real *dx, bool add, real *dw, real *db,
    const real *dy, const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product);
void __real_linear_kept_backward(real *dx, bool add, real *dw, real *db,
    const void *dy, enum product_numbers dy_kept, const void *x,
    enum product_numbers x_kept, const real *w, size_t T, size_t K, size_t N,
    struct product *product);
void __wrap_linear_kept_backward(real *dx, bool add, real *dw, real *db,
    const void *dy, enum product_numbers dy_kept, const void *x,
    enum product_numbers x_kept, const real *w, size_t T, size_t K, size_t N,
    struct product *product);
void __real_linear_gelu_backward(void *du, real *dw, real *db, const real *dy,
    const void *x, const void *slope, enum product_numbers kept, const real *w,
    size_t T, size_t K, size_t N, struct product *product);
void __wrap_linear_gelu_backward(void *du, real *dw, real *db, const real *dy,
    const void *x, const void *slope, enum product_numbers kept, const real *w,
    size_t T, size_t K, size_t N, struct product *product);
void __real_attention_forward(void *out, enum product_numbers kept,
    const struct attention *a, real *scratch, size_t longest);
void __wrap_attention_forward(void *out, enum product_numbers kept,
    const struct attention *a, real *scratch, size_t longest);
void __real_attention_backward(void *dq, void *dk, void *dv,
    enum product_numbers kept, const real *dout, const struct attention *a,
    real *scratch, size_t longest);
void __wrap_attention_backward(void *dq, void *dk, void *dv,
    enum product_numbers kept, const real *dout, const struct attention *a,
    real *scratch, size_t longest);
void __real_norm_forward(real *y, real *xhat, real *rstd, const real *x,
    const real *b, const real *residual, const struct norm *norm, size_t T,
    size_t H);
void __wrap_norm_forward(real *y, real *xhat, real *rstd, const real *x,
    const real *b, const real *residual, const struct norm *norm, size_t T,
    size_t H);
void __real_norm_backward(real *ds, real *dx, real *dgain, real *dbias,
    const real *dy, const real *xhat, const real *rstd, const struct norm *norm,
    size_t T, size_t H);
void __wrap_norm_backward(real *ds, real *dx, real *dgain, real *dbias,
    const real *dy, const real *xhat, const real *rstd, const struct norm *norm,
    size_t T, size_t H);
void __real_answer_forward(struct answer *a, real *logits, size_t head,
    const struct encoder *e, const struct batch *b, const size_t *row, size_t n,
    const struct answer_dropout *dropout);
void __wrap_answer_forward(struct answer *a, real *logits, size_t head,
    const struct encoder *e, const struct batch *b, const size_t *row, size_t n,
    const struct answer_dropout *dropout);
void __real_answer_backward(struct answer *a, real *dpooled, real *dhidden,
    real *grad, size_t head, const real *dlogits);
void __wrap_answer_backward(struct answer *a, real *dpooled, real *dhidden,
    real *grad, size_t head, const real *dlogits);
void __real_loss_backward(real *dlogits, struct loss_sum *sum,
    const struct loss_rows *rows, const struct loss_rule *rule);
void __wrap_loss_backward(real *dlogits, struct loss_sum *sum,
    const struct loss_rows *rows, const struct loss_rule *rule);
double __real_optimizer_norm(
    struct optimizer *o, const real *grad, const bool *active);
double __wrap_optimizer_norm(
    struct optimizer *o, const real *grad, const bool *active);
double __real_optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm);
double __wrap_optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm);

void
__wrap_batch_fill(struct batch *b, const struct pack *const *packs,
    const struct row_ref *rows, size_t count)
{
	enum place from = places_go(BATCH);

	__real_batch_fill(b, packs, rows, count);
	places_go(from);
}

void
__wrap_optimizer_touch(struct optimizer *o, const struct batch *b)
{
	enum place from = places_go(BATCH);

	__real_optimizer_touch(o, b);
	places_go(from);
}

void
__wrap_embed_forward(real *y, const real *word, const real *position,
    const real *segment, const int32_t *id, const int32_t *at,
    const int32_t *side, size_t T, size_t H)
{
	enum place from = places_go(EMBEDDINGS);

	__real_embed_forward(y, word, position, segment, id, at, side, T, H);
	places_go(from);
}

void
__wrap_embed_backward(real *dword, real *dposition, real *dsegment,
    const real *dy, const int32_t *id, const int32_t *at, const int32_t *side,
    size_t T, size_t H)
{
	enum place from = places_go(EMBEDDINGS);

	__real_embed_backward(
	    dword, dposition, dsegment, dy, id, at, side, T, H);
	places_go(from);
}

void
__wrap_embed_gather(
    real *out, const real *x, const size_t *row, size_t N, size_t H)
{
	enum place from = places_go(EMBEDDINGS);

	__real_embed_gather(out, x, row, N, H);
	places_go(from);
}

void
__wrap_embed_scatter_add(
    real *x, const real *in, const size_t *row, size_t N, size_t H)
{
	enum place from = places_go(EMBEDDINGS);

	__real_embed_scatter_add(x, in, row, N, H);
	places_go(from);
}

void
__wrap_linear_forward(real *y, const real *x, const real *w, const real *b,
    size_t T, size_t K, size_t N, struct product *product)
{
	enum place from = places_go(LINEAR);

	__real_linear_forward(y, x, w, b, T, K, N, product);
	places_go(from);
}

void
__wrap_linear_gelu_forward(void *y, void *slope, enum product_numbers kept,
    const real *x, const real *w, const real *b, size_t T, size_t K, size_t N,
    struct product *product)
{
	enum place from = places_go(LINEAR);

	__real_linear_gelu_forward(y, slope, kept, x, w, b, T, K, N, product);
	places_go(from);
}

void
__wrap_linear_kept_forward(real *y, const void *x, enum product_numbers kept,
    const real *w, size_t T, size_t K, size_t N, struct product *product)
{
	enum place from = places_go(LINEAR);

	__real_linear_kept_forward(y, x, kept, w, T, K, N, product);
	places_go(from);
}

void
__wrap_linear_backward(real *dx, bool add, real *dw, real *db, const real *dy,
    const real *x, const real *w, size_t T, size_t K, size_t N,
    struct product *product)
{
	enum place from = places_go(LINEAR);

	__real_linear_backward(dx, add, dw, db, dy, x, w, T, K, N, product);
	places_go(from);
}

void
__wrap_linear_kept_backward(real *dx, bool add, real *dw, real *db,
    const void *dy, enum product_numbers dy_kept, const void *x,
    enum product_numbers x_kept, const real *w, size_t T, size_t K, size_t N,
    struct product *product)
{
	enum place from = places_go(LINEAR);

	__real_linear_kept_backward(
	    dx, add, dw, db, dy, dy_kept, x, x_kept, w, T, K, N, product);
	places_go(from);
}

void
__wrap_linear_gelu_backward(void *du, real *dw, real *db, const real *dy,
    const void *x, const void *slope, enum product_numbers kept, const real *w,
    size_t T, size_t K, size_t N, struct product *product)
{
	enum place from = places_go(LINEAR);

	__real_linear_gelu_backward(
	    du, dw, db, dy, x, slope, kept, w, T, K, N, product);
	places_go(from);
}

void
__wrap_attention_forward(void *out, enum product_numbers kept,
    const struct attention *a, real *scratch, size_t longest)
{
	enum place from = places_go(ATTENTION);

	__real_attention_forward(out, kept, a, scratch, longest);
	places_go(from);
}

void
__wrap_attention_backward(void *dq, void *dk, void *dv,
    enum product_numbers kept, const real *dout, const struct attention *a,
    real *scratch, size_t longest)
{
	enum place from = places_go(ATTENTION);

	__real_attention_backward(dq, dk, dv, kept, dout, a, scratch, longest);
	places_go(from);
}

void
__wrap_norm_forward(real *y, real *xhat, real *rstd, const real *x,
    const real *b, const real *residual, const struct norm *norm, size_t T,
    size_t H)
{
	enum place from = places_go(NORM);

	__real_norm_forward(y, xhat, rstd, x, b, residual, norm, T, H);
	places_go(from);
}

void
__wrap_norm_backward(real *ds, real *dx, real *dgain, real *dbias,
    const real *dy, const real *xhat, const real *rstd, const struct norm *norm,
    size_t T, size_t H)
{
	enum place from = places_go(NORM);

	__real_norm_backward(ds, dx, dgain, dbias, dy, xhat, rstd, norm, T, H);
	places_go(from);
}

void
__wrap_answer_forward(struct answer *a, real *logits, size_t head,
    const struct encoder *e, const struct batch *b, const size_t *row, size_t n,
    const struct answer_dropout *dropout)
{
	enum place from = places_go(HEAD);

	__real_answer_forward(a, logits, head, e, b, row, n, dropout);
	places_go(from);
}

void
__wrap_answer_backward(struct answer *a, real *dpooled, real *dhidden,
    real *grad, size_t head, const real *dlogits)
{
	enum place from = places_go(HEAD);

	__real_answer_backward(a, dpooled, dhidden, grad, head, dlogits);
	places_go(from);
}

void
__wrap_loss_backward(real *dlogits, struct loss_sum *sum,
    const struct loss_rows *rows, const struct loss_rule *rule)
{
	enum place from = places_go(LOSS);

	__real_loss_backward(dlogits, sum, rows, rule);
	places_go(from);
}

double
__wrap_optimizer_norm(struct optimizer *o, const real *grad, const bool *active)
{
	enum place from = places_go(GRADIENT_NORM);
	double r = __real_optimizer_norm(o, grad, active);

	places_go(from);
	return r;
}

double
__wrap_optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm)
{
	enum place from = places_go(MOVE);
	double r = __real_optimizer_step(o, value, grad, active, step, norm);

	places_go(from);
	return r;
}

void __real_product_run(const struct product *p,
    const struct product_plan *plan, real *c, const void *a, const void *b,
    const real *bias);
void __wrap_product_run(const struct product *p,
    const struct product_plan *plan, real *c, const void *a, const void *b,
    const real *bias);
void __real_gelu_forward(real *y, const real *u, size_t n);
void __wrap_gelu_forward(real *y, const real *u, size_t n);
void __real_gelu_slope(real *y, real *slope, const real *u, size_t n);
void __wrap_gelu_slope(real *y, real *slope, const real *u, size_t n);
void __real_gelu_slope_bf16(
    uint16_t *y, uint16_t *slope, const real *u, size_t n);
void __wrap_gelu_slope_bf16(
    uint16_t *y, uint16_t *slope, const real *u, size_t n);
void __real_gelu_backward_bf16(
    uint16_t *du, const real *dy, const uint16_t *slope, size_t n);
void __wrap_gelu_backward_bf16(
    uint16_t *du, const real *dy, const uint16_t *slope, size_t n);
void __real_gelu_backward(
    real *du, const real *dy, const real *slope, size_t n);
void __wrap_gelu_backward(
    real *du, const real *dy, const real *slope, size_t n);

/* In every thread. */
void
__wrap_product_run(const struct product *p, const struct product_plan *plan,
    real *c, const void *a, const void *b, const real *bias)
{
	const struct product_shape *s = product_shape_of(plan);
	double then = omp_get_wtime();

	__real_product_run(p, plan, c, a, b, bias);
	if (places_now == LINEAR)
		places_was(PRODUCTS, then,
		    2 * (double)s->M * (double)s->N * (double)s->K);
}

void
__wrap_gelu_forward(real *y, const real *u, size_t n)
{
	double then = omp_get_wtime();

	__real_gelu_forward(y, u, n);
	places_was(GELU, then, 0);
}

void
__wrap_gelu_slope(real *y, real *slope, const real *u, size_t n)
{
	double then = omp_get_wtime();

	__real_gelu_slope(y, slope, u, n);
	places_was(GELU, then, 0);
}

void
__wrap_gelu_backward(real *du, const real *dy, const real *slope, size_t n)
{
	double then = omp_get_wtime();

	__real_gelu_backward(du, dy, slope, n);
	places_was(GELU, then, 0);
}

void
__wrap_gelu_slope_bf16(uint16_t *y, uint16_t *slope, const real *u, size_t n)
{
	double then = omp_get_wtime();

	__real_gelu_slope_bf16(y, slope, u, n);
	places_was(GELU, then, 0);
}

void
__wrap_gelu_backward_bf16(
    uint16_t *du, const real *dy, const uint16_t *slope, size_t n)
{
	double then = omp_get_wtime();

	__real_gelu_backward_bf16(du, dy, slope, n);
	places_was(GELU, then, 0);
}

#endif
