#include "corpus/task.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/define.h"
#include "corpus/layout.h"
#include "corpus/metricname.h"
#include "corpus/numbering.h"
#include "corpus/rawlabel.h"

static const char *const task_keys[] = { "name", "title", "place", "kind",
	"type", "labels", "metrics", "head", "range", "skip_label", "aliases",
	"numbers", "names", "layout", "splits", NULL };

/* Where a key stands, or the map that lacks it. */
static size_t
line_of(const struct conf *map, const char *key)
{
	const struct conf *c = conf_get(map, key);

	return c != NULL ? c->line : map->line;
}

static void
check_labels(const struct task *t, size_t line)
{
	size_t which = 0;

	switch (labels_check(&t->labels, &which)) {
	case LABELS_COUNT:
		die_at(t->path, line, "%zu label%s, expected %s for %s",
		    t->labels.classes, num_s(t->labels.classes),
		    t->labels.type == TASK_REGRESSION ? "none" : "two or more",
		    labels_type_name(t->labels.type));
	case LABELS_NAME:
		die_at(t->path, line, "'%s' cannot name a label",
		    t->labels.name[which]);
	case LABELS_TWICE: /* no list has a word twice */
	case LABELS_GOOD:
		break;
	}
}

static void
usual_metrics(struct task *t)
{
	enum metric usual[2];

	free(t->metric);
	t->metrics = metric_usual(usual, t->labels.type);
	t->metric = mem_zero(t->metrics, sizeof(*t->metric));
	for (size_t i = 0; i < t->metrics; i++)
		t->metric[i] = mem_string(metric_name(usual[i]));
}

static void
get_metrics(struct task *t, const struct conf *map, size_t line)
{
	t->metric = define_words(t->path, map, "metrics", &t->metrics);
	if (t->metrics == 0)
		usual_metrics(t);
	for (size_t i = 0; i < t->metrics; i++) {
		int found = metric_find(t->metric[i]);
		enum metric m = (enum metric)found;

		if (found < 0)
			die_at(t->path, line,
			    "metrics: '%s', expected among %s%s", t->metric[i],
			    text_list(metric_names, SIZE_MAX, ", "),
			    near_text(t->metric[i], metric_names, SIZE_MAX));
		if (!metric_is_quality(m))
			die_at(t->path, line,
			    "metrics: of %s a higher value is no better one",
			    t->metric[i]);
		if (!metric_suits(m, &t->labels))
			die_at(t->path, line,
			    "metrics: %s does not suit %s with %zu label%s",
			    t->metric[i], labels_type_name(t->labels.type),
			    t->labels.classes, num_s(t->labels.classes));
	}
}

static void
get_range(struct task *t, const struct conf *map)
{
	const struct conf *c = conf_get(map, "range");

	if ((c != NULL) != (t->labels.type == TASK_REGRESSION))
		die_at(t->path, c != NULL ? c->line : map->line,
		    "%s, expected range: [low, high] for regression alone",
		    c != NULL ? "a range" : "no range");
	if (c == NULL)
		return;
	if (c->kind != CONF_LIST || c->count != 2 ||
	    c->item[0]->kind != CONF_SCALAR ||
	    c->item[1]->kind != CONF_SCALAR ||
	    !num_real(c->item[0]->text, -1e30, 1e30, &t->low) ||
	    !num_real(c->item[1]->text, -1e30, 1e30, &t->high) ||
	    t->low >= t->high)
		die_at(t->path, c->line, "range: expected [low, high]");
}

/* What the task is called in tables, and where it stands in them. */
static void
get_title(struct task *t, const struct conf *map)
{
	const char *title = t->name;
	long long place;

	if (conf_get_text(t->path, map, "title", &title) &&
	    (title[0] == '\0' || strpbrk(title, "\t\r\n") != NULL))
		die_at(t->path, conf_get(map, "title")->line,
		    "title: expected one line of text");
	t->title = mem_string(title);
	if (conf_get_int(t->path, map, "place", 1, 1000000, &place))
		t->place = (size_t)place;
}

static struct task *
build(const char *path, const char *name, const struct conf *map)
{
	static const char *const kinds[] = { "single", "pair", NULL };
	struct task *t = mem_zero(1, sizeof(*t));
	const char *text = name;
	int kind;

	define_check(path, map, name, task_keys);
	t->path = mem_string(path);
	t->name = mem_string(name);
	get_title(t, map);
	if ((kind = define_word(path, map, "kind", kinds, -1)) < 0)
		die_at(
		    path, map->line, "no kind, expected kind: single or pair");
	t->pair = kind == 1;
	t->labels.type = (enum task_type)define_word(
	    path, map, "type", labels_type_names, 0);
	t->labels.name = define_words(path, map, "labels", &t->labels.classes);
	check_labels(t, line_of(map, "labels"));
	t->classes = numbering_new();
	for (size_t i = 0; i < t->labels.classes; i++)
		numbering_of(
		    t->classes, t->labels.name[i], strlen(t->labels.name[i]));
	get_metrics(t, map, line_of(map, "metrics"));
	get_range(t, map);
	conf_get_text(path, map, "head", &text);
	if (!define_name_is_good(text))
		die_at(path, line_of(map, "head"), "'%s' cannot name a head",
		    text);
	t->head = mem_string(text);
	rawlabel_read(t, map);
	layout_read(t, map);
	return t;
}

/* "dir/rte.yml" is "rte"; owned by the caller. */
static char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(base, '.');

	return mem_stringn(
	    base, dot != NULL ? (size_t)(dot - base) : strlen(base));
}

/* True if the map of a file is a task, false if it is a map of tasks. */
static bool
is_task(const struct conf *root)
{
	return conf_get(root, "kind") != NULL ||
	       conf_get(root, "labels") != NULL ||
	       conf_get(root, "layout") != NULL ||
	       conf_get(root, "names") != NULL;
}

/* A file of definitions; own, the caller's: its task, if it is only one. */
static struct conf *
read_file(const char *path, char **own)
{
	struct conf *root = conf_read_yaml(path, KIND_TASKS);
	const char *name;

	*own = NULL;
	if (root->kind != CONF_MAP)
		die_at(path, root->line, "expected a task or a map of tasks");
	if (!is_task(root))
		return root;
	*own = name_of(path);
	if (conf_get_text(path, root, "name", &name)) {
		free(*own);
		*own = mem_string(name);
	}
	return root;
}

char **
task_names(const char *path, size_t *n)
{
	char *own, **names;
	struct conf *root = read_file(path, &own);

	*n = own != NULL ? 1 : root->count;
	names = mem_zero(*n + 1, sizeof(*names));
	for (size_t i = 0; own == NULL && i < *n; i++)
		names[i] = mem_string(root->key[i]);
	if (own != NULL)
		names[0] = own;
	conf_free(root);
	return names;
}

/* The task of that name in a file, or NULL. */
static struct task *
find_in_file(const char *name, const char *path)
{
	char *own;
	struct conf *root = read_file(path, &own);
	const struct conf *c = own != NULL ? root : conf_get(root, name);
	struct task *t = NULL;

	if (c != NULL && (own == NULL || strcmp(own, name) == 0))
		t = build(path, name, c);
	free(own);
	conf_free(root);
	return t;
}

static struct task *
find_in_folder(const char *name, const char *folder)
{
	char *path = mem_printf("%s/%s.yml", folder, name);
	struct task *t = NULL;

	if (file_exists(path))
		t = find_in_file(name, path);
	free(path);
	return t;
}

struct task *
task_seek(const char *name, const char *tasks)
{
	struct task *t = NULL;
	char *share;

	if (!define_name_is_good(name))
		die("'%s' cannot name a task: expected letters, digits, - and "
		    "_",
		    name);
	if (tasks != NULL)
		kind_refuse_model(tasks, KIND_TASKS);
	if (tasks != NULL)
		t = file_is_directory(tasks) ? find_in_folder(name, tasks)
					     : find_in_file(name, tasks);
	if (t != NULL)
		return t;
	share = file_share("tasks");
	t = find_in_folder(name, share);
	free(share);
	return t;
}

void
task_free(struct task *t)
{
	if (t == NULL)
		return;
	layout_free(t);
	rawlabel_free(t);
	labels_free(&t->labels);
	numbering_free(t->classes);
	define_free(t->metric, t->metrics);
	free(t->head);
	free(t->title);
	free(t->name);
	free(t->path);
	free(t);
}

static _Noreturn void
no_split(const struct task *t, const char *split)
{
	struct buf known = { 0 };

	const char **names = mem_alloc(t->splits + 1, sizeof(*names));

	for (size_t i = 0; i < t->splits; i++) {
		buf_print(&known, " %s", t->split[i].name);
		names[i] = t->split[i].name;
	}
	die("no split '%s' in task %s, expected one of%s%s", split, t->name,
	    buf_string(&known), near_text(split, names, t->splits));
}

const struct task_split *
task_split_find(const struct task *t, const char *split)
{
	if (!define_name_is_good(split))
		die("'%s' cannot name a split: expected letters, digits, - "
		    "and _",
		    split);
	for (size_t i = 0; i < t->splits; i++) {
		const struct task_split *s = &t->split[i];

		if (s->name == NULL || strcmp(s->name, split) == 0)
			return s;
	}
	no_split(t, split);
}
