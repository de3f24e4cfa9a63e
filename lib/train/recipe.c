#include "train/recipe.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/text.h"
#include "layer/product.h"
#include "train/classrule.h"
#include "train/goal.h"

void
recipe_start(struct recipe *r)
{
	*r = (struct recipe){ .learning_rate = 5e-5,
		.warmup = 0.1,
		.clip = 1,
		.weight_decay = -1,
		.layer_decay = 1,
		.sampling = 1,
		.dropout = 0.1,
		.head_dropout = 0.1,
		.temperature = 1,
		.batch_size = 32,
		.epochs = 5,
		.accumulate = 1,
		.max_length = 512,
		.save_every = 300,
		.mask = 0.15,
		.evaluate_every = 1000,
		.seed = 1,
		.answer_weight = 1,
		.map_rule = "even",
		.class_weights = CLASSRULE_NONE,
		.dev_metric = GOAL_MEAN,
		.mix_rule = "const:0.5",
		.mix = { MIX_CONST, 0.5 } };
}

static size_t
add_every(struct recipe *r, struct opt *table, size_t n)
{
	const double most = 1e9;
	const struct opt row[] = {
		{ "optimizer", 0, OPT_WORD, optimizer_kinds, 0, 0,
		    &r->optimizer, "how parameters move", false },
		{ "learning-rate", 0, OPT_REAL, "R", 0, 10, &r->learning_rate,
		    "the rate at its peak", false },
		{ "schedule", 0, OPT_WORD, schedule_kinds, 0, 0, &r->schedule,
		    "the rate after the warm-up", false },
		{ "warmup", 0, OPT_REAL, "SHARE", 0, 1, &r->warmup,
		    "share of the updates that warm up", false },
		{ "clip", 0, OPT_REAL, "NORM", 0, most, &r->clip,
		    "largest gradient norm; 0: none", false },
		{ "weight-decay", 0, OPT_REAL, "W", -1, 1, &r->weight_decay,
		    "negative: the optimizer's own", false },
		{ "layer-decay", 0, OPT_REAL, "A", 0, 1, &r->layer_decay,
		    "rate of a layer over that of the next", false },
		{ "batch-size", 0, OPT_INT, "N", 1, 1 << 20, &r->batch_size,
		    "rows, or questions, of a batch", false },
		{ "epochs", 0, OPT_INT, "N", 1, 1 << 20, &r->epochs,
		    "times through the data", false },
		{ "max-updates", 0, OPT_INT, "N", 0, most, &r->max_updates,
		    "stop after so many; 0: no bound", false },
		{ "accumulate", 0, OPT_INT, "N", 1, 1 << 20, &r->accumulate,
		    "batches of an update", false },
		{ "dropout", 0, OPT_REAL, "P", 0, 0.99, &r->dropout,
		    "of the shared layers", false },
		{ "max-length", 0, OPT_INT, "N", 2, most, &r->max_length,
		    "longer rows are skipped", false },
		{ "recompute", 0, OPT_FLAG, NULL, 0, 0, &r->recompute,
		    "compute activations twice, to save memory", false },
		{ "matmul", 0, OPT_WORD, product_train_names, 0, 0, &r->matmul,
		    "numbers of matrix products", false },
		{ "seed", 0, OPT_INT, "N", 0, most, &r->seed,
		    "of order, dropout and new heads", false },
		{ "save-every", 0, OPT_INT, "S", 0, most, &r->save_every,
		    "least seconds between saves for a resume", false },
		{ "threads", 0, OPT_INT, "N", 0, 1024, &r->threads,
		    "0: the CPUs allowed", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

static size_t
add_tasks(struct recipe *r, struct opt *table, size_t n)
{
	const double most = 1e9;
	const struct opt row[] = {
		{ "batches", 0, OPT_WORD, plan_batches, 0, 0, &r->batches,
		    "one task a batch, or all mixed", false },
		{ "shuffle", 0, OPT_WORD, plan_shuffles, 0, 0, &r->shuffle,
		    "when rows are shuffled", false },
		{ "sampling", 0, OPT_REAL, "A", 0, 1, &r->sampling,
		    "tasks share an epoch as size^A", false },
		{ "head-dropout", 0, OPT_REAL, "P", 0, 0.99, &r->head_dropout,
		    "before each head", false },
		{ "head", 0, OPT_WORD, head_kinds, 0, 0, &r->head,
		    "kind of the heads that are drawn", false },
		{ "freeze", 0, OPT_INT, "N", 0, most, &r->freeze,
		    "1: embeddings stay; N: N-1 layers too", false },
		{ "loss-sum", 0, OPT_FLAG, NULL, 0, 0, &r->loss_sum,
		    "sum losses over a batch, not their mean", false },
		{ "keep-heads", 0, OPT_FLAG, NULL, 0, 0, &r->keep_heads,
		    "start from the heads found in the model", false },
		{ "class-weights", 0, OPT_STRING, "RULE", 0, 0,
		    &r->class_weights, "none, balanced or LABEL=W,...", false },
		{ "dev-metric", 0, OPT_STRING, "METRIC", 0, 0, &r->dev_metric,
		    "by which the best epoch is chosen", false },
		{ "patience", 0, OPT_INT, "N", 0, 1 << 20, &r->patience,
		    "stop N epochs after the best; 0: do not", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

static size_t
add_pretrain(struct recipe *r, struct opt *table, size_t n)
{
	const double most = 1e9;
	const struct opt row[] = {
		{ "mask", 0, OPT_REAL, "SHARE", 0, 0.9, &r->mask,
		    "share of the tokens that is asked for", false },
		{ "whole-word", 0, OPT_FLAG, NULL, 0, 0, &r->whole_word,
		    "mask all pieces of a word or none", false },
		{ "next-sentence", 0, OPT_FLAG, NULL, 0, 0, &r->next_sentence,
		    "learn if text_b follows text_a too", false },
		{ "evaluate-every", 0, OPT_INT, "N", 1, most,
		    &r->evaluate_every, "updates between evaluations", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

static size_t
add_soft(struct recipe *r, struct opt *table, size_t n)
{
	const struct opt row[] = {
		{ "mix", 0, OPT_STRING, "RULE", 0, 0, &r->mix_rule, mix_rules,
		    false },
		{ "temperature", 0, OPT_REAL, "T", 0.01, 1000, &r->temperature,
		    "of the soft loss", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

static size_t
add_distil(struct recipe *r, struct opt *table, size_t n)
{
	const struct opt row[] = {
		{ "soft-loss", 0, OPT_WORD, soft_losses, 0, 0, &r->soft_loss,
		    "how soft targets are compared", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

static size_t
add_inside(struct recipe *r, struct opt *table, size_t n)
{
	const double most = 1e9;
	const struct opt row[] = {
		{ "feature-hidden", 0, OPT_REAL, "W", 0, most,
		    &r->feature.hidden, "weight of the distance of states",
		    false },
		{ "feature-cosine", 0, OPT_REAL, "W", 0, most,
		    &r->feature.cosine, "weight of the angle of states",
		    false },
		{ "feature-attention", 0, OPT_REAL, "W", 0, most,
		    &r->feature.attention, "weight of attention's distance",
		    false },
		{ "feature-attention-kind", 0, OPT_WORD,
		    feature_attention_kinds, 0, 0, &r->feature_kind,
		    "what of attention is compared", false },
		{ "feature-relation", 0, OPT_REAL, "W", 0, most,
		    &r->feature.relation,
		    "weight of relations of queries, keys, values", false },
		{ "feature-relation-heads", 0, OPT_INT, "N", 0, 4096,
		    &r->relation_heads, "0: as many as attention has", false },
		{ "feature-map", 0, OPT_STRING, "S:T,...", 0, 0, &r->map_rule,
		    "layers of student and teacher, or even", false },
		{ "answer-weight", 0, OPT_REAL, "W", 0, most, &r->answer_weight,
		    "of the losses of answers", false },
		{ "teacher-matmul", 0, OPT_WORD, "same|float32|bf16|int8|auto",
		    0, 0, &r->teacher_matmul,
		    "numbers of the teachers' products", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

static size_t
add_answers(struct recipe *r, struct opt *table, size_t n)
{
	const struct opt row[] = {
		{ "teacher-soft", 0, OPT_FLAG, NULL, 0, 0, &r->teacher_soft,
		    "the teachers' answers are soft targets", false },
	};

	return opt_append(table, n, row, sizeof(row) / sizeof(*row));
}

size_t
recipe_options(struct recipe *r, struct opt *table, unsigned use)
{
	size_t n = add_every(r, table, 0);

	if ((use & (RECIPE_FINETUNE | RECIPE_DISTIL)) != 0)
		n = add_tasks(r, table, n);
	if ((use & RECIPE_PRETRAIN) != 0)
		n = add_pretrain(r, table, n);
	if ((use & (RECIPE_DISTIL | RECIPE_PRETRAIN)) != 0)
		n = add_soft(r, table, n);
	if ((use & RECIPE_DISTIL) != 0)
		n = add_distil(r, table, n);
	if ((use & (RECIPE_DISTIL | RECIPE_PRETRAIN)) != 0)
		n = add_inside(r, table, n);
	if ((use & RECIPE_DISTIL) != 0)
		n = add_answers(r, table, n);
	return n;
}

/* A text of a task's map, if it is there; problem tells what is wrong. */
static const char *
read_rule(const char *path, const char *name, const struct conf *c,
    const char *key, char *(*problem)(const char *))
{
	const char *text;
	char *wrong;

	if (!conf_get_text(path, c, key, &text))
		return NULL;
	if ((wrong = problem(text)) != NULL)
		die_at(path, conf_get(c, key)->line, "task %s: %s: '%s': %s",
		    name, key, text, wrong);
	return mem_string(text);
}

static void
read_task(struct recipe_task *t, const char *path, const char *name,
    const struct conf *c)
{
	static const char *const keys[] = { "head", "dropout", "weight",
		"class-weights", "dev-metric", NULL };
	const char *head;

	*t = (struct recipe_task){ mem_string(name), -1, -1, 1, NULL, NULL };
	for (size_t i = 0; i < c->count; i++)
		if (text_find(keys, c->key[i]) < 0)
			die_at(path, c->item[i]->line,
			    "task %s: key '%s', expected %s%s", name, c->key[i],
			    text_list(keys, SIZE_MAX, " or "),
			    near_words(c->key[i],
				"head|dropout|weight|class-weights|"
				"dev-metric"));
	t->class_weights =
	    read_rule(path, name, c, "class-weights", classrule_problem);
	t->dev_metric = read_rule(path, name, c, "dev-metric", goal_problem);
	conf_get_real(path, c, "dropout", 0, 0.99, &t->dropout);
	conf_get_real(path, c, "weight", 0, 1e9, &t->weight);
	if (!conf_get_text(path, c, "head", &head))
		return;
	if ((t->head = text_word_find(head_kinds, head)) < 0)
		die_at(path, c->line, "task %s: head '%s', expected %s%s", name,
		    head, text_word_list(head_kinds),
		    near_words(head, head_kinds));
}

static void
read_tasks(struct recipe *r, const char *path, const struct conf *c)
{
	if (c->kind != CONF_MAP)
		die_at(path, c->line, "tasks: expected a map");
	r->tasks = c->count;
	r->task = mem_alloc(c->count, sizeof(*r->task));
	for (size_t i = 0; i < c->count; i++) {
		if (c->item[i]->kind != CONF_MAP)
			die_at(path, c->item[i]->line,
			    "task %s: expected a map", c->key[i]);
		read_task(&r->task[i], path, c->key[i], c->item[i]);
	}
}

/* Rules that are text are read; what is wrong with one, or NULL. */
static char *
rule_problem(struct recipe *r, const struct opt *o)
{
	if (o->value == &r->mix_rule)
		return mix_parse(&r->mix, r->mix_rule) ? NULL
						       : mem_string(mix_words);
	if (o->value == &r->map_rule)
		return pairs_parse(&r->pairs, r->map_rule)
			   ? NULL
			   : mem_string(pairs_words);
	if (o->value == &r->class_weights)
		return classrule_problem(r->class_weights);
	if (o->value == &r->dev_metric)
		return goal_problem(r->dev_metric);
	return NULL;
}

static void
read_file(struct recipe *r, const struct opt_program *program, const char *path)
{
	struct recipe empty;
	struct opt known[RECIPE_ROWS];
	struct conf *c = conf_read_yaml(path, KIND_RECIPE);
	struct opt_program keys = { .table = known };

	/* Only these rows may stand in a recipe, not the tool's own. */
	recipe_start(&empty);
	keys.count = recipe_options(&empty, known, RECIPE_ALL);
	if (c->kind != CONF_MAP)
		die_at(path, c->line, "expected keys and values");
	for (size_t i = 0; i < c->count; i++) {
		const struct conf *v = c->item[i];
		const struct opt *o;
		char *problem;

		if (strcmp(c->key[i], "tasks") == 0) {
			read_tasks(r, path, v);
			continue;
		}
		if (opt_find(&keys, c->key[i]) == NULL)
			die_at(path, v->line, "unknown key '%s'%s", c->key[i],
			    opt_near(&keys, c->key[i]));
		if (v->kind != CONF_SCALAR)
			die_at(
			    path, v->line, "%s: expected one value", c->key[i]);
		/* Options win; mt-finetune has no rows of distillation. */
		o = opt_find(program, c->key[i]);
		if (o == NULL || o->given)
			continue;
		opt_set(program, o->name, mem_string(v->text), &problem);
		if (problem == NULL)
			problem = rule_problem(r, o);
		if (problem != NULL)
			die_at(path, v->line, "%s: '%s': %s", c->key[i],
			    v->text, problem);
	}
	conf_free(c);
}

/* Settings that no output depends on. */
static bool
is_silent(const char *name)
{
	return strcmp(name, "threads") == 0 ||
	       strcmp(name, "save-every") == 0 ||
	       strcmp(name, "recompute") == 0;
}

static bool
is_given(const struct opt_program *program, const char *name)
{
	const struct opt *o = opt_find(program, name);

	return o != NULL && o->given;
}

/* An option overrides every task, a task the recipe. */
static void
resolve_tasks(struct recipe *r, const struct opt_program *program)
{
	bool every = is_given(program, "head-dropout");
	bool weights = is_given(program, "class-weights");
	bool metric = is_given(program, "dev-metric");

	for (size_t i = 0; i < r->tasks; i++) {
		struct recipe_task *t = &r->task[i];

		if (t->head < 0)
			t->head = r->head;
		if (t->dropout < 0 || every)
			t->dropout = r->head_dropout;
		if (weights)
			t->class_weights = NULL;
		if (metric)
			t->dev_metric = NULL;
	}
}

static void
put_task(struct buf *b, const struct recipe_task *t)
{
	char rate[NUM_TEXT], weight[NUM_TEXT];
	char *head = text_word(head_kinds, t->head);

	num_put(rate, t->dropout);
	num_put(weight, t->weight);
	buf_text(b, "  ");
	conf_put_key(b, t->name, 2);
	buf_print(b, " {head: %s, dropout: %s, weight: %s", head, rate, weight);
	if (t->class_weights != NULL) {
		buf_text(b, ", class-weights: ");
		conf_put_value(b, t->class_weights);
	}
	if (t->dev_metric != NULL) {
		buf_text(b, ", dev-metric: ");
		conf_put_value(b, t->dev_metric);
	}
	buf_text(b, "}\n");
	free(head);
}

static char *
text_of(const struct recipe *r, const struct opt_program *program)
{
	struct recipe empty;
	struct opt known[RECIPE_ROWS];
	struct buf b = { 0 };
	size_t n;

	recipe_start(&empty);
	n = recipe_options(&empty, known, RECIPE_ALL);
	for (size_t i = 0; i < n; i++) {
		const struct opt *o = opt_find(program, known[i].name);
		char *text;

		if (o == NULL || is_silent(o->name))
			continue;
		text = opt_text(o);
		buf_print(&b, "%s: ", o->name);
		if (o->value == &r->class_weights || o->value == &r->dev_metric)
			conf_put_value(&b, text);
		else
			buf_text(&b, text);
		buf_byte(&b, '\n');
		free(text);
	}
	if (r->tasks > 0)
		buf_text(&b, "tasks:\n");
	for (size_t i = 0; i < r->tasks; i++)
		put_task(&b, &r->task[i]);
	buf_string(&b);
	return b.data;
}

/* Those of options: what a file says has been checked. */
static void
check_rules(struct recipe *r, const struct opt_program *program)
{
	static const char *const names[] = { "mix", "feature-map",
		"class-weights", "dev-metric" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct opt *o = opt_find(program, names[i]);
		char *problem = o != NULL ? rule_problem(r, o) : NULL;

		if (problem != NULL)
			die_usage(
			    "--%s: '%s': %s", o->name, opt_text(o), problem);
	}
}

void
recipe_resolve(
    struct recipe *r, const struct opt_program *program, const char *path)
{
	if (path != NULL)
		read_file(r, program, path);
	check_rules(r, program);
	resolve_tasks(r, program);
	if (r->teacher_matmul == 1 + PRODUCT_AUTO)
		r->teacher_matmul = 1 + (int)product_auto();
	if (r->matmul == PRODUCT_TRAIN_AUTO)
		r->matmul = (int)product_auto();
	r->text = text_of(r, program);
}

struct optimizer_options
recipe_optimizer(const struct recipe *r)
{
	return (struct optimizer_options){
		.kind = (enum optimizer_kind)r->optimizer,
		.schedule = (enum schedule)r->schedule,
		.learning_rate = r->learning_rate,
		.warmup = r->warmup,
		.clip = r->clip,
		.weight_decay = r->weight_decay,
		.layer_decay = r->layer_decay,
		.freeze = (size_t)r->freeze
	};
}

struct recipe_task
recipe_task(const struct recipe *r, const char *task)
{
	for (size_t i = 0; i < r->tasks; i++)
		if (strcmp(r->task[i].name, task) == 0)
			return (struct recipe_task){ NULL, r->task[i].head,
				r->task[i].dropout, r->task[i].weight,
				r->task[i].class_weights,
				r->task[i].dev_metric };
	return (struct recipe_task){ NULL, r->head, r->head_dropout, 1, NULL,
		NULL };
}
