/*
 * Masked-LM training's batches (Devlin et al. 2019, section 3.1 and appendix
 * A): sequences cut from documents, some of their tokens hidden.
 *
 * A document of n ids becomes the fewest sequences that hold it, of lengths
 * that differ by one at most; nothing is padded or left out.  Of a sequence's
 * ids a share is asked for (BERT: 0.15), at least one unless it is 0; of those
 * asked, 0.8 are written as [MASK], 0.1 as an id drawn from the vocabulary, 0.1
 * stay. Masks are a function of seed, epoch and sequence.
 */
#ifndef DATA_MASKED_H
#define DATA_MASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/document.h"
#include "corpus/vocab.h"
#include "data/batch.h"

struct masked_options {
	size_t max_length; /* tokens with [CLS] and [SEP], at least 8 */
	double rate;	   /* share of the ids that is asked for */
	bool whole_word;   /* ask for all pieces of a word or none */
	/*
	 * [CLS] a [SEP] b [SEP]: half of the sequences are cut in two, in
	 * the others b comes from another sequence.
	 */
	bool pairs;
	uint64_t seed;
};

/* The sequences of a text, and how they are masked; of one thread. */
struct masked;

/* Keeps d, in which there is text; v is read now. */
struct masked *masked_new(const struct documents *d, const struct vocab *v,
    const struct masked_options *options);
void masked_free(struct masked *m);

size_t masked_sequences(const struct masked *m);

/* Tokens of an epoch, [CLS] and [SEP] among them; with pairs, at most. */
size_t masked_tokens(const struct masked *m);

/* order [sequences] overwritten with those of an epoch, shuffled. */
void masked_order(const struct masked *m, size_t *order, size_t epoch);

/* Start with { 0 }. */
struct masked_batch {
	struct batch b;
	size_t reads;	/* Q: [CLS] of each row, then what is asked of it */
	size_t *token;	/* [Q] places in b */
	size_t *start;	/* [rows+1] the first of each row in token */
	int32_t *want;	/* [Q] the id that stood there; -1 for [CLS] */
	uint8_t *apart; /* [rows] 1: b does not follow a (HF's labels) */
	size_t read_room, row_room;
};

/* Fill with the sequences named, as an epoch masks them. */
void masked_fill(struct masked_batch *to, struct masked *m,
    const size_t *sequence, size_t count, size_t epoch);

/* Fill with rows [first, first + count) of another, at their places in it. */
void masked_take(struct masked_batch *to, const struct masked_batch *whole,
    size_t first, size_t count);

void masked_batch_free(struct masked_batch *b);

#endif
