#include "curate/taskdraft.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/define.h"
#include "corpus/layout.h"

enum {
	FEW = 20,	   /* labels, which any number of rows may have */
	WIDTH = 72,	   /* columns of a line in a definition */
	LARGE = 1000000000 /* a whole number for a label */
};

static const char *const split_names[] = { "train", "dev", "test",
	"unlabelled" };
enum { SPLITS = 4, FIRST_BLIND = 2 };

/* What headers call the columns of a task that nobody described. */
static const char *const usual[TASK_FIELDS][13] = {
	[TASK_ID] = { "id", "idx", "index", "key", "guid", "uid" },
	[TASK_LABEL] = { "label", "labels", "gold_label", "class", "category",
	    "target" },
	[TASK_TEXT_A] = { "text", "text_a", "text1", "sentence", "sentence1",
	    "premise", "question", "question1", "review", "comment", "content",
	    "message" },
	[TASK_TEXT_B] = { "text_b", "text2", "sentence2", "hypothesis",
	    "question2" },
};

static void
add_word(struct task_words *w, const char *word)
{
	w->word = mem_resize(w->word, w->count + 2, sizeof(*w->word));
	w->word[w->count++] = mem_string(word);
	w->word[w->count] = NULL;
}

struct task *
taskdraft_new(const char *name, const char *path,
    const struct column_choice *choice, bool header, bool multilabel)
{
	struct task *t = mem_zero(1, sizeof(*t));

	t->name = mem_string(name);
	t->title = mem_string(name);
	t->head = mem_string(name);
	t->path = mem_string(path);
	if (multilabel)
		t->labels.type = TASK_MULTILABEL;
	t->pair = choice[TASK_TEXT_B].given && !choice[TASK_TEXT_B].column.none;
	for (int f = 0; f < TASK_FIELDS; f++)
		for (int i = 0; !choice[f].given && usual[f][i] != NULL; i++)
			add_word(&t->names[f], usual[f][i]);
	add_word(&t->no_label, "-");
	t->splits = SPLITS;
	t->split = mem_zero(SPLITS, sizeof(*t->split));
	for (int f = 0; f < TASK_FIELDS; f++)
		if (choice[f].given && choice[f].column.name != NULL)
			add_word(&t->names[f], choice[f].column.name);
	for (int i = 0; i < SPLITS; i++) {
		struct task_split *s = &t->split[i];

		s->name = mem_string(split_names[i]);
		s->header = header;
		s->labelled = i < FIRST_BLIND;
		for (int f = 0; f < TASK_FIELDS; f++)
			s->column[f].number = choice[f].column.number;
		s->column[TASK_LABEL].none = !s->labelled;
	}
	return t;
}

void
taskdraft_settle(struct task *t, const struct columns *found)
{
	for (int f = 0; f < TASK_FIELDS; f++) {
		define_free(t->names[f].word, t->names[f].count);
		t->names[f] = (struct task_words){ 0 };
		if (found->name[f] != NULL)
			add_word(&t->names[f], found->name[f]);
	}
	t->pair = found->at[TASK_TEXT_B] != 0;
}

static int
by_bytes(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static int
by_value(const void *left, const void *right)
{
	long long a = 0, b = 0;

	num_int(*(char *const *)left, -LARGE, LARGE, &a);
	num_int(*(char *const *)right, -LARGE, LARGE, &b);
	return a != b ? (a > b) - (a < b) : by_bytes(left, right);
}

/* Whole numbers, all of them? */
static bool
are_whole(const struct labels *l)
{
	long long value;

	for (size_t i = 0; i < l->classes; i++)
		if (!num_int(l->name[i], -LARGE, LARGE, &value))
			return false;
	return true;
}

static bool
are_numbers(const struct labels *l)
{
	double value;

	for (size_t i = 0; i < l->classes; i++)
		if (!num_real(l->name[i], -1e30, 1e30, &value))
			return false;
	return true;
}

void
taskdraft_label(struct task *t, const struct numbering *labels, size_t rows)
{
	struct labels *l = &t->labels;
	size_t n, which;

	for (size_t i = 0; i < numbering_count(labels); i++) {
		const char *name = numbering_name(labels, i, &n);

		labels_add(l, name, n);
	}
	if (l->classes > FEW && l->classes > rows / 2)
		die("%zu label%s in %zu row%s, such as '%s': is this the "
		    "column of labels?",
		    l->classes, num_s(l->classes), rows, num_s(rows),
		    l->name[0]);
	if (l->classes > FEW && !are_whole(l) && are_numbers(l))
		die("labels are numbers, such as %s: a task of type: "
		    "regression is defined by hand (mtkd-tasks(5))",
		    l->name[0]);
	if (l->classes > 0)
		qsort(l->name, l->classes, sizeof(*l->name),
		    l->type != TASK_MULTILABEL && are_whole(l) ? by_value
							       : by_bytes);
	switch (labels_check(l, &which)) {
	case LABELS_COUNT:
		die("%zu label%s%s%s, expected two or more", l->classes,
		    num_s(l->classes), l->classes == 1 ? ": " : "",
		    l->classes == 1 ? l->name[0] : "");
	case LABELS_NAME:
		if (strchr(l->name[which], ',') != NULL)
			die("label '%s': no label can have this name, for a "
			    "comma stands between labels: --multilabel reads "
			    "several a row; a definition of your own may list "
			    "it with a semicolon (mtkd-tasks(5))",
			    l->name[which]);
		die("label '%s': no label can have this name ('-', 'id' and "
		    "'group' have other meanings)",
		    l->name[which]);
	case LABELS_TWICE:
	case LABELS_GOOD:
		break;
	}
}

/* "key: [...]" or "key: {...}", in lines of some width. */
static void
put_item(struct buf *out, size_t *line, const char *text, bool first)
{
	size_t n = strlen(text);

	if (!first)
		buf_byte(out, ',');
	if (!first && out->size - *line + n + 2 > WIDTH) {
		buf_byte(out, '\n');
		*line = out->size;
		buf_byte(out, ' ');
	}
	if (!first)
		buf_byte(out, ' ');
	buf_text(out, text);
}

static void
put_labels(struct buf *out, const struct labels *l)
{
	size_t line = out->size;

	buf_text(out, "labels: [");
	for (size_t i = 0; i < l->classes; i++) {
		struct buf quoted = { 0 };

		conf_put_json(&quoted, l->name[i]);
		put_item(out, &line, buf_string(&quoted), i == 0);
		buf_free(&quoted);
	}
	buf_text(out, "]\n");
}

/* The columns that have names, or those that have numbers. */
static void
put_columns(struct buf *out, const struct task *t, bool names)
{
	bool first = true;

	for (int f = 0; f < TASK_FIELDS; f++) {
		long long number = t->split[0].column[f].number;

		if (names ? t->names[f].count == 0 : number == 0)
			continue;
		buf_print(out, "%s%s: ", first ? "" : ", ",
		    layout_field_name((enum task_field)f));
		first = false;
		if (names)
			conf_put_json(out, t->names[f].word[0]);
		else
			buf_print(out, "%lld", number);
	}
}

static bool
has_columns(const struct task *t, bool names)
{
	for (int f = 0; f < TASK_FIELDS; f++)
		if (names ? t->names[f].count > 0
			  : t->split[0].column[f].number != 0)
			return true;
	return false;
}

void
taskdraft_write(const struct task *t)
{
	struct file_out *out = file_write(t->path);
	struct buf b = { 0 };

	buf_print(&b,
	    "# Written by glue-read: labels in sorted order.\n"
	    "name: %s\nkind: %s\n",
	    t->name, t->pair ? "pair" : "single");
	if (t->labels.type == TASK_MULTILABEL)
		buf_text(&b, "type: multilabel\n");
	put_labels(&b, &t->labels);
	buf_text(&b, "skip_label: \"-\"\n");
	if (has_columns(t, true)) {
		buf_text(&b, "names: {");
		put_columns(&b, t, true);
		buf_text(&b, "}\n");
	}
	if (has_columns(t, false)) {
		buf_print(&b, "layout: {header: %s, ",
		    t->split[0].header ? "true" : "false");
		put_columns(&b, t, false);
		buf_text(&b, "}\n");
	}
	buf_text(&b, "splits:\n");
	for (size_t i = 0; i < t->splits; i++)
		buf_print(&b, "  %s: {%s}\n", t->split[i].name,
		    t->split[i].labelled ? "" : "label: none");
	fwrite(b.data, 1, b.size, out->stream);
	file_commit(out);
	buf_free(&b);
}
