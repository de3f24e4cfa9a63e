/*
 * glue-pack: a table of tokens becomes a pack, the rows of one task and split
 * as the network takes them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/tsv.h"
#include "corpus/example.h"
#include "corpus/group.h"
#include "corpus/task.h"
#include "data/pack.h"
#include "data/sequence.h"

struct settings {
	const char *task, *split, *tasks, *out, *path;
	long long max_length;
	int order; /* 0 ab, 1 ba */
};

struct packer {
	struct task *task;
	struct example_table *table;
	const char *path; /* of the table, for messages */
	struct sequence_form form;
	struct sequence_text a, b;
	struct sequence row;
	struct group_table *groups;
	size_t rows, truncated;
};

static void
parse(struct settings *s, int argc, char **argv)
{
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &s->task,
		    "the task", false },
		{ "split", 's', OPT_STRING, "SPLIT", 0, 0, &s->split,
		    "the split, any word", false },
		{ "max-length", 'L', OPT_INT, "N", 4, 1000000, &s->max_length,
		    "cut rows to N tokens", false },
		{ "order", 0, OPT_WORD, "ab|ba", 0, 0, &s->order,
		    "ba: text_b stands first", false },
		{ "tasks", 0, OPT_STRING, "FILE", 0, 0, &s->tasks,
		    "definitions of your own tasks", false },
		{ "out", 'o', OPT_STRING, "OUT.st", 0, 0, &s->out,
		    "the pack to write", false },
	};
	struct opt_program program = { "a table of tokens becomes a pack",
		"-t TASK -s SPLIT -o OUT.st [options] [FILE]", table,
		sizeof(table) / sizeof(table[0]), 0, 1 };

	s->path = opt_parse(&program, argc, argv) > 0 ? argv[1] : "-";
	if (s->task == NULL || s->split == NULL || s->out == NULL)
		die_usage("-t TASK, -s SPLIT and -o OUT.st are needed");
	if (!task_name_is_good(s->split))
		die_usage("-s: '%s' cannot name a split", s->split);
}

/* A value of the provenance line, which must be there. */
static const char *
need_meta(const struct packer *p, const char *key)
{
	const char *value = tsv_meta(example_tsv(p->table), key);

	if (value == NULL)
		die_at(p->path, 0, "no %s= in the provenance line, which "
				   "wp-tokenize writes", key);
	return value;
}

static int32_t
need_id(const struct packer *p, const char *key)
{
	const char *text = need_meta(p, key);
	long long id;

	if (!num_int(text, 0, INT32_MAX, &id))
		die_at(p->path, 0, "%s=%s, expected a token id", key, text);
	return (int32_t)id;
}

static void
check_meta(const struct packer *p, const char *key, const char *want)
{
	const char *got = tsv_meta(example_tsv(p->table), key);

	if (got != NULL && strcmp(got, want) != 0)
		die_at(p->path, 0, "%s=%s in the provenance line, expected %s",
		    key, got, want);
}

static void
check_columns(const struct packer *p)
{
	bool ranking = p->task->type == TASK_RANKING;

	if (example_has_text_b(p->table) != p->task->pair)
		die_at(p->path, 0, "%s column text_b, but task %s is of %s",
		    p->task->pair ? "no" : "a", p->task->name,
		    p->task->pair ? "pairs" : "single texts");
	if (example_has_group(p->table) != ranking)
		die_at(p->path, 0, "%s column group, but task %s is %s",
		    ranking ? "no" : "a", p->task->name,
		    task_type_name(p->task->type));
}

static struct pack_writer *
start(struct packer *p, const struct settings *s)
{
	const char *vocab, *letter_case;
	struct pack_head head = { .task = s->task, .split = s->split };

	check_meta(p, "task", s->task);
	check_meta(p, "split", s->split);
	check_columns(p);
	vocab = need_meta(p, "vocab");
	if (strlen(vocab) != 64 || vocab[strspn(vocab, "0123456789abcdef")])
		die_at(p->path, 0, "vocab=%s, expected 64 hexadecimal digits",
		    vocab);
	letter_case = need_meta(p, "case");
	if (strcmp(letter_case, "keep") != 0 &&
	    strcmp(letter_case, "lower") != 0)
		die_at(p->path, 0, "case=%s, expected lower or keep",
		    letter_case);
	p->form = (struct sequence_form){ need_id(p, "cls"), need_id(p, "sep"),
		(size_t)s->max_length, s->order == 1 };
	head.head = p->task->head;
	head.type = p->task->type;
	head.classes = p->task->classes;
	head.labels = (const char *const *)p->task->labels;
	head.vocab = vocab;
	head.cased = letter_case[0] == 'k';
	head.reversed = p->form.reversed;
	head.max_length = p->form.max_length;
	return pack_create(s->out, &head);
}

static float
label_of(const struct packer *p, const struct example *e)
{
	const struct task *t = p->task;
	double score;
	int class;

	if (example_is_unlabelled(e))
		return NAN;
	if (t->type == TASK_REGRESSION) {
		if (strlen(e->label.at) != e->label.size ||
		    !num_real(e->label.at, t->low, t->high, &score))
			die_at(p->path, e->line, "id %s: score '%s', expected "
			    "a number from %g to %g, or -", e->id.at,
			    e->label.at, t->low, t->high);
		return (float)score;
	}
	if ((class = task_class(t, e->label.at, e->label.size)) < 0)
		die_at(p->path, e->line, "id %s: label '%s', expected one of "
		    "%s, or -", e->id.at, e->label.at, task_labels(t));
	return (float)class;
}

static void
parse_text(const struct packer *p, const struct example *e,
    const struct example_text *text, const char *column,
    struct sequence_text *ids)
{
	char *problem = sequence_parse(ids, text->at, text->size);

	if (problem != NULL)
		die_at(p->path, e->line, "id %s: %s: %s", e->id.at, column,
		    problem);
}

/* Candidates of one group must stand together: no old group comes back. */
static int32_t
group_of(struct packer *p, const struct example *e)
{
	size_t before = group_count(p->groups), number;

	if (p->task->type != TASK_RANKING)
		return 0;
	number = group_number(p->groups, e->group.at, e->group.size);
	if (number + 1 < before)
		die_at(p->path, e->line, "id %s: group '%s' comes back: its "
		    "rows must stand together", e->id.at, e->group.at);
	return (int32_t)number;
}

static void
add_row(struct packer *p, struct pack_writer *w, const struct example *e)
{
	if (e->id.size == 0 || strlen(e->id.at) != e->id.size)
		die_at(p->path, e->line, "the id is empty or holds a NUL");
	parse_text(p, e, &e->text_a, "text_a", &p->a);
	if (p->task->pair)
		parse_text(p, e, &e->text_b, "text_b", &p->b);
	sequence_build(&p->row, &p->a, p->task->pair ? &p->b : NULL, &p->form);
	pack_add(w, e->id.at, p->row.token, p->row.count, p->row.split,
	    label_of(p, e), group_of(p, e), p->row.truncated);
	p->truncated += p->row.truncated;
	p->rows++;
}

static void
finish(struct packer *p)
{
	if (p->truncated > 0)
		note("%s: %zu of %zu rows cut to %zu tokens", p->path,
		    p->truncated, p->rows, p->form.max_length);
	example_close(p->table);
	group_free(p->groups);
	task_free(p->task);
	free(p->a.id);
	free(p->b.id);
	free(p->row.token);
}

int
main(int argc, char **argv)
{
	struct settings s = { .max_length = 512 };
	struct packer p = { 0 };
	struct pack_writer *w;
	struct example e;

	die_program(argv[0]);
	parse(&s, argc, argv);
	p.task = task_find(s.task, s.tasks);
	p.table = example_open(s.path, "tokens");
	p.path = tsv_path(example_tsv(p.table));
	p.groups = group_create();
	w = start(&p, &s);
	while (example_next(p.table, &e))
		add_row(&p, w, &e);
	pack_commit(w);
	finish(&p);
	file_finish();
	return 0;
}
