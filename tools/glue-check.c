/*
 * glue-check: what a careful person looks at first in a task's tables of
 * examples, before anything is trained on them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/opt.h"
#include "curate/datacheck.h"
#include "curate/datafacts.h"
#include "corpus/task.h"
#include "corpus/vocab.h"
#include "data/about.h"
#include "model/config.h"

struct settings {
	const char *task, *tasks, *vocab, *out;
	bool cased, strict;
	size_t tables;
};

static void
parse(struct settings *s, int argc, char **argv)
{
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &s->task,
		    "the task, where no table says which", false },
		{ "tasks", 0, OPT_STRING, "FILE", 0, 0, &s->tasks,
		    "definitions of your own tasks", false },
		{ "vocab", 'v', OPT_STRING, "VOCAB|MODEL", 0, 0, &s->vocab,
		    "count its tokens, against its positions", false },
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &s->cased,
		    "keep case and accents", false },
		{ "strict", 0, OPT_FLAG, NULL, 0, 0, &s->strict,
		    "notes are problems, too", false },
		{ "output", 'o', OPT_STRING, "FILE", 0, 0, &s->out,
		    "write there instead of to stdout", false },
	};
	struct opt_program program = { "looks at a task's data before training",
		"[-t TASK] [-v MODEL] [options] TRAIN [DEV [TEST]]", table,
		sizeof(table) / sizeof(table[0]), 1, DATAFACTS_SPLITS };

	s->tables = opt_parse(&program, argc, argv);
	if (s->task == NULL)
		s->task = about_task((const char *const *)argv + 1, s->tables);
	if (s->task == NULL) {
		kind_refuse_path(argv[1], KIND_EXAMPLES);
		die_usage("-t: which task is it? no table says");
	}
}

/* The positions of a model; 0 for a vocabulary alone. */
static size_t
positions_of(const char *path)
{
	struct config config;
	char *name;
	size_t n = 0;

	if (!file_is_directory(path))
		return 0;
	name = file_join(path, "config.json");
	if (file_exists(name)) {
		config_read(&config, name);
		n = config.positions;
		config_free(&config);
	}
	free(name);
	return n;
}

int
main(int argc, char **argv)
{
	struct settings s = { 0 };
	struct vocab *vocab = NULL;
	struct datafacts *facts;
	struct datacheck found;
	struct file_out *out;
	struct task *task;

	die_program(argv[0]);
	parse(&s, argc, argv);
	task = task_find(s.task, s.tasks);
	if (s.vocab != NULL)
		vocab = vocab_read(s.vocab, s.cased);
	facts = datafacts_new(
	    task, vocab, s.vocab != NULL ? positions_of(s.vocab) : 0);
	for (size_t i = 0; i < s.tables; i++)
		datafacts_read(facts, argv[1 + i]);
	out = file_write(s.out);
	found = datacheck_print(facts, out->stream);
	file_commit(out);
	datafacts_free(facts);
	if (vocab != NULL)
		vocab_free(vocab);
	task_free(task);
	file_finish();
	return found.problems > 0 || (s.strict && found.notes > 0);
}
