/*
 * The networks that Hugging Face Transformers has for models of ours: what it
 * calls their settings and tensors.  Names of BERT are those of the parameter
 * table, but for heads, whose last map is "classifier.".
 */
#ifndef PORT_FORM_H
#define PORT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "model/config.h"

/* A setting: BERT's key, the keys in its place, and what it is without. */
struct form_key {
	const char *key, *own, *other; /* other, or NULL */
	const char *usual;	       /* or NULL: left out */
};

/* Two beginnings of names that are the same: BERT's, and the network's. */
struct form_name {
	const char *bert, *own;
};

struct form {
	const char *type;      /* its model_type */
	const char *prefix;    /* before the names of its encoder */
	const char *class;     /* before "Model", "ForMaskedLM" and so on */
	const char *tokenizer; /* class */
	const char *is;	       /* what is said of one that is imported, or
				  NULL */
	enum pooler pooler;    /* what its classifier has before the answer */
	bool has_pooler;       /* also where it has no head */
	bool has_segments;     /* it cannot be without; added as 0 */
	bool is_fixed;	       /* of norm_eps 1e-12, no projected embeddings */
	const char *dropout;   /* key of the classifier's */
	const struct form_key *key;    /* NULL ends them; NULL: BERT's own */
	const struct form_name *name;  /* of whole names, the first that fits */
	const struct form_name *layer; /* behind the layer's number */
};

const struct form *form_of(enum network network);

/* The network of that model_type, or NULL. */
const struct form *form_find(const char *type);
enum network form_network(const struct form *f);

/* The other name of a tensor, owned by the caller. */
char *form_own_name(const struct form *f, const char *bert);
char *form_bert_name(const struct form *f, const char *own);

#endif
