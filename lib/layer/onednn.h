/*
 * oneDNN: one kind of product as a primitive, made on one thread and run on
 * any.  Versions 2 and 3 of its C API; built without it (make ONEDNN=0) or in
 * double there is nothing here.
 *
 * A program that clang built runs on LLVM's OpenMP, oneDNN is built with
 * gcc's: its calls bind to LLVM's, which has them under gcc's names and comes
 * first, so that there is one team of threads, and bytes do not depend on
 * their number there either (clang 14 with oneDNN 2.6.3).
 */
#ifndef LAYER_ONEDNN_H
#define LAYER_ONEDNN_H

#include "layer/product.h"

enum { ONEDNN_THREADS = 64, ONEDNN_KEPT = 16, ONEDNN_ARGUMENTS = 5 };

/* What is kept for all products: the CPU, and the first threads' streams. */
struct onednn {
	void *engine;
	void *stream[ONEDNN_THREADS];
};

struct onednn_primitive {
	void *primitive;
	void *like[ONEDNN_ARGUMENTS]; /* memory in the form of each argument,
					 or NULL; its bytes are elsewhere */
	/* what the first threads keep from one run to the next */
	void *own[ONEDNN_KEPT][ONEDNN_ARGUMENTS];
	size_t scratch; /* bytes that a run needs */
	bool reference; /* plain code, right but slow */
};

/* Its version as "2.6.3", or "" where it is not built in. */
void onednn_version(char name[PRODUCT_NAME]);

/* False: not built in, or it does not know this CPU. */
bool onednn_start(struct onednn *o);
void onednn_end(struct onednn *o);

/* False: there is no such product, and nothing is made. */
bool onednn_make(const struct onednn *o, struct onednn_primitive *p,
    const struct product_shape *shape);
void onednn_drop(struct onednn_primitive *p);

/* By several threads at a time, each with what it keeps. */
void onednn_run(const struct onednn *o, struct onednn_primitive *p, void *c,
    const void *a, const void *b, const real *bias, void *scratch);

#endif
