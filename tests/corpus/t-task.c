/*
 * task: every shipped definition says what the task is in the paper's Table 1,
 * and what is no definition is refused with its line.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"
#include "corpus/define.h"
#include "corpus/task.h"
#include "counted.h"
#include "refused.h"

static const struct known {
	const char *name, *type, *labels, *metrics, *head, *splits;
	bool pair;
} known[] = {
	{ "cola", "classification", "0, 1", "matthews", "cola",
	    "train dev test", false },
	{ "sst2", "classification", "0, 1", "accuracy", "sst2",
	    "train dev test", false },
	{ "mnli", "classification", "contradiction, neutral, entailment",
	    "accuracy", "mnli",
	    "train dev_matched dev_mismatched test_matched test_mismatched",
	    true },
	{ "rte", "classification", "not_entailment, entailment", "accuracy",
	    "rte", "train dev test", true },
	{ "wnli", "classification", "0, 1", "accuracy", "wnli",
	    "train dev test", true },
	{ "qqp", "classification", "0, 1", "accuracy f1", "qqp",
	    "train dev test", true },
	{ "mrpc", "classification", "0, 1", "accuracy f1", "mrpc",
	    "train dev test", true },
	{ "stsb", "regression", "", "pearson spearman", "stsb",
	    "train dev test", true },
	{ "qnli", "classification", "not_entailment, entailment", "accuracy",
	    "qnli", "train dev test", true },
	{ "qnli-rank", "ranking", "not_entailment, entailment", "accuracy",
	    "qnli-rank", "train dev test", true },
	{ "ax", "classification", "contradiction, neutral, entailment",
	    "matthews", "mnli", "test", true },
	{ "snli", "classification", "contradiction, neutral, entailment",
	    "accuracy", "snli", "train dev test", true },
	{ "scitail", "classification", "neutral, entails", "accuracy",
	    "scitail", "train dev test", true },
};

/* Definitions of a task "bad" and what is said of each. */
static const struct bad {
	const char *text, *said;
} bad[] = {
	{ "- labels\n", "this is plain text, expected definitions" },
	{ "labels: [a, b]\n", ":1: no kind" },
	{ "bad: 3\n", ":1: bad: expected a map" },
	{ "bad: {labels: [a, b]}\n", "no kind" },
	{ "kind: single\ntitle: []\n", "title" },
	{ "kind: single\ntitle: ''\n", ":2: title: expected one line" },
	{ "kind: single\ntitle: \"a\\tb\"\n", "title: expected one line" },
	{ "kind: single\nplace: 0\n", "place" },
	{ "kind: triple\n", "kind: 'triple', expected one of single, pair" },
	{ "kind: single\ncolour: red\n", ":2: bad: unknown key 'colour'" },
	{ "kind: single\nlayout: {text_a: 1}\n", "0 labels" },
	{ "kind: single\nlabels: [a, a]\n", ":2: labels: 'a' stands twice" },
	{ "kind: single\nlabels: [a, 'b,c']\n", "'b,c' cannot name a label" },
	{ "kind: single\nlabels: [a, id]\n", "'id' cannot name a label" },
	{ "kind: single\nlabels: [a, '-']\n", "'-' cannot name a label" },
	{ "kind: single\nlabels: [a, [b]]\n", "labels: expected words" },
	{ "kind: single\nlabels: [a, b]\nmetrics: [auc]\n", "'auc'" },
	{ "kind: single\nlabels: [a, b]\nmetrics: [ece]\n",
	    "of ece a higher value is no better one" },
	{ "kind: single\nlabels: [a, b, c]\nmetrics: [f1_best]\n",
	    "f1_best does not suit" },
	{ "kind: single\nlabels: [a, b, c]\nmetrics: [f1]\n",
	    "f1 does not suit classification with 3 labels" },
	{ "kind: single\nlabels: [a, b]\nmetrics: [pearson]\n",
	    "pearson does not suit" },
	{ "kind: single\nlabels: [a, b]\nrange: [0, 1]\n",
	    ":3: a range, expected" },
	{ "kind: single\ntype: regression\n", "no range" },
	{ "kind: single\ntype: regression\nrange: [1, 0]\n",
	    "range: expected" },
	{ "kind: single\ntype: regression\nrange: 5\n", "range: expected" },
	{ "kind: single\nlabels: [a, b]\nhead: a b\n", "cannot name a head" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 0}\n", "column 0" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: []}\n",
	    "expected a column's name" },
	{ "kind: single\nlabels: [a, b]\n", "no column for text_a" },
	{ "kind: pair\nlabels: [a, b]\nlayout: {text_a: 1}\n",
	    "without a column for text_b" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 1, text_b: 2}\n",
	    "with a column for text_b" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 1, group: 2}\n",
	    "only ranking has" },
	{ "kind: single\ntype: ranking\nlabels: [a, b]\nlayout: {text_a: 1}\n",
	    "without a column for group" },
	{ "kind: single\nlabels: [a, b]\nlayout: {header: false, text_a: x}\n",
	    "by name, but header: false" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 3, min_fields: 2}\n",
	    "column 3, but min_fields: 2" },
	{ "kind: single\nlabels: [a, b]\n"
	  "layout: {text_a: 1, min_fields: 3, max_fields: 2}\n",
	    "max_fields below min_fields" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 1, file: x}\n",
	    "file belongs to a split" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 1}\nsplits: {}\n",
	    ":4: splits: expected a map" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 1}\n"
	  "splits: {'a b': {}}\n",
	    "'a b' cannot name a split" },
	{ "kind: single\nlabels: [a, b]\nnames: {text: x}\n",
	    ":3: names: unknown key 'text'" },
	{ "kind: pair\nlabels: [a, b]\nnames: {text_a: x}\n",
	    "without a column for text_b" },
	{ "kind: single\nlabels: [a, b]\nnames: {text_a: [x, x]}\n",
	    "text_a: 'x' stands twice" },
	{ "kind: single\nlabels: [a, b]\naliases: [c]\n"
	  "layout: {text_a: 1}\n",
	    ":3: aliases: expected a map" },
	{ "kind: single\nlabels: [a, b]\naliases: {c: d}\n"
	  "layout: {text_a: 1}\n",
	    "'d' is no label of the task" },
	{ "kind: single\nlabels: [a, b]\naliases: {a: b}\n"
	  "layout: {text_a: 1}\n",
	    "aliases: 'a' is a label itself" },
	{ "kind: single\nlabels: [a, b]\nnumbers: {labels: [b, a]}\n"
	  "layout: {text_a: 1}\n",
	    "numbers: expected labels and told_by" },
	{ "kind: single\nlabels: [a, b]\n"
	  "numbers: {labels: [b, c], told_by: x}\nlayout: {text_a: 1}\n",
	    "'c' is no label of the task" },
	{ "kind: single\nlabels: [a, b]\nlayout: {text_a: 1}\n"
	  "splits: {dev: {short: ignore}}\n",
	    "short: 'ignore', expected one of error, skip" },
};

static void
find_bad(const void *folder)
{
	task_free(task_find("bad", folder));
}

static bool
same_words(char *const *words, size_t n, const char *expected)
{
	char text[256] = "";

	for (size_t i = 0; i < n; i++) {
		strcat(text, i > 0 ? " " : "");
		strcat(text, words[i]);
	}
	return strcmp(text, expected) == 0;
}

static void
check_known(const struct known *k)
{
	struct task *t = task_find(k->name, NULL);
	char *labels = labels_list(&t->labels), *splits[8];

	for (size_t i = 0; i < t->splits; i++)
		splits[i] = t->split[i].name;
	CHECK_NAMED(k->name, strcmp(t->name, k->name) == 0);
	CHECK_NAMED(
	    k->type, strcmp(labels_type_name(t->labels.type), k->type) == 0);
	CHECK_NAMED(k->labels, strcmp(labels, k->labels) == 0);
	CHECK_NAMED(k->head, strcmp(t->head, k->head) == 0);
	CHECK_NAMED(k->metrics, same_words(t->metric, t->metrics, k->metrics));
	CHECK_NAMED(k->splits, same_words(splits, t->splits, k->splits));
	CHECK(t->pair == k->pair);
	for (size_t i = 0; i < t->labels.classes; i++)
		CHECK(task_class(t, t->labels.name[i],
			  strlen(t->labels.name[i])) == (int)i);
	CHECK(task_class(t, "entailment ", 11) == -1);
	CHECK(labels_find(&t->labels, "", 0) == -1);
	free(labels);
	task_free(t);
}

static void
check_layouts(void)
{
	struct task *t;
	const struct task_split *s;

	put_text_file("good.yml",
	    "kind: single\nname: good\nlabels: [a, b]\n"
	    "layout: {text_a: '2', label: none, id: -1}\n");
	t = task_find("good", "good.yml");
	s = task_split_find(t, "whatever");
	CHECK(s->name == NULL && s->header && !s->skip_short);
	CHECK_TEXT(s->column[TASK_TEXT_A].name, "2");
	CHECK(s->column[TASK_LABEL].name == NULL &&
	      s->column[TASK_LABEL].number == 0);
	CHECK(
	    s->column[TASK_ID].name == NULL && s->column[TASK_ID].number == -1);
	CHECK(t->metrics == 1 && strcmp(t->metric[0], "accuracy") == 0);
	task_free(t);
	/* Splits share what the layout says, and own it each. */
	put_text_file("good.yml",
	    "kind: single\nname: good\nlabels: [a, b]\n"
	    "layout: {text_a: text, label: gold, id: key}\n"
	    "splits: {dev: {}, test: {label: none, text_a: 3}}\n");
	t = task_find("good", "good.yml");
	CHECK_TEXT(task_split_find(t, "dev")->column[TASK_TEXT_A].name, "text");
	CHECK_TEXT(task_split_find(t, "dev")->column[TASK_LABEL].name, "gold");
	CHECK_TEXT(task_split_find(t, "test")->column[TASK_ID].name, "key");
	CHECK(task_split_find(t, "test")->column[TASK_TEXT_A].name == NULL);
	CHECK(task_split_find(t, "test")->column[TASK_TEXT_A].number == 3);
	CHECK(task_split_find(t, "test")->column[TASK_LABEL].name == NULL);
	CHECK(task_split_find(t, "dev")->column[TASK_ID].name !=
	      task_split_find(t, "test")->column[TASK_ID].name);
	task_free(t);
	/* Names alone: labels are there unless a split says none. */
	put_text_file("good.yml", "kind: single\nname: good\nlabels: [a, b]\n"
				  "names: {text_a: [x, y], label: z}\n"
				  "splits: {dev: {}, test: {label: none}}\n");
	t = task_find("good", "good.yml");
	CHECK(t->names[TASK_TEXT_A].count == 2);
	CHECK_TEXT(t->names[TASK_TEXT_A].word[1], "y");
	CHECK(task_split_find(t, "dev")->labelled);
	CHECK(!task_split_find(t, "test")->labelled);
	task_free(t);
	t = task_find("snli", NULL);
	CHECK(task_split_find(t, "train")->wide_fields == 15);
	CHECK(t->no_label.count == 2 && t->number.count == 3);
	task_free(t);
	t = task_find("stsb", NULL);
	CHECK(t->low == 0 && t->high == 5 && t->labels.classes == 0);
	CHECK(task_split_find(t, "test")->column[TASK_LABEL].number == 0);
	CHECK(task_split_find(t, "dev")->column[TASK_LABEL].number == 10);
	task_free(t);
	t = task_find("qqp", NULL);
	CHECK(task_split_find(t, "train")->skip_short);
	CHECK(task_split_find(t, "train")->any_width);
	CHECK(!task_split_find(t, "test")->skip_short);
	task_free(t);
}

/* Read a task of so many labels and look each of them up. */
static size_t
comparisons(size_t classes)
{
	struct buf b = { 0 };
	struct task *t;
	bool same = true;

	buf_text(&b, "kind: single\nlayout: {text_a: 1}\nlabels: [");
	for (size_t i = 0; i < classes; i++)
		buf_print(
		    &b, "%sl%06zu", i > 0 ? ", " : "", i * 7919 % classes);
	buf_text(&b, "]\n");
	put_text_file("many.yml", buf_string(&b));
	compared = 0;
	t = task_find("many", "many.yml");
	for (size_t i = 0; i < classes; i++)
		same &= task_class(t, t->labels.name[i],
			    strlen(t->labels.name[i])) == (int)i;
	CHECK_NAMED("each label has its class", same);
	task_free(t);
	buf_free(&b);
	return compared;
}

int
main(void)
{
	static const char *const files[] = { "bad.yml", "good.yml",
		"many.yml" };
	char folder[] = "/tmp/t-task-XXXXXX";
	char root[4096], *share;

	share = file_join(getcwd(root, sizeof(root)), "share");
	setenv("MTKD_SHARE", share, 1);
	free(share);
	own_folder(folder);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		check_known(&known[i]);
	check_layouts();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_text_file("bad.yml", bad[i].text);
		CHECK_NAMED(bad[i].said, refused(find_bad, ".", bad[i].said));
	}
	check_linear(
	    comparisons, "twice the labels, about twice the comparisons");
	remove_folder(folder, files, COUNT(files));
	CHECK(labels_type_find("ranking") == TASK_RANKING);
	CHECK(labels_type_find("rank") == -1);
	CHECK(define_name_is_good("qnli-rank") && define_name_is_good("a_b9"));
	CHECK(!define_name_is_good("") && !define_name_is_good("-a"));
	CHECK(!define_name_is_good("../x") && !define_name_is_good("a b"));
	return check_done();
}
