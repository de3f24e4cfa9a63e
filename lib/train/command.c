#include "train/command.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/group.h"
#include "base/thread.h"
#include "train/train.h"

struct command {
	struct recipe recipe;
	const char *init, *out, *recipe_path;
	struct opt_list dev, soft;
	bool dry_run, quiet, progress;
};

static size_t
command_table(struct command *c, struct opt *table, bool distil)
{
	const struct opt own[] = {
		{ "init", 'i', OPT_STRING, "MODEL", 0, 0, &c->init,
		    "the model to start from", false },
		{ "output", 'o', OPT_STRING, "MODEL", 0, 0, &c->out,
		    "the model to make", false },
		{ "recipe", 'r', OPT_STRING, "FILE", 0, 0, &c->recipe_path,
		    "settings, as YAML", false },
		{ "dev", 0, OPT_LIST, "PACK", 0, 0, &c->dev,
		    "evaluate on it each epoch; may be repeated", false },
		{ "dry-run", 0, OPT_FLAG, NULL, 0, 0, &c->dry_run,
		    "print recipe and cost, train nothing", false },
		{ "quiet", 'q', OPT_FLAG, NULL, 0, 0, &c->quiet,
		    "no notes and no progress", false },
		{ "progress", 0, OPT_FLAG, NULL, 0, 0, &c->progress,
		    "progress also where stderr is no terminal", false },
	};
	const struct opt soft = { "soft", 0, OPT_LIST, "SOFT", 0, 0, &c->soft,
		"soft targets; may be repeated", false };
	size_t n = sizeof(own) / sizeof(own[0]);

	memcpy(table, own, sizeof(own));
	if (distil)
		table[n++] = soft;
	return n + recipe_options(&c->recipe, table + n,
		       distil ? RECIPE_DISTIL : RECIPE_FINETUNE);
}

/* "--soft A B PACK": A alone is the option's; B tells itself by its text. */
static bool
is_soft(const char *path)
{
	char start[7];

	return file_start(path, start, sizeof(start)) == sizeof(start) &&
	       memcmp(start, "#mtkd ", 6) == 0;
}

void
command_train(int argc, char **argv, bool distil, const char *purpose)
{
	struct command c = { 0 };
	struct opt table[RECIPE_ROWS + 16];
	struct opt_program program = { purpose,
		distil ? "-i MODEL -o MODEL [-r RECIPE] --soft SOFT... "
			 "[--dev PACK]... PACK..."
		       : "-i MODEL -o MODEL [-r RECIPE] [--dev PACK]... "
			 "PACK...",
		table, 0, 1, (size_t)-1 };
	struct opt_list packs = { 0 };
	struct opt_list *to;
	size_t operands;

	thread_settle(argv);
	group_start();
	recipe_start(&c.recipe);
	program.count = command_table(&c, table, distil);
	operands = opt_parse(&program, argc, argv);
	if (c.init == NULL || c.out == NULL)
		die_usage("needs -i MODEL and -o MODEL: %s %s", die_name(),
		    program.synopsis);
	recipe_resolve(&c.recipe, &program, c.recipe_path);
	for (size_t i = 1; i <= operands; i++) {
		to = distil && is_soft(argv[i]) ? &c.soft : &packs;
		opt_add(to, argv[i]);
	}
	if (packs.count == 0)
		die_usage("no PACK to train on");
	if (distil && c.soft.count == 0)
		die_usage("no --soft SOFT to learn from");
	train_run(&(struct train_job){ .recipe = &c.recipe,
	    .init = c.init,
	    .out = c.out,
	    .packs = packs.item,
	    .pack_count = packs.count,
	    .dev = c.dev.item,
	    .dev_count = c.dev.count,
	    .soft = c.soft.item,
	    .soft_count = c.soft.count,
	    .dry_run = c.dry_run,
	    .quiet = c.quiet,
	    .progress = c.progress });
	file_finish();
}
