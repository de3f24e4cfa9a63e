/*
 * glue-score: GLUE's metrics, the GLUE score, comparisons of systems and the
 * files for GLUE's server.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "corpus/task.h"
#include "score/compare.h"
#include "score/comparison.h"
#include "score/glue.h"
#include "score/gold.h"
#include "score/measure.h"
#include "score/scores.h"
#include "score/submit.h"

struct settings {
	const char *task, *tasks, *split, *submit, *out;
	bool glue, compare, seeds, holm, partial;
	long long resamples, seed;
	double level;
};

static void
write_scores(
    const struct settings *set, const struct scores *s, const char *meta)
{
	struct file_out *out = file_write(set->out);

	scores_write(out->stream, s, meta);
	file_commit(out);
}

static void
write_comparisons(
    const struct settings *set, const struct comparisons *c, const char *meta)
{
	struct file_out *out = file_write(set->out);

	comparisons_write(out->stream, c, set->level, meta);
	file_commit(out);
}

static void
score(const struct settings *set, const struct gold *gold,
    const char *const *pred, size_t n)
{
	struct scores s = { 0 };

	measure_scores(&s, gold, pred, n);
	write_scores(set, &s, NULL);
	scores_free(&s);
}

/* second: how many operands stood after "--". */
static void
compare(const struct settings *set, const struct gold *gold,
    const char *const *pred, size_t n, size_t second)
{
	const struct compare_settings how = { (size_t)set->resamples,
		set->level, (uint64_t)set->seed };
	struct comparisons c = { 0 };
	char *meta = NULL;

	if (set->seeds) {
		compare_seeds(&c, gold, pred, n - second, pred + n - second,
		    second, &how);
	} else {
		compare_runs(&c, gold, pred[0], pred[1], &how);
		meta = mem_printf(
		    "resamples=%lld seed=%lld", set->resamples, set->seed);
	}
	write_comparisons(set, &c, meta);
	free(meta);
	comparisons_free(&c);
}

static void
with_gold(const struct settings *set, const char *const *operand, size_t n,
    size_t second)
{
	struct task *task = task_find(set->task, set->tasks);
	struct gold *gold = gold_read(operand[0], task);

	if (set->compare)
		compare(set, gold, operand + 1, n - 1, second);
	else
		score(set, gold, operand + 1, n - 1);
	gold_free(gold);
	task_free(task);
}

static void
glue(const struct settings *set, const char *const *operand, size_t n)
{
	struct scores in = { 0 }, s = { 0 };
	char *missing, *meta = NULL;

	for (size_t i = 0; i < n; i++)
		if (file_is_directory(operand[i]))
			scores_read_directory(&in, operand[i]);
		else
			scores_read(&in, operand[i]);
	missing = glue_score(&s, &in, set->split, set->partial);
	if (missing != NULL)
		meta = mem_printf("missing=%s", missing);
	write_scores(set, &s, meta);
	free(meta);
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
	write_comparisons(set, &c, NULL);
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

/* n operands, second of them after "--". */
static void
check_usage(const struct settings *set, size_t n, size_t second)
{
	if ((set->task != NULL) + set->glue + set->holm +
		(set->submit != NULL) !=
	    1)
		die_usage("give one of -t TASK, --glue, --holm, --submit");
	if (set->compare && set->task == NULL)
		die_usage("--compare needs -t TASK");
	if (set->seeds && !set->compare)
		die_usage("--seeds goes with --compare");
	if (set->split != NULL && !set->glue)
		die_usage("--split goes with --glue");
	if (set->partial && !set->glue && set->submit == NULL)
		die_usage("--partial goes with --glue or --submit");
	if (set->task != NULL && n < 2)
		die_usage("-t needs GOLD and at least one PRED");
	if (set->compare && !set->seeds && n != 3)
		die_usage("--compare needs GOLD A B");
	if (set->seeds && (second == 0 || second + 2 > n))
		die_usage("--compare --seeds needs GOLD A... -- B...");
	if (set->submit != NULL && set->out != NULL)
		die_usage("--submit writes into its own folder, not to -o");
}

int
main(int argc, char **argv)
{
	struct settings set = { .resamples = 10000, .seed = 1, .level = 0.95 };
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &set.task,
		    "score predictions of this task", 0 },
		{ "tasks", 0, OPT_READ, "FILE", 0, 0, &set.tasks,
		    "look for the task in these definitions first", 0 },
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
		    "draws of the random tests", 0 },
		{ "seed", 0, OPT_INT, "N", 0, 1e18, &set.seed,
		    "seed of the random tests", 0 },
		{ "level", 0, OPT_REAL, "P", 0.5, 0.999999, &set.level,
		    "confidence: p up to 1 - P is significant", 0 },
		{ "holm", 0, OPT_FLAG, NULL, 0, 0, &set.holm,
		    "adjust the p of tables of comparisons", 0 },
		{ "submit", 0, OPT_STRING, "OUTDIR", 0, 0, &set.submit,
		    "write the files for GLUE's server", 0 },
		{ "output", 'o', OPT_WRITE, "FILE", 0, 0, &set.out,
		    "write there, whole or not at all", 0 },
	};
	const struct opt_program program = {
		"score and compare predictions with GLUE's metrics",
		"-t TASK GOLD PRED... | --glue SCORES... |\n"
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
	check_usage(&set, n, second);
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
