#include "train/command.h"

#include <stdio.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/process.h"
#include "base/thread.h"
#include "train/teach.h"
#include "train/train.h"

/* "--soft A B PACK": A alone is the option's; B tells itself by its text. */
static bool
is_soft(const char *path)
{
	struct kind_found found = kind_of_path(path);

	return found.sure &&
	       (found.kind == KIND_PRED || found.kind == KIND_SOFT);
}

/* What is asked of teachers, and that there are some. */
static void
check_teaching(const struct recipe *r, size_t teachers)
{
	bool inside = teach_compares(r);

	if (teachers == 0 && r->teacher_soft)
		die_usage("--teacher-soft: no --teacher MODEL to answer");
	if (teachers == 0 && inside)
		die_usage("feature losses: no --teacher MODEL to learn from");
	if (teachers > 0 && !r->teacher_soft && !inside)
		die_usage("--teacher: nothing is learned of it without "
			  "--teacher-soft or a weight of --feature-hidden, "
			  "--feature-cosine, --feature-attention or "
			  "--feature-relation");
	if (r->answer_weight == 0 && !inside)
		die_usage("--answer-weight 0: nothing is left to learn");
}

void
command_train(int argc, char **argv, bool distil, const char *purpose)
{
	struct job job = { 0 };
	struct opt_list packs = { 0 }, dev = { 0 }, soft = { 0 };
	struct opt_list train_on = { 0 }, teacher = { 0 };
	bool missing = false;
	const struct opt own[] = {
		{ "dev", 0, OPT_READS, "PACK", 0, 0, &dev,
		    "evaluate on it each epoch; may be repeated", false },
		{ "train-on", 0, OPT_LIST, "SPLIT", 0, 0, &train_on,
		    "packs of this split may be trained on", false },
		{ "soft", 0, OPT_READS, "SOFT", 0, 0, &soft,
		    "soft targets; may be repeated", false },
		{ "teacher", 0, OPT_READS, "[TASK=]MODEL", 0, 0, &teacher,
		    "runs beside the student; may be repeated", false },
		{ "missing-ids", 0, OPT_FLAG, NULL, 0, 0, &missing,
		    "rows may have no soft target", false },
	};
	struct opt table[JOB_ROWS];
	struct opt_program program = { purpose,
		distil ? "-i MODEL -o MODEL [-r RECIPE] [--soft SOFT]... "
			 "[--teacher [TASK=]MODEL]... [--dev PACK]... PACK..."
		       : "-i MODEL -o MODEL [-r RECIPE] [--dev PACK]... "
			 "PACK...",
		table, 0, 1, (size_t)-1 };
	size_t operands;

	mem_need(MEM_TO_COMPUTE);
	thread_settle(argv);
	process_join();
	recipe_start(&job.recipe);
	program.count = job_options(&job, table, own, distil ? 5 : 2,
	    distil ? RECIPE_DISTIL : RECIPE_FINETUNE);
	model_version(argc, argv);
	operands = opt_parse(&program, argc, argv);
	job_resolve(&job, &program);
	for (size_t i = 1; i <= operands; i++)
		opt_add(distil && is_soft(argv[i]) ? &soft : &packs, argv[i]);
	if (packs.count == 0)
		die_usage("no PACK to train on");
	if (distil && soft.count == 0 && teacher.count == 0)
		die_usage("no --soft SOFT and no --teacher MODEL to learn "
			  "from");
	check_teaching(&job.recipe, teacher.count);
	train_run(&(struct train_job){ .common = &job,
	    .packs = packs.item,
	    .pack_count = packs.count,
	    .dev = dev.item,
	    .dev_count = dev.count,
	    .train_on = train_on.item,
	    .train_on_count = train_on.count,
	    .soft = soft.item,
	    .soft_count = soft.count,
	    .missing_ids = missing,
	    .teacher = teacher.item,
	    .teacher_count = teacher.count });
	file_finish();
}
