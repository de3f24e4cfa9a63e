/*
 * Models from elsewhere: a checkpoint's tensors (source.h), fitted to the
 * parameter table.
 *
 * Names are those of Hugging Face's BertModel, with "bert." before them or
 * without, or another network's (port/form.h); gamma and beta of norms are
 * their weight and bias. Every tensor is used, or left out by its name and said
 * to be; those that are missing, unknown, of another shape or no floats end the
 * program, all of them listed.
 */
#ifndef PORT_IMPORT_H
#define PORT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"
#include "port/source.h"

struct import {
	const char *path;    /* a folder, or a file in it */
	const char *vocab;   /* a vocab.txt or a model; NULL: in the folder */
	const char *task;    /* the name of the head to keep, or NULL */
	const char *labels;  /* its labels, parted by commas, or NULL */
	size_t head;	     /* of mt-dnn's list of heads: which */
	const size_t *layer; /* [layers] the encoder's layers to keep */
	size_t layers;	     /* 0: all */
	const char *const *ignore; /* [ignores] patterns of the shell: */
	size_t ignores;		   /* tensors to leave out by name */
	bool cased, mlm, no_pooler;
};

/* The whole model; what is left out is said on stderr. */
struct model *import_model(const struct import *o);

/* --- parts --- */

/* The source of a folder or file, and the folder; both owned by the caller. */
struct source *import_source(const char *path, char **folder);

/*
 * The config of a source: config.json or bert_config.json of its folder, or
 * what an mt-dnn checkpoint has in it.  Of another network than BERT
 * (port/form.h) it has the pooler of that network's classifier if with_head,
 * else none, unless our own key says otherwise.
 */
void import_config(struct config *c, const struct source *s, const char *folder,
    bool with_head);

/*
 * Ends the program where config.json in a folder says that its classifier
 * answers for tokens and not for texts.
 */
void import_check_head(const char *folder);

/*
 * The head to keep, in all its fields, from o and whatever describes it:
 * config.json, the checkpoint, the task's definition.  order is as in
 * import_labels_settle.
 */
struct head import_head(const struct import *o, const struct source *s,
    const char *folder, const struct config *from, size_t **order);

/*
 * Names as the parameter table has them, in the place of the source's, whose
 * config is c: what wrappers and trainers put before them is cut off and named
 * in one note, and another network's become BERT's (port/form.h).
 */
void import_names(struct source *s, const struct config *c);

/* Leave out tensors whose names match; false if there is none. */
bool import_ignore(struct source *s, const char *pattern);

/*
 * Copy all parameters of m from s, whose config was from; o->layer says which
 * layers.
 */
void import_numbers(struct model *m, const struct source *s,
    const struct config *from, const struct import *o);

#endif
