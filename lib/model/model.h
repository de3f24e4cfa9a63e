/*
 * A model: a directory with config.json, model.safetensors, vocab.txt and
 * tokenizer_config.json (mtkd-model(5)), and its parameters in one block.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/real.h"
#include "data/st.h"
#include "layer/product.h"
#include "model/config.h"
#include "model/params.h"

struct vocab;

struct model {
	char *path; /* of the directory, for messages; NULL: made here */
	struct config config;
	struct params params;
	real *value;		     /* [params.total] the parameters */
	enum product_numbers stored; /* of the layers' weights: float32, or
					packed, and then only to multiply */
	char *vocab_path;	     /* the file that goes with it */
	struct vocab *pieces;	     /* what was read of it */
	char vocab[DIGEST_HEX];	     /* its digest */
	bool cased;
	struct product *product;       /* of the encoder's products */
	struct product *float_product; /* float32's: itself, or another */
	struct st *file;	       /* mapped, or NULL */
	real *own; /* value, where it is no part of the file */
};

/*
 * Open a model directory.  The parameters are mapped, not read, where the
 * file has them as the table does; the checksums are compared if check.
 * Missing, extra or misshapen tensors end the program, named.
 */
struct model *model_open(const char *path, bool check);

/*
 * The same to answer with: also where the weights are packed (model/packed.h),
 * with which products are as they are stored.
 */
struct model *model_open_packed(const char *path, bool check);

/* opt_version for programs that multiply: it names the library that does. */
void model_version(int argc, char **argv);

/*
 * Multiply in these numbers from here on; at first float32.  Ends the program
 * where the machine has no fast products of them, or the weights are stored
 * in others.
 */
void model_multiply(struct model *m, enum product_numbers numbers);

/* To be said after each change of the parameters. */
void model_changed(const struct model *m);

/*
 * A model for training, with from's vocabulary: the parameters of config c
 * are from's where it has them in the same shape, else drawn from seed.
 * Task heads are drawn anew in any case unless keep; fresh [c->head_count]
 * tells which were.
 */
struct model *model_extend(const struct model *from, const struct config *c,
    bool keep, uint64_t seed, bool *fresh);

/*
 * A new model whose parameters are all 0, with the vocabulary of a file or a
 * folder (vocab_read).
 */
struct model *model_blank(
    const struct config *c, const char *vocab, bool cased);

/*
 * A new model with random parameters: N(0, init_range) for weights, 0 for
 * biases, 1 for norm gains; GRUs uniform in +-1/sqrt(H).
 */
struct model *model_new(
    const struct config *c, const char *vocab, bool cased, uint64_t seed);

/*
 * Position embeddings as waves (Vaswani et al. 2017, section 3.5), with the
 * variance of the random ones: what is near looks alike from the start, so
 * that a small encoder need not learn it from much text.
 */
void model_set_waves(struct model *m);

/*
 * Write a directory: config, vocabulary, tokenizer settings and parameters.
 * What stood there is replaced whole (model/modelfolder.h).
 */
void model_save(const struct model *m, const char *path);

/* The same beside the logs and the best/ of the training that made it. */
void model_save_beside(const struct model *m, const char *path);

/* The same with packed weights (model/packed.h). */
void model_save_packed(
    const struct model *m, const char *path, enum product_numbers numbers);

/* The same tensors as type ST_F16 or ST_BF16 instead of ST_F32. */
void model_save_as(const struct model *m, const char *path, enum st_type type);

/* Bytes of its parameters in a file that model_save writes. */
size_t model_file_bytes(const struct model *m);

/*
 * Remove what model_save writes, model.safetensors first, and the directory
 * if nothing else is in it; fine if it is not there.
 */
void model_remove(const char *path);

/*
 * Whether the embeddings of m have all that a row of count tokens asks for,
 * of which the first segment_a are the first segment's; else why gets the
 * reason.
 */
struct buf;
bool model_embeds(const struct model *m, const int32_t *token, size_t count,
    size_t segment_a, struct buf *why);

/*
 * Ends the program, naming both, if the pack has another vocabulary, or a row
 * that the model does not embed.
 */
struct pack;
void model_match(const struct model *m, const struct pack *p);

void model_close(struct model *m);

#endif
