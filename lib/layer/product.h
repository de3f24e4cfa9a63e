/*
 * Matrix products by oneDNN, and what is kept from one to the next:
 * primitives, packed weights, scratch.  A model owns the object and passes it
 * to the linear maps.
 *
 * Where oneDNN is not built in or does not know the CPU, products are
 * layer/openblas.h's, and nothing is kept.  On one core of an AMD EPYC (Zen
 * 4; 118 GFLOP/s of float32 from registers), for 64 to 192 rows, K and N from
 * 128 to 3,072: OpenBLAS 91 to 105 GFLOP/s in float32, oneDNN 104 to 117 in
 * float32, 206 to 233 in bfloat16 and 434 to 467 in int8.
 *
 * Every product runs in the thread that asks for it; threads are used around
 * products.  A row's bits depend neither on how many rows a product has nor
 * on what stands in the others.
 *
 * One thread at a time asks for anything here, but for product_run and
 * product_own.
 */
#ifndef LAYER_PRODUCT_H
#define LAYER_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "layer/blocked.h"
#include "layer/number.h"

/*
 * "float32|bf16|int8|auto" to predict in, and "float32|bf16|auto" to train
 * in, in that order; auto is product_auto's.
 */
extern const char product_names[], product_train_names[];
enum { PRODUCT_AUTO = PRODUCT_INT8 + 1, PRODUCT_TRAIN_AUTO = PRODUCT_INT8 };

/*
 * bf16 where the CPU multiplies such numbers and oneDNN is built in, else
 * float32: what was measured faster at every size from 2 layers of 128
 * features on.  Nothing is measured here.
 */
enum product_numbers product_auto(void);

struct product;

/* Memory of the owner's: bytes, aligned to 64; and its end. */
struct product_memory {
	void *(*take)(size_t bytes);
	void (*give)(void *memory);
};

/* Bytes of an object, which starts as zeros: not started. */
size_t product_size(void);

/*
 * Multiply in these numbers from here on.  One product is compared with plain
 * code.  Returns NULL, or why not.
 */
const char *product_start(struct product *p, enum product_numbers numbers,
    const struct product_memory *memory);

/* Let go of all that is kept; the object itself is its owner's. */
void product_end(struct product *p);

/* The library that multiplies after a start, and its version. */
enum { PRODUCT_NAME = 32 };
void product_library(char name[PRODUCT_NAME]);

/* The weights change: what is packed of them is no longer theirs. */
void product_changed(struct product *p);

/*
 * Before the plans and the scratch of one linear map of N by K: those of maps
 * before may be gone.  False: it is OpenBLAS's to multiply.  Where a side is
 * shorter than 16, *numbers is float32 in any case.
 */
bool product_begin(
    struct product *p, size_t N, size_t K, enum product_numbers *numbers);

/* The numbers of a map of N by K; without the rest, at any time. */
enum product_numbers product_numbers_of(
    const struct product *p, size_t N, size_t K);

/* How a right side b [K,N] lies in memory. */
enum product_side {
	PRODUCT_PLAIN,	/* row by row */
	PRODUCT_TURNED, /* column by column */
	PRODUCT_PACKED	/* as product_weights leaves it */
};

/*
 * c [M,N] = a b, or added to c, or with a row of biases.
 * a [M,K], or if turned stored as [K,M]; nothing lies between rows
 */
struct product_shape {
	enum product_numbers numbers; /* of a and b; c and bias are real, c of
					 int8 is of int32_t */
	enum product_side side;
	bool turned, add, bias;
	size_t M, N, K;
};

/* A product that is ready, or NULL where M is 0. */
const struct product_plan *product_plan(
    struct product *p, const struct product_shape *shape);

const struct product_shape *product_shape_of(const struct product_plan *plan);

/* bias [N], where the shape has one.  By any thread. */
void product_run(const struct product *p, const struct product_plan *plan,
    void *c, const void *a, const void *b, const real *bias);

/*
 * The right side of y = x W^T for w [N,K], or if turned of dx = dy W: packed,
 * and kept until product_changed, or w itself.
 */
const void *product_weights(struct product *p, const real *w, size_t N,
    size_t K, bool turned, enum product_side *side);

/*
 * The same from column `first` on, a multiple of BLOCKED_COLUMNS, for
 * y = x W^T.
 */
const void *product_columns(const void *weights, enum product_side side,
    enum product_numbers numbers, size_t first, size_t K);

/* Of int8 weights that product_weights returned, the columns' scales, sums. */
struct blocked_scales product_scales(
    const struct product *p, const real *w, size_t N, size_t K);

/* Whether weights of N by K are packed at all. */
bool product_packs(size_t N, size_t K);

/* Weights packed already, of N columns; scales where they are int8. */
struct product_part {
	const void *packed;
	struct blocked_scales scales;
	size_t N;
};

/*
 * Have product_weights return the parts side by side for w [N,K], which is
 * their name alone and need not be there.  What is packed must live as long as
 * p, and product_changed must not be said.
 */
void product_give(struct product *p, const real *w, size_t K,
    const struct product_part *part, size_t parts);

/*
 * Scratch, after the plans: all bytes for the threads together, whose start
 * is returned, and own bytes for each, which product_own returns.
 */
void *product_scratch(struct product *p, size_t all, size_t own);
void *product_own(const struct product *p);

/* to [n] = x in float32 or bfloat16. */
void product_convert(
    void *to, const real *x, size_t n, enum product_numbers numbers);

#endif
