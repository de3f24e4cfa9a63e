/*
 * Feature losses: what a student learns from inside a teacher that runs on
 * the same batch.  A pair s:t sets layer s of the student beside layer t of
 * the teacher, 0 being the embeddings after their norm; T is the tokens of
 * the batch.  Summed over the pairs, each times its weight:
 *
 *	hidden		(1/T) sum over tokens of the mean over features of
 *			(h_s P - h_t)^2		(Jiao et al. 2020, TinyBERT,
 *			equations 8 and 9)
 *	cosine		(1/T) sum over tokens of 1 - cos(h_s P, h_t)
 *			(Sanh et al. 2019, DistilBERT)
 *	attention	(1/(T A)) sum over tokens and the A heads, of
 *	  squares	  the mean over the row's keys of (S_s - S_t)^2,
 *			  S = q.k / sqrt(d)	(TinyBERT, equation 7)
 *	  divergence	  KL(softmax S_t, softmax S_s)	(Wang et al. 2020,
 *			  MiniLM, equation 6)
 *	relation	for each of queries, keys and values, all heads side
 *			by side cut into R vectors of width w: (1/(T R)) sum
 *			over tokens and relation heads of KL(softmax of
 *			x.x / sqrt(w) of the teacher, the same of the
 *			student); the three added	(Wang et al. 2021,
 *			MiniLMv2)
 *
 * P is a learned matrix of the pair, or nothing where the widths are equal.
 * attention and relation leave out pairs with s = 0.
 */
#ifndef NET_FEATURE_H
#define NET_FEATURE_H

#include "layer/relation.h"
#include "model/model.h"
#include "net/tap.h"

/* "scores|probabilities", in the order of relation_kind. */
extern const char feature_attention_kinds[];

struct feature_options {
	double hidden, cosine, attention, relation; /* weights; 0: none */
	enum relation_kind kind;		    /* of attention */
	size_t relation_heads;			    /* R */
};

struct feature_pair {
	size_t student, teacher;
	size_t projection; /* P [H_t,H_s] in the student's parameters, as a
			      linear map's, or PARAMS_NONE */
};

/* One teacher's; what passes need, which grows with the batches. */
struct feature;

/* Keeps what it is given but for the options. */
struct feature *feature_new(const struct model *student,
    const struct model *teacher, const struct feature_options *options,
    const struct feature_pair *pair, size_t pairs);
void feature_free(struct feature *f);

/* Want what the losses read of each. */
void feature_want(
    const struct feature *f, struct taps *student, struct taps *teacher);

/* The sequences that both have passed, and what is divided by. */
struct feature_rows {
	const size_t *start; /* [rows+1] */
	size_t rows, longest;
	double tokens; /* T: of the whole batch, maybe times a number */
};

/*
 * The weighted sum.  Gradients are added to the student's taps, those of the
 * projections to grad [params.total]; grad NULL: there are none.
 */
double feature_pass(struct feature *f, real *grad, const struct taps *student,
    const struct taps *teacher, const struct feature_rows *rows);

/* Bytes that it keeps for so many tokens in so many rows. */
size_t feature_bytes(
    const struct feature *f, size_t tokens, size_t rows, size_t longest);

#endif
