/*
 * What the encoder holds, as tensor files: for probes, plots and search.
 *
 *	pooled		pooled F32 [rows,H]
 *	mean		mean F32 [rows,H]: the mean of the last layer's states
 *			over all tokens of a row, [CLS] and [SEP] among them,
 *			as Sentence-BERT pools them (Reimers and Gurevych
 *			2019)
 *	tokens		hidden F32 [tokens,H], starts I64 [rows+1]: the last
 *			layer's states of each row's tokens
 *	attention	attention F32 [numbers], starts I64 [rows+1]: for each
 *			row of L tokens its probabilities [layers,A,L,L]
 *
 * Each file also has the pack's id_bytes and id_starts.
 */
#ifndef PREDICT_STATES_H
#define PREDICT_STATES_H

#include "data/pack.h"
#include "net/encoder.h"
#include "model/model.h"

enum states_kind {
	STATES_NONE,
	STATES_POOLED,
	STATES_MEAN,
	STATES_TOKENS,
	STATES_ATTENTION
};

/* "none|pooled|mean|tokens", in that order; maps of attention have no word. */
extern const char states_kinds[];

/* Whether a row comes to one vector [H], and what files call it. */
bool states_are_vectors(enum states_kind kind);
const char *states_name(enum states_kind kind);

/*
 * out [B,H] overwritten: the vectors of a filled batch, of a kind that has
 * them; normalize: divided by their length, but by no less than 1e-12.  All
 * numbers of a row are NaN if one of its states is not finite.
 */
void states_vectors(float *out, const struct model *m, struct encoder *e,
    const struct batch *b, enum states_kind kind, bool normalize);

/*
 * Write the file at path, whole or not at all.  normalize: as above, of kinds
 * that are vectors.
 */
void states_write(const char *path, const struct model *m, const struct pack *p,
    enum states_kind kind, bool normalize);

#endif
