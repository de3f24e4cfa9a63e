/*
 * What the encoder holds, as tensor files: for probes, plots and search.
 *
 *	pooled		pooled F32 [rows,H]
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
#include "model/model.h"

enum states_kind {
	STATES_NONE,
	STATES_POOLED,
	STATES_TOKENS,
	STATES_ATTENTION
};

/* "none|pooled|tokens", in that order; maps of attention have no word. */
extern const char states_kinds[];

/* Write the file at path, whole or not at all. */
void states_write(const char *path, const struct model *m, const struct pack *p,
    enum states_kind kind);

#endif
