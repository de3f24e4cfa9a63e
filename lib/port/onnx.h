/*
 * ONNX files: a graph of operators and its constants (onnx/onnx.proto, IR
 * version 8; operators of the default domain, version 17), written as a
 * protocol buffer of the few fields that such a graph has.
 *
 * Values are named by text.  What onnx_node returns is the name of its result,
 * which the graph owns; so do all others that live in a graph.
 */
#ifndef PORT_ONNX_H
#define PORT_ONNX_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/* As TensorProto.DataType numbers them. */
enum onnx_type { ONNX_FLOAT = 1, ONNX_INT8 = 3, ONNX_INT64 = 7 };

enum { ONNX_MAX_RANK = 3 };

/* A file is one message, which no reader takes from 2 GiB on. */
#define ONNX_MOST ((size_t)INT32_MAX)

/* One size of a value: known, or where the name is there as the caller's. */
struct onnx_dim {
	const char *name;
	size_t size;
};

struct onnx;

struct onnx *onnx_new(const char *name);
void onnx_free(struct onnx *o);

/* Nodes from here on have names that start with this. */
void onnx_scope(struct onnx *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What the graph reads and answers; rank at most ONNX_MAX_RANK. */
void onnx_input(struct onnx *o, const char *name, enum onnx_type type,
    size_t rank, const struct onnx_dim *dim);
void onnx_output(struct onnx *o, const char *name, enum onnx_type type,
    size_t rank, const struct onnx_dim *dim);

/*
 * A node of one operator that reads a, b and c (NULL: no more of them), behind
 * those that are there.  Attributes follow, until the next node.
 */
const char *onnx_node(struct onnx *o, const char *op, const char *a,
    const char *b, const char *c);

/* The last node's result gets this name: for what the graph answers. */
const char *onnx_rename(struct onnx *o, const char *name);

/* Attributes of the last node. */
void onnx_set_int(struct onnx *o, const char *name, int64_t value);
void onnx_set_ints(
    struct onnx *o, const char *name, const int64_t *value, size_t n);
void onnx_set_float(struct onnx *o, const char *name, double value);

/*
 * Constants, each under the name it returns.
 *
 * onnx_reals	x [rows,columns], of rank 1 where columns is 0, in float32; it
 *		must live until onnx_write
 * onnx_turned	the same of rank 2, written as its transpose
 * onnx_bytes	x [rows,columns], copied
 * onnx_floats, onnx_ints	x [n], copied
 * onnx_int, onnx_real	of rank 0
 */
const char *onnx_reals(struct onnx *o, const char *name, const real *x,
    size_t rows, size_t columns);
const char *onnx_turned(struct onnx *o, const char *name, const real *x,
    size_t rows, size_t columns);
const char *onnx_bytes(struct onnx *o, const char *name, const int8_t *x,
    size_t rows, size_t columns);
const char *onnx_floats(
    struct onnx *o, const char *name, const float *x, size_t n);
const char *onnx_ints(
    struct onnx *o, const char *name, const int64_t *x, size_t n);
const char *onnx_int(struct onnx *o, const char *name, int64_t x);
const char *onnx_real(struct onnx *o, const char *name, double x);

/* Write it; ends the program where it would be larger than ONNX_MOST. */
void onnx_write(struct onnx *o, const char *path);

#endif
