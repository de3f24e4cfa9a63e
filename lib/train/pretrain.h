/*
 * Pre-training: masked-LM training of an encoder on plain text (Devlin et al.
 * 2019), with next sentences and with a teacher where wanted, from its answers
 * and from inside it (train/teach.h), into a model directory (mtkd-model(5)).
 * With nothing masked there is no masked-LM head.
 *
 * dev.tsv has a row for each evaluation and metric: loss, the mean of -log p
 * over the tokens asked for; perplexity, e to the loss; accuracy, the share
 * of them whose likeliest id was right; with pairs, next_sentence, its
 * accuracy; with feature losses, feature, their weighted sum.  The masks of the
 * held-out text are the same each time.
 */
#ifndef TRAIN_PRETRAIN_H
#define TRAIN_PRETRAIN_H

#include <stddef.h>

#include "train/job.h"

struct pretrain_job {
	const struct job *common; /* with all trainers */
	const char *teacher;	  /* a model, with an MLM head where text is
				     masked; or NULL */
	const char *const *text;  /* files; "-" is stdin */
	size_t text_count;
	const char *dev; /* held-out text, or NULL */
};

/*
 * Run a job, or go on with it where DIR/resume.safetensors stands.  A loss or
 * gradient norm that is not finite ends the program.
 */
void pretrain_run(const struct pretrain_job *job);

#endif
