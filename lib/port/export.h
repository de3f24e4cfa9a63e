/*
 * Models for elsewhere: a directory as Hugging Face Transformers writes it.
 */
#ifndef PORT_EXPORT_H
#define PORT_EXPORT_H

#include "model/model.h"

/* Types of the numbers; from EXPORT_BFLOAT16 on export_packed's. */
extern const char export_types[];
enum { EXPORT_FLOAT32, EXPORT_FLOAT16, EXPORT_BFLOAT16, EXPORT_INT8 };

/* As which network: the model's own, or from 1 on as enum network has them. */
extern const char export_forms[];
enum { EXPORT_SAME };

/* What is to be written. */
struct export
{
	const char *task;  /* the name of a linear head, or NULL */
	bool mlm;	   /* what fills in masks, and no head */
	bool onnx;	   /* a graph instead of tensors (port/onnxgraph.h) */
	enum st_type type; /* of the tensors: ST_F32 or ST_F16; */
	bool int8;	   /* of a graph's products */
	int as;		   /* of export_forms */
};

/*
 * Write path/config.json, vocab.txt, tokenizer_config.json,
 * special_tokens_map.json and model.safetensors or model.onnx; what stood
 * there is replaced whole (model/modelfolder.h).
 *
 * With task: for BertForSequenceClassification, names as
 * "bert.pooler.dense.weight", the head as "classifier.weight" [C,H] and
 * "classifier.bias" [C].  With mlm: for BertForMaskedLM, its head as
 * "cls.predictions.transform.dense.weight" [H,H] and so on, without the
 * pooler.  With neither: for BertModel, names without "bert.".  DistilBERT and
 * ELECTRA have classes and names of their own (port/form.h).  What a class
 * does not hold stays behind, which is said on stderr.  Ends the program where
 * the model is none that such a class holds: another pooler under a head,
 * which a graph may have, a SAN head, no head of that name.
 */
void export_model(
    const struct model *m, const char *path, const struct export *x);

/*
 * Write a model that mt-predict maps and multiplies as it is stored
 * (model/packed.h), with all its heads or that of the name task alone; what
 * fills in masks stays behind.  numbers: PRODUCT_BF16 or PRODUCT_INT8
 */
void export_packed(const struct model *m, const char *path, const char *task,
    enum product_numbers numbers);

#endif
