#include "port/onnx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"

/* Fields by number, as onnx.proto has them. */
enum {
	MODEL_IR_VERSION = 1,
	MODEL_PRODUCER = 2,
	MODEL_GRAPH = 7,
	MODEL_OPSET = 8,
	OPSET_VERSION = 2,
	GRAPH_NODE = 1,
	GRAPH_NAME = 2,
	GRAPH_INITIALIZER = 5,
	GRAPH_INPUT = 11,
	GRAPH_OUTPUT = 12,
	NODE_INPUT = 1,
	NODE_OUTPUT = 2,
	NODE_NAME = 3,
	NODE_OPERATOR = 4,
	NODE_ATTRIBUTE = 5,
	ATTRIBUTE_NAME = 1,
	ATTRIBUTE_FLOAT = 2,
	ATTRIBUTE_INT = 3,
	ATTRIBUTE_INTS = 8,
	ATTRIBUTE_TYPE = 20,
	TENSOR_DIMS = 1,
	TENSOR_TYPE = 2,
	TENSOR_NAME = 8,
	TENSOR_RAW = 9,
	VALUE_NAME = 1,
	VALUE_TYPE = 2,
	TYPE_TENSOR = 1,
	TYPE_ELEMENTS = 1,
	TYPE_SHAPE = 2,
	SHAPE_DIM = 1,
	DIM_SIZE = 1,
	DIM_NAME = 2
};

enum { KIND_FLOAT = 1, KIND_INT = 2, KIND_INTS = 7 };

enum { IR_VERSION = 8, OPERATORS = 17, MOST_READ = 3 };

struct constant {
	char *name;
	enum onnx_type type;
	size_t rank, shape[2]; /* as x has them */
	bool turned;
	const real *x; /* or NULL: */
	void *own;     /* the bytes as they are written */
	size_t bytes;
};

/* A node whose attributes may follow. */
struct node {
	const char *op;
	const char *input[MOST_READ];
	const char *output;
	size_t inputs;
	struct buf attribute; /* fields of the node */
};

struct onnx {
	char *title;
	char *scope;
	struct buf input, output, node; /* fields of the graph */
	struct node last;
	size_t nodes;
	struct constant *constant;
	size_t constants, room;
	char **name; /* of values */
	size_t names, names_room;
};

/* --- protocol buffers --- */

static void
put_varint(struct buf *b, uint64_t value)
{
	for (; value > 0x7f; value >>= 7)
		buf_byte(b, (char)(value | 0x80));
	buf_byte(b, (char)value);
}

static void
put_number(struct buf *b, unsigned field, uint64_t value)
{
	put_varint(b, field << 3);
	put_varint(b, value);
}

/* The head of a field of n bytes, which follow. */
static void
put_length(struct buf *b, unsigned field, size_t n)
{
	put_varint(b, field << 3 | 2);
	put_varint(b, n);
}

static void
put_text(struct buf *b, unsigned field, const char *text)
{
	put_length(b, field, strlen(text));
	buf_text(b, text);
}

/* A message as a field; it is freed. */
static void
put_message(struct buf *b, unsigned field, struct buf *message)
{
	put_length(b, field, message->size);
	if (message->size > 0)
		buf_add(b, message->data, message->size);
	buf_free(message);
}

/* --- the graph --- */

struct onnx *
onnx_new(const char *name)
{
	struct onnx *o = mem_zero(1, sizeof(*o));

	o->title = mem_string(name);
	o->scope = mem_string("");
	return o;
}

void
onnx_free(struct onnx *o)
{
	for (size_t i = 0; i < o->constants; i++) {
		free(o->constant[i].name);
		free(o->constant[i].own);
	}
	for (size_t i = 0; i < o->names; i++)
		free(o->name[i]);
	buf_free(&o->input);
	buf_free(&o->output);
	buf_free(&o->node);
	buf_free(&o->last.attribute);
	free(o->constant);
	free(o->name);
	free(o->title);
	free(o->scope);
	free(o);
}

void
onnx_scope(struct onnx *o, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	free(o->scope);
	o->scope = mem_string(text);
}

/* A name that lives as long as the graph. */
static const char *
keep(struct onnx *o, char *name)
{
	o->name =
	    mem_grow(o->name, &o->names_room, o->names + 1, sizeof(*o->name));
	return o->name[o->names++] = name;
}

static void
put_value(struct buf *b, unsigned field, const char *name, enum onnx_type type,
    size_t rank, const struct onnx_dim *dim)
{
	struct buf value = { 0 }, of_type = { 0 }, tensor = { 0 };
	struct buf shape = { 0 };

	for (size_t i = 0; i < rank; i++) {
		struct buf one = { 0 };

		if (dim[i].name != NULL)
			put_text(&one, DIM_NAME, dim[i].name);
		else
			put_number(&one, DIM_SIZE, dim[i].size);
		put_message(&shape, SHAPE_DIM, &one);
	}
	put_number(&tensor, TYPE_ELEMENTS, type);
	put_message(&tensor, TYPE_SHAPE, &shape);
	put_message(&of_type, TYPE_TENSOR, &tensor);
	put_text(&value, VALUE_NAME, name);
	put_message(&value, VALUE_TYPE, &of_type);
	put_message(b, field, &value);
}

void
onnx_input(struct onnx *o, const char *name, enum onnx_type type, size_t rank,
    const struct onnx_dim *dim)
{
	put_value(&o->input, GRAPH_INPUT, name, type, rank, dim);
}

void
onnx_output(struct onnx *o, const char *name, enum onnx_type type, size_t rank,
    const struct onnx_dim *dim)
{
	put_value(&o->output, GRAPH_OUTPUT, name, type, rank, dim);
}

/* The last node is whole. */
static void
end_node(struct onnx *o)
{
	struct node *n = &o->last;
	struct buf b = { 0 };

	if (n->op == NULL)
		return;
	for (size_t i = 0; i < n->inputs; i++)
		put_text(&b, NODE_INPUT, n->input[i]);
	put_text(&b, NODE_OUTPUT, n->output);
	put_text(&b, NODE_NAME, n->output);
	put_text(&b, NODE_OPERATOR, n->op);
	if (n->attribute.size > 0)
		buf_add(&b, n->attribute.data, n->attribute.size);
	put_message(&o->node, GRAPH_NODE, &b);
	buf_free(&n->attribute);
	*n = (struct node){ 0 };
}

const char *
onnx_node(
    struct onnx *o, const char *op, const char *a, const char *b, const char *c)
{
	const char *all[MOST_READ] = { a, b, c };

	end_node(o);
	o->last.op = op;
	while (o->last.inputs < MOST_READ && all[o->last.inputs] != NULL) {
		o->last.input[o->last.inputs] = all[o->last.inputs];
		o->last.inputs++;
	}
	o->last.output =
	    keep(o, mem_printf("%s%s_%zu", o->scope, o->last.op, o->nodes++));
	return o->last.output;
}

const char *
onnx_rename(struct onnx *o, const char *name)
{
	return o->last.output = keep(o, mem_string(name));
}

/* --- attributes --- */

static void
put_attribute(struct onnx *o, struct buf *b, uint64_t kind)
{
	put_number(b, ATTRIBUTE_TYPE, kind);
	put_message(&o->last.attribute, NODE_ATTRIBUTE, b);
}

void
onnx_set_int(struct onnx *o, const char *name, int64_t value)
{
	struct buf b = { 0 };

	put_text(&b, ATTRIBUTE_NAME, name);
	put_number(&b, ATTRIBUTE_INT, (uint64_t)value);
	put_attribute(o, &b, KIND_INT);
}

void
onnx_set_ints(struct onnx *o, const char *name, const int64_t *value, size_t n)
{
	struct buf b = { 0 };

	put_text(&b, ATTRIBUTE_NAME, name);
	for (size_t i = 0; i < n; i++)
		put_number(&b, ATTRIBUTE_INTS, (uint64_t)value[i]);
	put_attribute(o, &b, KIND_INTS);
}

void
onnx_set_float(struct onnx *o, const char *name, double value)
{
	struct buf b = { 0 };
	float x = (float)value;

	put_text(&b, ATTRIBUTE_NAME, name);
	put_varint(&b, ATTRIBUTE_FLOAT << 3 | 5);
	buf_add(&b, &x, sizeof(x));
	put_attribute(o, &b, KIND_FLOAT);
}

/* --- constants --- */

static struct constant *
add(struct onnx *o, const char *name, enum onnx_type type, size_t rank,
    size_t rows, size_t columns)
{
	struct constant *c;

	o->constant = mem_grow(
	    o->constant, &o->room, o->constants + 1, sizeof(*o->constant));
	c = &o->constant[o->constants++];
	*c = (struct constant){ .name = mem_string(name),
		.type = type,
		.rank = rank,
		.shape = { rows, columns } };
	c->bytes = rows * columns *
		   (type == ONNX_INT64	   ? sizeof(int64_t)
		       : type == ONNX_INT8 ? sizeof(int8_t)
					   : sizeof(float));
	return c;
}

const char *
onnx_reals(struct onnx *o, const char *name, const real *x, size_t rows,
    size_t columns)
{
	struct constant *c = add(o, name, ONNX_FLOAT, columns > 0 ? 2 : 1, rows,
	    columns > 0 ? columns : 1);

	c->x = x;
	return c->name;
}

const char *
onnx_turned(struct onnx *o, const char *name, const real *x, size_t rows,
    size_t columns)
{
	struct constant *c = add(o, name, ONNX_FLOAT, 2, rows, columns);

	c->x = x;
	c->turned = true;
	return c->name;
}

const char *
onnx_bytes(struct onnx *o, const char *name, const int8_t *x, size_t rows,
    size_t columns)
{
	struct constant *c = add(o, name, ONNX_INT8, 2, rows, columns);

	c->own = mem_copy(x, c->bytes);
	return c->name;
}

const char *
onnx_floats(struct onnx *o, const char *name, const float *x, size_t n)
{
	struct constant *c = add(o, name, ONNX_FLOAT, 1, n, 1);

	c->own = mem_copy(x, c->bytes);
	return c->name;
}

const char *
onnx_ints(struct onnx *o, const char *name, const int64_t *x, size_t n)
{
	struct constant *c = add(o, name, ONNX_INT64, 1, n, 1);

	c->own = mem_copy(x, c->bytes);
	return c->name;
}

const char *
onnx_int(struct onnx *o, const char *name, int64_t x)
{
	struct constant *c = add(o, name, ONNX_INT64, 0, 1, 1);

	c->own = mem_copy(&x, c->bytes);
	return c->name;
}

const char *
onnx_real(struct onnx *o, const char *name, double x)
{
	struct constant *c = add(o, name, ONNX_FLOAT, 0, 1, 1);
	float value = (float)x;

	c->own = mem_copy(&value, c->bytes);
	return c->name;
}

/* --- the file --- */

/* A constant as a field of the graph, up to its bytes. */
static void
put_constant(struct buf *b, const struct constant *c)
{
	struct buf head = { 0 };

	for (size_t i = 0; i < c->rank; i++)
		put_number(&head, TENSOR_DIMS,
		    c->shape[c->turned ? c->rank - 1 - i : i]);
	put_number(&head, TENSOR_TYPE, c->type);
	put_text(&head, TENSOR_NAME, c->name);
	put_length(&head, TENSOR_RAW, c->bytes);
	put_length(b, GRAPH_INITIALIZER, head.size + c->bytes);
	buf_add(b, head.data, head.size);
	buf_free(&head);
}

static void
write_buf(FILE *to, const struct buf *b)
{
	if (b->size > 0)
		fwrite(b->data, 1, b->size, to);
}

/* Its numbers, a row of the file at a time. */
static void
write_numbers(FILE *to, const struct constant *c)
{
	size_t rows = c->shape[c->turned ? 1 : 0];
	size_t columns = c->shape[c->turned ? 0 : 1];
	size_t down = c->turned ? 1 : columns, right = c->turned ? rows : 1;
	float *line;

	if (c->x == NULL) {
		fwrite(c->own, 1, c->bytes, to);
		return;
	}
	line = mem_alloc(columns, sizeof(*line));
	for (size_t i = 0; i < rows; i++) {
		for (size_t k = 0; k < columns; k++)
			line[k] = (float)c->x[i * down + k * right];
		fwrite(line, sizeof(*line), columns, to);
	}
	free(line);
}

/* All fields before the graph's, and the head of that. */
static void
put_model(struct buf *b, size_t graph)
{
	struct buf version = { 0 };

	put_number(b, MODEL_IR_VERSION, IR_VERSION);
	put_text(b, MODEL_PRODUCER, "mtkd");
	put_number(&version, OPSET_VERSION, OPERATORS);
	put_message(b, MODEL_OPSET, &version);
	put_length(b, MODEL_GRAPH, graph);
}

void
onnx_write(struct onnx *o, const char *path)
{
	struct buf *head = mem_zero(o->constants, sizeof(*head));
	struct buf name = { 0 }, model = { 0 };
	struct file_out *out;
	size_t size;

	end_node(o);
	put_text(&name, GRAPH_NAME, o->title);
	size = name.size + o->node.size + o->input.size + o->output.size;
	for (size_t i = 0; i < o->constants; i++) {
		put_constant(&head[i], &o->constant[i]);
		size += head[i].size + o->constant[i].bytes;
	}
	put_model(&model, size);
	if (size + model.size > ONNX_MOST)
		die("%s: would have %zu bytes, of which an ONNX file has at "
		    "most %zu",
		    path, size + model.size, ONNX_MOST);
	out = file_write(path);
	write_buf(out->stream, &model);
	write_buf(out->stream, &o->node);
	write_buf(out->stream, &name);
	for (size_t i = 0; i < o->constants; i++) {
		write_buf(out->stream, &head[i]);
		write_numbers(out->stream, &o->constant[i]);
		buf_free(&head[i]);
	}
	write_buf(out->stream, &o->input);
	write_buf(out->stream, &o->output);
	file_commit(out);
	free(head);
	buf_free(&name);
	buf_free(&model);
}
