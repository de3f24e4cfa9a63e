/*
 * mlm-pretrain: an encoder learns from plain text, by filling in what was
 * masked and from inside a teacher.
 *
 * What an update is stands in train/pretrain.h.
 */
#include "base/die.h"
#include "base/file.h"
#include "base/process.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/thread.h"
#include "train/pretrain.h"
#include "train/teach.h"

/* What is asked of a teacher, and that something is left to learn. */
static void
check_teaching(const struct recipe *r, bool teacher)
{
	bool inside = teach_compares(r);

	if (!teacher && inside)
		die_usage("feature losses: no --teacher MODEL to learn from");
	if (r->mask > 0 && r->mask < 0.001)
		die_usage("--mask: %g, expected 0, or 0.001 to 0.9", r->mask);
	if (r->mask == 0 && !inside)
		die_usage("--mask 0: nothing is left to learn without a weight "
			  "of --feature-hidden, --feature-cosine, "
			  "--feature-attention or --feature-relation");
	if (r->answer_weight == 0 && !inside)
		die_usage("--answer-weight 0: nothing is left to learn");
}

int
main(int argc, char **argv)
{
	static const char *const standard_input[] = { "-" };
	struct job job = { 0 };
	const char *dev = NULL, *teacher = NULL;
	const struct opt own[] = {
		{ "dev", 0, OPT_READ, "TEXT", 0, 0, &dev,
		    "held-out text to evaluate on", false },
		{ "teacher", 0, OPT_READ, "MODEL", 0, 0, &teacher,
		    "learn from it too", false },
	};
	struct opt table[JOB_ROWS];
	struct opt_program program = { "train an encoder on plain text",
		"-i MODEL -o MODEL [-r RECIPE] [--dev TEXT] [TEXT...]", table,
		0, 0, (size_t)-1 };
	size_t texts;

	die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
	thread_settle(argv);
	process_join();
	recipe_start(&job.recipe);
	job.recipe.optimizer = ADAMW;
	job.recipe.learning_rate = 1e-3;
	job.recipe.batch_size = 64;
	job.recipe.epochs = 10;
	job.recipe.max_length = 128;
	program.count = job_options(&job, table, own, 2, RECIPE_PRETRAIN);
	model_version(argc, argv);
	texts = opt_parse(&program, argc, argv);
	job_resolve(&job, &program);
	check_teaching(&job.recipe, teacher != NULL);
	if (job.recipe.mix.kind == MIX_UNCERTAINTY)
		die_usage("--mix: uncertainty belongs to task heads");
	pretrain_run(&(struct pretrain_job){ .common = &job,
	    .teacher = teacher,
	    .text = texts > 0 ? (const char *const *)argv + 1 : standard_input,
	    .text_count = texts > 0 ? texts : 1,
	    .dev = dev });
	file_finish();
	return 0;
}
