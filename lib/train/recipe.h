/*
 * Training settings: options of the command line and keys of a recipe file
 * are the same rows of one table.  An option overrides every task, a recipe
 * the default; a recipe may also say "tasks: {mnli: {head: linear, dropout:
 * 0.3, weight: 1}}".
 */
#ifndef TRAIN_RECIPE_H
#define TRAIN_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/opt.h"
#include "data/plan.h"
#include "net/feature.h"
#include "net/loss.h"
#include "train/mix.h"
#include "train/optimizer.h"
#include "train/pairs.h"

enum { RECIPE_ROWS = 64 };

/* The trainers; a row of the table is for one or more. */
enum recipe_use {
	RECIPE_FINETUNE = 1,
	RECIPE_DISTIL = 2,
	RECIPE_PRETRAIN = 4,
	RECIPE_ALL = 7
};

struct recipe_task {
	char *name;
	int head;	/* head_kind; in a file -1: the recipe's */
	double dropout; /* in a file negative: the recipe's */
	double weight;
	const char *class_weights, *dev_metric; /* NULL: the recipe's */
};

struct recipe {
	int optimizer, schedule, batches, shuffle, soft_loss, head, matmul;
	double learning_rate, warmup, clip, weight_decay, layer_decay;
	double sampling, dropout, head_dropout, temperature, mask;
	long long batch_size, epochs, max_updates, accumulate, max_length;
	long long freeze, save_every, seed, threads, evaluate_every;
	bool loss_sum, recompute, keep_heads, whole_word, next_sentence;
	/* learning from inside teachers */
	struct feature_options feature; /* kind and relation_heads: below */
	int feature_kind;
	int teacher_matmul;	  /* 0: as matmul; else 1 + what it is */
	long long relation_heads; /* 0: as many as the student has heads */
	const char *map_rule;	  /* as it is written */
	struct pairs pairs;
	double answer_weight;
	bool teacher_soft;
	long long patience; /* epochs without a better one; 0: no bound */
	const char *class_weights, *dev_metric; /* as they are written */
	const char *mix_rule;			/* likewise */
	struct mix mix;
	struct recipe_task *task;
	size_t tasks;
	char *text; /* by recipe_resolve: every effective setting that an
		       output depends on, as YAML; equal texts make equal
		       models */
};

/* The defaults. */
void recipe_start(struct recipe *r);

/*
 * The rows that are for any of the trainers in use (recipe_use, or'ed), into
 * table [RECIPE_ROWS].  Returns how many.
 */
size_t recipe_options(struct recipe *r, struct opt *table, unsigned use);

/*
 * Once, when the command line has been parsed: read the recipe file path
 * (NULL: there is none) over the defaults, not over options that were given,
 * and work out what is written as text and what holds for each task.  Bad
 * values end the program, those of options as usage errors.
 */
void recipe_resolve(
    struct recipe *r, const struct opt_program *program, const char *path);

/* What the optimiser needs of it. */
struct optimizer_options recipe_optimizer(const struct recipe *r);

/* What holds for a task, whether the recipe has it or not; name is NULL. */
struct recipe_task recipe_task(const struct recipe *r, const char *task);

#endif
