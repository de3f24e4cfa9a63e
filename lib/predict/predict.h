/*
 * Prediction: a model's answers for the rows of a pack.
 */
#ifndef PREDICT_PREDICT_H
#define PREDICT_PREDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/progress.h"
#include "data/pack.h"
#include "net/answer.h"
#include "net/encoder.h"
#include "model/model.h"

/*
 * The name of a parameter of the encoder, or of this head unless it is -1,
 * that holds a NaN or an infinity; or NULL.  Of the word embeddings, which
 * are too many to read, the rows that use them tell.
 */
const char *predict_nonfinite(const struct model *m, int head);

/* Whether all numbers of an answer x [n] are finite. */
bool predict_is_finite(const float *x, size_t n);

/*
 * Append, of a row of tokens [n] whose answer is not a finite number, that it
 * is none, and which of them has a word embedding that is to blame, if any.
 */
void predict_blame(
    struct buf *why, const struct model *m, const int32_t *token, size_t n);

/* The same for a pack: ends the program, naming its first row. */
void predict_refuse_nonfinite(
    const struct model *m, const struct pack *p, int head);

/*
 * out [rows,C] overwritten: probabilities of the classes, in multilabel of
 * each by itself, scores, or probabilities within each group of a ranking pack.
 * head	index among the model's heads; of the pack's type and labels
 * An answer that is not finite ends the program, which names the row.
 * The processes of a run (base/process.h) share the work and all get out.
 */
void predict_pack(float *out, const struct model *m, struct encoder *e,
    const struct pack *p, size_t head, struct progress *progress);

/*
 * The same for a filled batch, without groups: out [B,C]; a: of m.  All
 * numbers of a row are NaN if one of its logits is not finite.
 */
void predict_batch(float *out, const struct model *m, struct encoder *e,
    struct answer *a, const struct batch *b, size_t head);

/*
 * The same for rows row [n] of the encoder's last pass, which was over b and
 * read what the head reads: out [n,C].
 */
void predict_answers(float *out, const struct model *m, const struct encoder *e,
    struct answer *a, const struct batch *b, const size_t *row, size_t n,
    size_t head);

/* Softmax of raw scores within each group, in place. */
void predict_rank(float *score, const int32_t *group, size_t rows);

/* Ends the program, naming the row, where one has more tokens than m reads. */
void predict_check_lengths(const struct model *m, const struct pack *p);

/*
 * The head that answers for rows from a pipe: name, or the only one where
 * NULL.  Ends the program where the model has none such, or several.
 */
size_t predict_served(const struct model *m, const char *name);

/*
 * The head that answers for a pack: name, or the pack's own where NULL.
 * Ends the program where the model has none such, or it is of another type
 * or has other labels.
 */
size_t predict_head(
    const struct model *m, const struct pack *p, const char *name);

#endif
