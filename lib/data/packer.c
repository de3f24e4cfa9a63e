#include "data/packer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "base/tsv.h"
#include "corpus/labelset.h"
#include "corpus/numbering.h"
#include "data/pack.h"
#include "data/sequence.h"

/* What the tokens are ids of. */
struct facts {
	const char *vocab; /* 64 hexadecimal digits */
	bool cased;
	int32_t cls, sep;
};

struct packer {
	const struct task *task;
	struct example_table *table;
	const struct tsv *tsv; /* below it */
	const char *path;      /* of the table, for messages */
	struct pack_writer *writer;
	struct sequence_form form;
	struct sequence_text a, b;
	struct sequence row;
	struct numbering *groups; /* where they are names */
	bool numbered;		  /* where they are numbers */
	long long group;	  /* of the row before */
	uint8_t *applies;	  /* multilabel: [classes] of the row */
	size_t ids;		  /* token ids are below it */
	size_t rows, truncated;
};

/* A key of the provenance line must agree, where it is there. */
static void
check_meta(const struct packer *p, const char *key, const char *want)
{
	const char *got = tsv_meta(p->tsv, key);

	if (got != NULL && strcmp(got, want) != 0)
		die_at(p->path, 0, "%s=%s in the provenance line, expected %s",
		    key, got, want);
}

static const char *
need_meta(const struct packer *p, const char *key)
{
	const char *value = tsv_meta(p->tsv, key);

	if (value == NULL)
		die_at(p->path, 0,
		    "no %s= in the provenance line, as wp-tokenize writes it; "
		    "-v names the vocabulary instead",
		    key);
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

static struct facts
facts_of_table(const struct packer *p)
{
	struct facts f = { .vocab = need_meta(p, "vocab") };
	const char *letter_case = need_meta(p, "case");
	int cased = text_word_find(vocab_cases, letter_case);

	f.cls = need_id(p, "cls");
	f.sep = need_id(p, "sep");
	if (!digest_is_hex(f.vocab))
		die_at(p->path, 0, "vocab=%s, expected 64 hexadecimal digits",
		    f.vocab);
	if (cased < 0)
		die_at(p->path, 0, "case=%s, expected %s", letter_case,
		    text_word_list(vocab_cases));
	f.cased = cased != 0;
	return f;
}

static struct facts
facts_of_vocab(const struct packer *p, const struct vocab *v)
{
	struct facts f = { v->digest, v->cased, v->special[VOCAB_CLS],
		v->special[VOCAB_SEP] };
	char *letter_case = text_word(vocab_cases, v->cased);
	char *cls = mem_printf("%ld", (long)f.cls);
	char *sep = mem_printf("%ld", (long)f.sep);

	check_meta(p, "vocab", f.vocab);
	check_meta(p, "case", letter_case);
	free(letter_case);
	check_meta(p, "cls", cls);
	check_meta(p, "sep", sep);
	free(cls);
	free(sep);
	return f;
}

static void
check_columns(const struct packer *p)
{
	bool ranking = p->task->labels.type == TASK_RANKING;

	if (example_has_text_b(p->table) != p->task->pair)
		die_at(p->path, 0, "%s column text_b, but task %s is of %s",
		    p->task->pair ? "no" : "a", p->task->name,
		    p->task->pair ? "pairs" : "single texts");
	if (example_has_group(p->table) != ranking)
		die_at(p->path, 0, "%s column group, but task %s is %s",
		    ranking ? "no" : "a", p->task->name,
		    labels_type_name(p->task->labels.type));
}

struct packer *
packer_create(const char *out, struct example_table *table,
    const struct packer_settings *s)
{
	struct packer *p = mem_zero(1, sizeof(*p));
	struct pack_head head = { .task = s->task->name, .split = s->split };
	struct facts facts;

	p->task = s->task;
	p->table = table;
	p->tsv = example_tsv(table);
	p->path = tsv_path(p->tsv);
	p->groups = numbering_new();
	p->applies = mem_zero(p->task->labels.classes + 1, sizeof(*p->applies));
	check_meta(p, "task", s->task->name);
	check_meta(p, "split", s->split);
	check_columns(p);
	facts =
	    s->vocab != NULL ? facts_of_vocab(p, s->vocab) : facts_of_table(p);
	p->ids = s->vocab != NULL ? s->vocab->size : (size_t)INT32_MAX + 1;
	p->form = (struct sequence_form){ facts.cls, facts.sep, s->max_length,
		s->reversed };
	head.head = p->task->head;
	head.labels = p->task->labels;
	head.vocab = facts.vocab;
	head.cased = facts.cased;
	head.reversed = s->reversed;
	head.max_length = s->max_length;
	head.metrics = p->task->metrics;
	head.metric = (const char *const *)p->task->metric;
	p->writer = pack_create(out, &head);
	return p;
}

static float
label_of(const struct packer *p, const struct example *e)
{
	const struct task *t = p->task;
	double score;
	int class;

	if (example_is_unlabelled(e))
		return NAN;
	if (t->labels.type == TASK_REGRESSION) {
		if (strlen(e->label.at) != e->label.size ||
		    !num_real(e->label.at, t->low, t->high, &score))
			die_at(p->path, e->line,
			    "id %s: score '%s', expected a number from %g to "
			    "%g, or -",
			    e->id.at, e->label.at, t->low, t->high);
		return (float)score;
	}
	if ((class = task_class(t, e->label.at, e->label.size)) < 0)
		die_at(p->path, e->line,
		    "id %s: label '%s', expected one of %s, or -%s", e->id.at,
		    e->label.at, labels_list(&t->labels),
		    labels_near(&t->labels, e->label.at));
	return (float)class;
}

/* The labels of a row; NULL: it is unlabelled. */
static const uint8_t *
set_of(struct packer *p, const struct example *e)
{
	struct example_text unknown;

	if (example_is_unlabelled(e))
		return NULL;
	if (!labelset_read(p->applies, p->task, e->label, &unknown))
		die_at(p->path, e->line,
		    "id %s: label '%.*s', expected some of %s, joined by "
		    "commas, or -",
		    e->id.at, (int)unknown.size, unknown.at,
		    labels_list(&p->task->labels));
	return p->applies;
}

/*
 * Candidates of one group stand together.  Numbers are kept, so that subsets
 * agree with the whole; names are numbered as they appear.
 */
static int32_t
group_of(struct packer *p, const struct example *e)
{
	long long number;

	if (p->task->labels.type != TASK_RANKING)
		return 0;
	if (p->rows == 0)
		p->numbered = num_int(e->group.at, 0, INT32_MAX, &number);
	if (!p->numbered)
		number = (long long)numbering_of(
		    p->groups, e->group.at, e->group.size);
	else if (!num_int(e->group.at, 0, INT32_MAX, &number))
		die_at(p->path, e->line,
		    "id %s: group '%s', expected a number as in the rows "
		    "before",
		    e->id.at, e->group.at);
	if (number < p->group)
		die_at(p->path, e->line,
		    "id %s: group '%s' %s: the rows of a group must stand "
		    "together",
		    e->id.at, e->group.at,
		    p->numbered ? "is below the one before" : "comes back");
	p->group = number;
	return (int32_t)number;
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
	for (size_t i = 0; i < ids->count; i++)
		if ((size_t)ids->id[i] >= p->ids)
			die_at(p->path, e->line,
			    "id %s: %s: token id %ld, expected one below %zu, "
			    "the size of the vocabulary",
			    e->id.at, column, (long)ids->id[i], p->ids);
}

static void
add(struct packer *p, const struct example *e)
{
	const struct sequence *s = &p->row;

	if (p->task->labels.type == TASK_MULTILABEL)
		pack_add_set(p->writer, e->id.at, s->token, s->count,
		    s->segment_a, set_of(p, e), s->truncated);
	else
		pack_add(p->writer, e->id.at, s->token, s->count, s->segment_a,
		    label_of(p, e), group_of(p, e), s->truncated);
}

bool
packer_next(struct packer *p)
{
	bool pair = p->task->pair;
	struct example e;

	if (!example_next(p->table, &e))
		return false;
	if (e.id.size == 0 || strlen(e.id.at) != e.id.size)
		die_at(p->path, e.line, "the id is empty or holds a NUL");
	parse_text(p, &e, &e.text_a, "text_a", &p->a);
	if (pair)
		parse_text(p, &e, &e.text_b, "text_b", &p->b);
	sequence_build(&p->row, &p->a, pair ? &p->b : NULL, &p->form);
	add(p, &e);
	p->truncated += p->row.truncated;
	p->rows++;
	return true;
}

void
packer_commit(struct packer *p)
{
	if (p->rows == 0)
		die("%s: no row below the header", p->path);
	pack_commit(p->writer);
	if (p->truncated > 0)
		note("%s: %zu of %zu row%s cut to %zu token%s", p->path,
		    p->truncated, p->rows, num_s(p->rows), p->form.max_length,
		    num_s(p->form.max_length));
	numbering_free(p->groups);
	free(p->a.id);
	free(p->b.id);
	free(p->row.token);
	free(p->applies);
	free(p);
}
