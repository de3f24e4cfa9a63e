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
#include "net/loss.h"
#include "train/optimizer.h"

enum { RECIPE_ROWS = 48 };

/* The trainers; a row of the table is for one or more. */
enum recipe_use {
	RECIPE_FINETUNE = 1,
	RECIPE_DISTIL = 2,
	RECIPE_PRETRAIN = 4,
	RECIPE_ALL = 7
};

struct recipe_task {
	char *name;
	int head;	/* head_kind, or -1: the recipe's */
	double dropout; /* negative: the recipe's */
	double weight;
};

/* How much of the hard target there is, over a run. */
enum mix_kind {
	MIX_CONST,
	MIX_ANNEAL,
	MIX_COSINE,
	MIX_STEP,
	MIX_SUM,
	MIX_UNCERTAINTY
};

struct recipe {
	int optimizer, schedule, batches, shuffle, soft_loss, head, matmul;
	double learning_rate, warmup, clip, weight_decay, layer_decay;
	double sampling, dropout, head_dropout, temperature, mask;
	long long batch_size, epochs, max_updates, accumulate, max_length;
	long long freeze, save_every, seed, threads, evaluate_every;
	bool loss_sum, recompute, keep_heads, whole_word, next_sentence;
	const char *mix;
	enum mix_kind mix_kind; /* from mix, by recipe_check */
	double mix_value;
	struct recipe_task *task;
	size_t tasks;
};

/* The defaults. */
void recipe_start(struct recipe *r);

/*
 * The rows that are for any of the trainers in use (recipe_use, or'ed), into
 * table [RECIPE_ROWS].  Returns how many.
 */
size_t recipe_options(struct recipe *r, struct opt *table, unsigned use);

/* Read a recipe file over the defaults, not over options that were given. */
void recipe_read(
    struct recipe *r, const struct opt_program *program, const char *path);

/* Work out what is written as text (mix); bad values are usage errors. */
void recipe_check(struct recipe *r, const struct opt_program *program);

/*
 * Every effective setting that an output depends on, as YAML; owned by the
 * caller.  Two runs with equal text make equal models.
 */
char *recipe_text(const struct recipe *r, const struct opt_program *program);

/* What the optimiser needs of it. */
struct optimizer_options recipe_optimizer(const struct recipe *r);

/* A task's own head kind, dropout and weight. */
int recipe_head(const struct recipe *r, const char *task);
double recipe_dropout(const struct recipe *r, const struct opt_program *program,
    const char *task);
double recipe_weight(const struct recipe *r, const char *task);

/*
 * The weights of hard and soft target at update step of total; with
 * MIX_UNCERTAINTY each head has its own instead.
 */
void recipe_mix(const struct recipe *r, size_t step, size_t total, double *hard,
    double *soft);

#endif
