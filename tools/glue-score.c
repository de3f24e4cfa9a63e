/*
 * glue-score: GLUE's metrics, the GLUE score, seeds.
 */
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "corpus/task.h"
#include "score/glue.h"
#include "score/gold.h"
#include "score/measure.h"
#include "score/scores.h"

static struct {
	const char *task, *tasks, *split, *out;
	bool glue, partial;
} set;

static struct opt table[] = {
	{ "task", 't', OPT_STRING, "TASK", 0, 0, &set.task,
	    "score predictions of this task", 0 },
	{ "tasks", 0, OPT_STRING, "FILE", 0, 0, &set.tasks,
	    "task definitions of one's own", 0 },
	{ "glue", 0, OPT_FLAG, NULL, 0, 0, &set.glue,
	    "the GLUE score from tables of scores", 0 },
	{ "partial", 0, OPT_FLAG, NULL, 0, 0, &set.partial,
	    "go on where tasks are missing, and say which", 0 },
	{ "split", 's', OPT_STRING, "SPLIT", 0, 0, &set.split,
	    "with --glue: rows of this split alone", 0 },
	{ "output", 'o', OPT_STRING, "FILE", 0, 0, &set.out,
	    "write there, whole or not at all", 0 },
};

static const struct opt_program program = {
	.purpose = "score predictions with GLUE's metrics",
	.synopsis = "-t TASK GOLD PRED... | --glue SCORES...",
	.table = table,
	.count = sizeof(table) / sizeof(table[0]),
	.min_operands = 1,
	.max_operands = (size_t)-1,
};

static void
write_scores(const struct scores *s, const char *meta)
{
	struct file_out *out = file_write(set.out);

	scores_write(out->stream, s, meta);
	file_commit(out);
}

static void
score(char **operand, size_t n)
{
	struct scores s = { 0 };
	struct task *task;
	struct gold *gold;

	if (n < 2)
		die_usage("-t needs GOLD and at least one PRED");
	task = task_find(set.task, set.tasks);
	gold = gold_read(operand[0], task);
	measure_scores(&s, gold, (const char *const *)operand + 1, n - 1);
	write_scores(&s, NULL);
	scores_free(&s);
	gold_free(gold);
	task_free(task);
}

static void
glue(char **operand, size_t n)
{
	struct scores in = { 0 }, s = { 0 };
	char *missing, *meta = NULL;

	for (size_t i = 0; i < n; i++)
		if (file_is_directory(operand[i]))
			scores_read_directory(&in, operand[i]);
		else
			scores_read(&in, operand[i]);
	missing = glue_score(&s, &in, set.split, set.partial);
	if (missing != NULL)
		meta = mem_printf("missing=%s", missing);
	write_scores(&s, meta);
	free(meta);
	free(missing);
	scores_free(&s);
	scores_free(&in);
}

int
main(int argc, char **argv)
{
	size_t n;

	die_program(argv[0]);
	n = opt_parse(&program, argc, argv);
	if ((set.task != NULL) == set.glue)
		die_usage("give either -t TASK or --glue");
	if (set.glue)
		glue(argv + 1, n);
	else
		score(argv + 1, n);
	file_finish();
	return 0;
}
