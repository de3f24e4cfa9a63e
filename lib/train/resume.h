/*
 * What an unfinished run keeps in DIR/resume.safetensors: parameters,
 * optimiser, counters, and what the run is, so that it goes on with the same
 * bytes or not at all.
 */
#ifndef TRAIN_RESUME_H
#define TRAIN_RESUME_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"
#include "train/optimizer.h"

/* What makes a run this run: names and values, compared one by one. */
struct identity {
	char **key, **value; /* owned */
	size_t count, room, value_room;
};

/* Takes a copy of key and owns value. */
void identity_add(struct identity *id, const char *key, char *value);
/*
 * What a file is: words about it (or NULL) and the checksum of all its bytes,
 * since what it tells of itself need not be so.
 */
void identity_add_file(
    struct identity *id, const char *key, const char *words, const char *path);

/*
 * A model that is read: its parameters and vocabulary as key, its config.json
 * as config_key.
 */
void identity_add_model(struct identity *id, const char *key,
    const char *config_key, const struct model *m);

/* The library that multiplies: another's bytes are others. */
void identity_add_products(struct identity *id);

void identity_free(struct identity *id);

struct run_state {
	size_t updates; /* done */
	size_t tokens;	/* seen in them */
	double best;	/* highest worth on dev so far; far below 0: none */
	size_t best_at; /* updates done then */
	size_t log_bytes, dev_bytes; /* lengths of log.tsv and dev.tsv */
	bool unjudged; /* the evaluation after the updates is to be made */
};

/* Write the file, whole or not at all. */
void resume_save(const char *path, const struct identity *id,
    const struct run_state *state, const struct model *m,
    const struct optimizer *o);

/*
 * Read it back; false if it is not there.  total is how many updates the run
 * has.  A file of another run, or a damaged one, ends the program with the
 * difference.
 */
bool resume_load(const char *path, const struct identity *id, size_t total,
    struct run_state *state, struct model *m, struct optimizer *o);

/*
 * Give the other processes of a run (base/process.h) what rank 0 has, loaded or
 * new.  One whose identity is not that of rank 0, as its inputs are others,
 * ends the program.
 */
void resume_send(const struct identity *id, struct run_state *state,
    struct model *m, struct optimizer *o);

#endif
