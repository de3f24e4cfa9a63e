/*
 * glue-pack: a table of tokens becomes a pack, the rows of one task and split
 * as the network takes them.
 */
#include <stdlib.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/opt.h"
#include "base/tsv.h"
#include "corpus/define.h"
#include "corpus/example.h"
#include "corpus/task.h"
#include "corpus/vocab.h"
#include "data/packer.h"
#include "data/sequence.h"

struct settings {
	const char *task, *split, *tasks, *vocab, *out, *path;
	long long max_length;
	int order; /* 0 ab, 1 ba */
	bool cased;
};

static void
parse(struct settings *s, int argc, char **argv)
{
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &s->task,
		    "the task, where the table does not say", false },
		{ "split", 's', OPT_STRING, "SPLIT", 0, 0, &s->split,
		    "the split, any word, where it does not say", false },
		{ "max-length", 'L', OPT_INT, "N", 4, 1000000, &s->max_length,
		    "cut rows to N tokens", false },
		{ "order", 0, OPT_WORD, sequence_orders, 0, 0, &s->order,
		    "ba: text_b stands first", false },
		{ "tasks", 0, OPT_READ, "FILE", 0, 0, &s->tasks,
		    "definitions of your own tasks", false },
		{ "vocab", 'v', OPT_READ, "VOCAB|MODEL", 0, 0, &s->vocab,
		    "what the tokens are ids of", false },
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &s->cased,
		    "a bare vocab.txt keeps case", false },
		{ "output", 'o', OPT_WRITE, "OUT.st", 0, 0, &s->out,
		    "the pack to write", false },
	};
	struct opt_program program = { "a table of tokens becomes a pack",
		"[-t TASK] [-s SPLIT] -o OUT.st [options] [FILE]", table,
		sizeof(table) / sizeof(table[0]), 0, 1 };

	s->path = opt_parse(&program, argc, argv) > 0 ? argv[1] : "-";
	if (s->out == NULL)
		die_usage("-o OUT.st is needed");
	if (s->cased && s->vocab == NULL)
		die_usage("--cased: of which vocabulary? -v names it");
	if (s->split != NULL && !define_name_is_good(s->split))
		die_usage("-s: '%s' cannot name a split", s->split);
}

/* What the table says need not be given. */
static void
complete(struct settings *s, const struct example_table *table)
{
	const struct tsv *t = example_tsv(table);

	if (s->task == NULL)
		s->task = tsv_meta(t, "task");
	if (s->split == NULL)
		s->split = tsv_meta(t, "split");
	if (s->task == NULL || s->split == NULL)
		die_usage("%s: the first line of %s does not name the %s",
		    s->task == NULL ? "-t TASK" : "-s SPLIT", tsv_path(t),
		    s->task == NULL ? "task" : "split");
	if (!define_name_is_good(s->split))
		die("%s: '%s' cannot name a split", tsv_path(t), s->split);
}

/* A model of one segment cannot tell two texts apart. */
static void
check_segments(const struct settings *s, const struct task *task)
{
	char *path = file_join(s->vocab, "config.json");
	long long types = 2;
	struct conf *c;

	if (task->pair && file_exists(path)) {
		c = conf_read_json(path);
		conf_get_int(path, c, "type_vocab_size", 0, 1 << 24, &types);
		conf_free(c);
	}
	if (types == 1)
		die("%s: task %s is of pairs, but the model has one segment "
		    "(\"type_vocab_size\")",
		    s->vocab, task->name);
	free(path);
}

int
main(int argc, char **argv)
{
	struct settings s = { .max_length = 512 };
	struct packer_settings form = { 0 };
	struct example_table *table;
	struct packer *packer;
	struct vocab *vocab = NULL;
	struct task *task;

	die_program(argv[0]);
	parse(&s, argc, argv);
	table = example_open(s.path, "tokens");
	complete(&s, table);
	task = task_find(s.task, s.tasks);
	if (s.vocab != NULL) {
		check_segments(&s, task);
		vocab = vocab_read(s.vocab, s.cased);
	}
	form.task = task;
	form.vocab = vocab;
	form.split = s.split;
	form.max_length = (size_t)s.max_length;
	form.reversed = s.order == 1;
	packer = packer_create(s.out, table, &form);
	while (packer_next(packer))
		continue;
	packer_commit(packer);
	example_close(table);
	if (vocab != NULL)
		vocab_free(vocab);
	task_free(task);
	file_finish();
	return 0;
}
