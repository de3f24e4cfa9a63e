/*
 * An update shared by the processes of a run (base/process.h): each takes some
 * rows of every batch, and the gradients are summed while the backward pass
 * goes on.  Loss, order and dropout are those of the whole batch, so only the
 * rounding of sums depends on the number of processes.
 */
#ifndef TRAIN_SHARD_H
#define TRAIN_SHARD_H

#include <stdbool.h>

#include "data/batch.h"
#include "net/loss.h"
#include "model/model.h"

struct encoder;
struct shard;

/*
 * For the gradients grad [params.total] of m, watching the backward pass of
 * its encoder.
 */
struct shard *shard_new(
    const struct model *m, real *grad, struct encoder *encoder);

/* Tell of each whole batch of an update before its gradients are summed. */
void shard_meet(struct shard *s, const struct batch *whole);

/*
 * The batch that comes is the update's last, so that gradients will be
 * complete.  active [heads] must tell which heads take part when the first
 * are, and live until then; NULL if there are no heads.
 */
void shard_begin(struct shard *s, const bool *active);

/* Sum what is left and wait: grad holds the sums, and the update ends. */
void shard_end(struct shard *s);

/* Sum the losses of a batch. */
void shard_losses(struct loss_sum *sum);

/*
 * The rows [*first, *first + the value returned) of a batch that process rank
 * of size takes: adjacent, with about as many tokens as the others', questions
 * of a ranking task undivided; maybe none.  packs: of the rows, or NULL.
 */
size_t shard_rows(size_t *first, const struct batch *whole,
    const struct pack *const *packs, size_t rank, size_t size);

#endif
