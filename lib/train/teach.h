/*
 * Teachers that run beside a student: on the same batch, without dropout and
 * without gradients.  What they answer becomes soft targets (teacher-soft; of
 * several, the mean of their probabilities, Liu et al. 2019, equation 3), and
 * the student learns from inside them by feature losses (net/feature.h), each
 * task from one of them.
 */
#ifndef TRAIN_TEACH_H
#define TRAIN_TEACH_H

#include <stdbool.h>
#include <stddef.h>

#include "data/batch.h"
#include "data/pack.h"
#include "model/model.h"
#include "net/encoder.h"
#include "net/loss.h"
#include "train/recipe.h"
#include "train/resume.h"

struct teach;

/*
 * Open the models that "[TASK=]MODEL" [count] name; a text of which there is
 * a file is a MODEL, whatever bytes it has.  Ends the program where one has
 * another vocabulary or case than the student, layers or heads that the
 * recipe's losses do not fit, or numbers that are not finite.  The recipe
 * must live as long.
 */
struct teach *teach_open(const struct recipe *recipe,
    const struct model *student, const char *const *spec, size_t count);
void teach_free(struct teach *t);

/* Whether the student learns from inside, and whether from answers. */
bool teach_compares(const struct recipe *recipe);

/*
 * Say what is taught: each task that a teacher names has its teachers, the
 * others those that name none.  Ends the program where a teacher names no
 * task of packs [count], which must live as long; where one cannot read or
 * answer a pack; where the student learns from inside and a task has not one
 * teacher.  head [count] the student's heads, whose outputs answers have.
 */
void teach_assign(
    struct teach *t, const struct pack *const *packs, size_t count);

/* Whether answers to rows of a pack become soft targets. */
bool teach_answers(const struct teach *t, size_t pack);

/* Whether a row of a pack is of use without any target. */
bool teach_uses(const struct teach *t, size_t pack);

/* Add to a student's config what it must learn besides: projections. */
void teach_project(struct teach *t, struct config *c);

/* The student that was made of that config; room for what passes need. */
void teach_start(struct teach *t, const struct model *student);

/*
 * Before the student's pass over b: its encoder will keep what is compared.
 * True if it must read every token.
 */
bool teach_begin(
    struct teach *t, struct encoder *student, const struct batch *b);

/*
 * After that pass: the teachers' passes.  The feature losses of b's rows,
 * summed and divided by tokens, those of the whole batch, are added to sum's
 * feature and loss.  grad accumulated with what projections get; NULL: nothing
 * is learned.  The other gradients are added by the student's backward pass.
 */
void teach_pass(struct teach *t, struct loss_sum *sum, real *grad,
    const struct batch *b, double tokens);

/* The soft target of row i of that batch, if its pack has answers. */
const float *teach_soft(const struct teach *t, size_t i);

/* The one teacher's model and encoder, where there are no packs. */
struct model *teach_model(const struct teach *t);
const struct encoder *teach_encoder(const struct teach *t);

/* The checksums of teachers, and what they teach. */
void teach_identify(const struct teach *t, struct identity *id);

/* Operations of matrix products that a row of a pack costs besides. */
double teach_flops(const struct teach *t, size_t pack, size_t tokens);

/* Bytes that teachers take, for a largest batch. */
size_t teach_bytes(
    const struct teach *t, size_t tokens, size_t rows, size_t longest);

#endif
