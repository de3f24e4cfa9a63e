/*
 * glue-score: GLUE's metrics, the GLUE score, comparisons of systems and the
 * files for GLUE's server.
 */
#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "corpus/task.h"
#include "data/about.h"
#include "score/compare.h"
#include "score/comparison.h"
#include "score/confusion.h"
#include "score/figures.h"
#include "score/glue.h"
#include "score/gold.h"
#include "score/measure.h"
#include "score/scores.h"
#include "score/submit.h"

struct settings {
	const char *task, *tasks, *metrics, *split, *submit, *out;
	bool classes, intervals, confusion, glue, compare, seeds, holm, partial;
	bool json;
	long long resamples, seed;
	struct resampling how; /* with both of them */
	double threshold;
};

static void
score(const struct settings *set, const struct gold *gold,
    const struct figures *f, const char *const *pred, size_t n)
{
	struct scores s = { 0 };

	if (set->intervals)
		measure_intervals(&s, gold, f, pred[0], &set->how);
	else
		measure_scores(&s, gold, f, pred, n);
	scores_save(set->out, &s, set->json);
	scores_free(&s);
}

/* second: how many operands stood after "--". */
static void
compare(const struct settings *set, const struct gold *gold,
    const struct figures *f, const char *const *pred, size_t n, size_t second)
{
	struct comparisons c = { 0 };

	if (set->seeds)
		compare_seeds(&c, gold, f, pred, n - second, pred + n - second,
		    second, &set->how);
	else
		compare_runs(&c, gold, f, pred[0], pred[1], &set->how);
	comparisons_save(set->out, &c, set->how.level, set->json);
	comparisons_free(&c);
}

static void
with_gold(const struct settings *set, const char *const *operand, size_t n,
    size_t second)
{
	struct task *task = gold_task(operand[0], set->task, set->tasks);
	struct figures f = figures_choose(task, set->metrics, set->classes);
	struct gold *gold = gold_read(operand[0], task, set->threshold);

	if (set->confusion)
		confusion_write(set->out, gold, operand[1], set->json);
	else if (set->compare)
		compare(set, gold, &f, operand + 1, n - 1, second);
	else
		score(set, gold, &f, operand + 1, n - 1);
	gold_free(gold);
	figures_free(&f);
	task_free(task);
}

static void
glue(const struct settings *set, const char *const *operand, size_t n)
{
	struct scores in = { 0 }, s = { 0 };
	char *missing;

	for (size_t i = 0; i < n; i++)
		scores_read_all(&in, operand[i]);
	missing = glue_score(&s, &in, set->split, set->partial);
	if (missing != NULL)
		s.meta = mem_printf("missing=%s", missing);
	scores_save(set->out, &s, set->json);
	free(missing);
	scores_free(&s);
	scores_free(&in);
}

static void
holm(const struct settings *set, const char *const *operand, size_t n)
{
	struct comparisons c = { 0 };

	for (size_t i = 0; i < n; i++)
		comparisons_read(&c, operand[i]);
	comparisons_adjust(&c);
	comparisons_save(set->out, &c, set->how.level, set->json);
	comparisons_free(&c);
}

/* The operands after the first "--", which opt_parse takes away. */
static size_t
after_dashes(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return (size_t)(argc - i - 1);
	return 0;
}

static void
need(bool good, const char *problem)
{
	if (!good)
		die_usage("%s", problem);
}

/* n operands, second of them after "--". */
static void
check_usage(const struct settings *set, size_t n, size_t second)
{
	bool task = set->task != NULL, submit = set->submit != NULL;
	bool figures = set->metrics != NULL || set->classes || set->intervals;

	need(task + set->glue + set->holm + submit == 1,
	    "give one of -t TASK (no file names one), --glue, --holm, "
	    "--submit");
	need(!set->compare || task, "--compare needs -t TASK");
	need(!set->seeds || set->compare, "--seeds goes with --compare");
	need(set->split == NULL || set->glue, "--split goes with --glue");
	need(!set->partial || set->glue || submit,
	    "--partial goes with --glue or --submit");
	need(task || !(figures || set->confusion),
	    "--metrics, --classes, --intervals, --confusion need -t TASK");
	need(!set->compare || !(set->classes || set->intervals),
	    "--compare goes without --classes and --intervals");
	need(!set->confusion || !(figures || set->compare),
	    "--confusion is a table of its own");
	need(!task || n >= 2, "-t needs GOLD and at least one PRED");
	need(!(set->confusion || set->intervals) || n == 2,
	    "--confusion and --intervals need GOLD and one PRED");
	need(!set->compare || set->seeds || n == 3, "--compare needs GOLD A B");
	need(!set->seeds || (second > 0 && second + 2 <= n),
	    "--compare --seeds needs GOLD A... -- B...");
	need(!submit || (set->out == NULL && !set->json),
	    "--submit writes into its own folder, not to -o or as --json");
}

int
main(int argc, char **argv)
{
	struct settings set = { .resamples = 10000,
		.seed = 1,
		.how.level = 0.95,
		.threshold = -1 };
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &set.task,
		    "the task, where no file says which", 0 },
		{ "tasks", 0, OPT_READ, "FILE", 0, 0, &set.tasks,
		    "look for the task in these definitions first", 0 },
		{ "metrics", 0, OPT_STRING, "LIST", 0, 0, &set.metrics,
		    "with -t: these metrics, or all", 0 },
		{ "classes", 0, OPT_FLAG, NULL, 0, 0, &set.classes,
		    "with -t: precision, recall, F1, support too", 0 },
		{ "intervals", 0, OPT_FLAG, NULL, 0, 0, &set.intervals,
		    "with -t: the bootstrap's interval of each", 0 },
		{ "confusion", 0, OPT_FLAG, NULL, 0, 0, &set.confusion,
		    "with -t: gold by predicted label", 0 },
		{ "threshold", 0, OPT_REAL, "T", 0, 1, &set.threshold,
		    "multilabel: labels of this probability apply", 0 },
		{ "glue", 0, OPT_FLAG, NULL, 0, 0, &set.glue,
		    "the GLUE score from tables of scores", 0 },
		{ "split", 's', OPT_STRING, "SPLIT", 0, 0, &set.split,
		    "with --glue: rows of this split alone", 0 },
		{ "partial", 0, OPT_FLAG, NULL, 0, 0, &set.partial,
		    "go on where tasks are missing", 0 },
		{ "compare", 0, OPT_FLAG, NULL, 0, 0, &set.compare,
		    "with -t: test whether B is better than A", 0 },
		{ "seeds", 0, OPT_FLAG, NULL, 0, 0, &set.seeds,
		    "with --compare: runs of several seeds a side", 0 },
		{ "resamples", 0, OPT_INT, "N", 1, 1e8, &set.resamples,
		    "draws of random tests and intervals", 0 },
		{ "seed", 0, OPT_INT, "N", 0, 1e18, &set.seed,
		    "seed of these draws", 0 },
		{ "level", 0, OPT_REAL, "P", 0.5, 0.999999, &set.how.level,
		    "confidence: p up to 1 - P is significant", 0 },
		{ "holm", 0, OPT_FLAG, NULL, 0, 0, &set.holm,
		    "adjust the p of tables of comparisons", 0 },
		{ "submit", 0, OPT_STRING, "OUTDIR", 0, 0, &set.submit,
		    "write the files for GLUE's server", 0 },
		{ "json", 0, OPT_FLAG, NULL, 0, 0, &set.json,
		    "a JSON array of the table's rows", 0 },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &set.out,
		    "write there, whole or not at all", 0 },
	};
	const struct opt_program program = {
		"score and compare predictions with GLUE's metrics",
		"-t TASK GOLD PRED... | --glue SCORES... |\n"
		"\t--intervals|--confusion -t TASK GOLD PRED |\n"
		"\t--compare -t TASK GOLD A B |\n"
		"\t--compare --seeds -t TASK GOLD A... -- B... |\n"
		"\t--holm COMPARISONS... | --submit OUTDIR PRED...",
		table, sizeof(table) / sizeof(table[0]), 1, (size_t)-1
	};
	const char *const *operand = (const char *const *)argv + 1;
	size_t n, second;

	die_program(argv[0]);
	second = after_dashes(argc, argv);
	n = opt_parse(&program, argc, argv);
	if (!set.glue && !set.holm && set.submit == NULL && set.task == NULL)
		set.task = about_task(operand, n);
	check_usage(&set, n, second);
	if (set.task != NULL)
		apart_once(operand, n, "it would count as two runs");
	set.how.resamples = (size_t)set.resamples;
	set.how.seed = (uint64_t)set.seed;
	if (set.glue)
		glue(&set, operand, n);
	else if (set.holm)
		holm(&set, operand, n);
	else if (set.submit != NULL)
		submit_write(set.submit, operand, n, set.partial);
	else
		with_gold(&set, operand, n, second);
	file_finish();
	return 0;
}
