/*
 * mlm-pretrain: an encoder learns from plain text, by filling in what was
 * masked.
 *
 * What an update is stands in train/pretrain.h.
 */
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/group.h"
#include "base/opt.h"
#include "base/thread.h"
#include "train/pretrain.h"

struct options {
	struct recipe recipe;
	const char *init, *out, *recipe_path, *dev, *teacher;
	bool dry_run, quiet, progress;
};

static size_t
fill(struct options *o, struct opt *table)
{
	const struct opt own[] = {
		{ "init", 'i', OPT_STRING, "MODEL", 0, 0, &o->init,
		    "the model to start from", false },
		{ "output", 'o', OPT_STRING, "MODEL", 0, 0, &o->out,
		    "the model to make", false },
		{ "recipe", 'r', OPT_STRING, "FILE", 0, 0, &o->recipe_path,
		    "settings, as YAML", false },
		{ "dev", 0, OPT_STRING, "TEXT", 0, 0, &o->dev,
		    "held-out text to evaluate on", false },
		{ "teacher", 0, OPT_STRING, "MODEL", 0, 0, &o->teacher,
		    "learn from its answers too", false },
		{ "dry-run", 0, OPT_FLAG, NULL, 0, 0, &o->dry_run,
		    "print recipe and cost, train nothing", false },
		{ "quiet", 'q', OPT_FLAG, NULL, 0, 0, &o->quiet,
		    "no notes and no progress", false },
		{ "progress", 0, OPT_FLAG, NULL, 0, 0, &o->progress,
		    "progress also where stderr is no terminal", false },
	};
	size_t n = sizeof(own) / sizeof(own[0]);

	memcpy(table, own, sizeof(own));
	recipe_start(&o->recipe);
	o->recipe.optimizer = ADAMW;
	o->recipe.learning_rate = 1e-3;
	o->recipe.batch_size = 64;
	o->recipe.epochs = 10;
	o->recipe.max_length = 128;
	return n + recipe_options(&o->recipe, table + n, RECIPE_PRETRAIN);
}

int
main(int argc, char **argv)
{
	static const char *const standard_input[] = { "-" };
	struct options o = { 0 };
	struct opt table[RECIPE_ROWS + 8];
	struct opt_program program = { "train an encoder on plain text",
		"-i MODEL -o MODEL [-r RECIPE] [--dev TEXT] [TEXT...]", table,
		0, 0, (size_t)-1 };
	size_t texts;

	die_program(argv[0]);
	thread_settle(argv);
	group_start();
	program.count = fill(&o, table);
	texts = opt_parse(&program, argc, argv);
	if (o.init == NULL || o.out == NULL)
		die_usage("needs -i MODEL and -o MODEL: %s %s", die_name(),
		    program.synopsis);
	recipe_resolve(&o.recipe, &program, o.recipe_path);
	if (o.recipe.mix.kind == MIX_UNCERTAINTY)
		die_usage("--mix: uncertainty belongs to task heads");
	pretrain_run(&(struct pretrain_job){ .recipe = &o.recipe,
	    .init = o.init,
	    .out = o.out,
	    .teacher = o.teacher,
	    .text = texts > 0 ? (const char *const *)argv + 1 : standard_input,
	    .text_count = texts > 0 ? texts : 1,
	    .dev = o.dev,
	    .dry_run = o.dry_run,
	    .quiet = o.quiet,
	    .progress = o.progress });
	file_finish();
	return 0;
}
