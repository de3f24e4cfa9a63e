/*
 * How much of the hard and of the soft target there is, over a run (Liu et
 * al. 2019, equation 4; Clark et al. 2019 for annealing).
 */
#ifndef TRAIN_MIX_H
#define TRAIN_MIX_H

#include <stdbool.h>
#include <stddef.h>

enum mix_kind {
	MIX_CONST,
	MIX_ANNEAL,
	MIX_COSINE,
	MIX_STEP,
	MIX_SUM,
	MIX_UNCERTAINTY /* each head learns its own */
};

struct mix {
	enum mix_kind kind;
	double value; /* MIX_CONST: A; MIX_STEP: K */
};

/* What mix_parse takes, for messages. */
extern const char mix_words[];

/* The same in short, for an option. */
extern const char mix_rules[];

/* From a rule as it is written: const:A, anneal, ...; false if it is none. */
bool mix_parse(struct mix *m, const char *rule);

/*
 * The weights of hard and soft target at update step of total; with
 * MIX_UNCERTAINTY each head has its own in their place.
 */
void mix_weights(
    const struct mix *m, size_t step, size_t total, double *hard, double *soft);

#endif
