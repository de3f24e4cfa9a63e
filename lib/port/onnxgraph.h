/*
 * The network of a model as a graph of ONNX: encoder, pooler and one head.
 *
 * Inputs and outputs are named as Hugging Face's Optimum names them, so that
 * what runs its exports runs these.  Rows are padded to one length S, which,
 * like the number of rows B, is known only where the graph runs.
 */
#ifndef PORT_ONNXGRAPH_H
#define PORT_ONNXGRAPH_H

#include <stdbool.h>

#include "model/model.h"

/* What the graph answers. */
struct onnxgraph {
	const struct model *model;
	const struct head
	    *head; /* logits [B,C] of this linear head; or NULL: */
	bool mlm;  /* logits [B,S,V] of what fills in masks; */
		   /* else last_hidden_state [B,S,H] */
	bool int8; /* the layers' products in 8 bits (port/onnxint8.h) */
};

/*
 * Write the graph to path: from input_ids, attention_mask and, where the model
 * has segments, token_type_ids, all of int64 [B,S]; what
 * is not in 8 bits is float32.
 */
void onnxgraph_write(const struct onnxgraph *g, const char *path);

/* Whether what it answers depends on a parameter. */
bool onnxgraph_has(const struct onnxgraph *g, const struct param *p);

#endif
