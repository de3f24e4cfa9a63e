/*
 * A model's config.json: BERT's keys as Hugging Face writes them, and ours
 * under "mtkd": the heads and what reads the encoder.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "data/pack.h"

struct buf;
struct conf;

enum { HEAD_MOST = 4096 }; /* classes, or candidates of one question */

/* As what other programs know a network of this form. */
enum network { NETWORK_BERT, NETWORK_DISTILBERT, NETWORK_ELECTRA };

/* "bert|distilbert|electra", in the order of network. */
extern const char config_networks[];

/* What heads read: [CLS] itself, or f(W h + b) of it (net/pooler.h). */
enum pooler { POOLER_NONE, POOLER_TANH, POOLER_GELU, POOLER_RELU };

enum head_kind { HEAD_LINEAR, HEAD_SAN };

/* "linear|san", in the order of head_kind. */
extern const char head_kinds[];

struct head {
	char *name; /* the task's */
	enum head_kind kind;
	struct labels labels;
	size_t outputs;	       /* numbers per row: their width */
	double dropout;	       /* before the head, in training */
	size_t turns;	       /* SAN: K */
	double memory_dropout; /* SAN: of whole turns */
	bool uncertainty;      /* it learns the weights of its two losses */
};

/*
 * A matrix [outputs, H] that a student learns beside itself, to be compared
 * with a teacher of another width; no file has it but resume.safetensors.
 */
struct projection {
	char *name; /* owned */
	size_t outputs;
};

struct config {
	size_t vocab;	  /* V */
	size_t hidden;	  /* H */
	size_t embedding; /* E, where embeddings are projected to H; 0: they
			     have H features themselves */
	size_t layers;
	size_t heads;	  /* attention heads, A */
	size_t inner;	  /* I, the feed-forward network's */
	size_t positions; /* the longest sequence */
	size_t types;	  /* segments; 0: without embeddings of them */
	double norm_eps;
	double init_range;
	double hidden_dropout, attention_dropout;
	enum pooler pooler;
	enum network network;
	bool mlm;	    /* a masked-LM head is there */
	bool next_sentence; /* and one that tells if text_b follows text_a */
	struct head *head;
	size_t head_count;
	struct projection *projection;
	size_t projections;
};

/* Read a config.json; ends the program where BERT would be another one. */
void config_read(struct config *c, const char *path);

/* The same from a tree; path is for messages. */
void config_take(struct config *c, const char *path, const struct conf *json);

/* Write it, the keys always in one order. */
void config_write(const struct config *c, const char *path);

/*
 * Append its text; architecture is the class of Hugging Face's and type the
 * model_type that it tells, more are whole lines that go before our own key.
 */
void config_put(struct buf *b, const struct config *c, const char *architecture,
    const char *type, const char *more);

/* --- parts, for a config.json with other keys than BERT's --- */

/* Our own key, of what config_put appends the last lines but "}". */
void config_put_ours(struct buf *b, const struct config *c);

/* What such a key says, where json has it; path is for messages. */
void config_take_ours(
    struct config *c, const char *path, const struct conf *json);

/* Features of an embedding: E, or H. */
size_t config_embedding(const struct config *c);

/* The index of a head by name, or -1. */
int config_head(const struct config *c, const char *name);

/* Add a head, copied; returns its index. */
size_t config_add_head(struct config *c, const struct head *head);

/* Add a projection; returns its index. */
size_t config_add_projection(
    struct config *c, const char *name, size_t outputs);

/*
 * A copy that shares nothing; with all heads and projections, or the encoder
 * alone.
 */
void config_copy(struct config *to, const struct config *from, bool with_heads);

void config_free(struct config *c);

#endif
