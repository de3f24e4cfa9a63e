#include "corpus/task.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/metricname.h"

enum { MAX_FIELDS = 100000 };

static const char *const task_keys[] = { "name", "title", "place", "kind",
	"type", "labels", "metrics", "head", "range", "skip_label", "layout",
	"splits", NULL };
static const char *const layout_keys[] = { "file", "header", "id", "label",
	"text_a", "text_b", "group", "min_fields", "max_fields", "short",
	NULL };

bool
task_name_is_good(const char *name)
{
	return name[0] != '\0' && name[0] != '-' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] ==
		   '\0';
}

static void
check_map(const char *path, const struct conf *c, const char *what,
    const char *const *keys)
{
	if (c->kind != CONF_MAP)
		die_at(path, c->line, "%s: expected a map", what);
	for (size_t i = 0; i < c->count; i++)
		if (text_find(keys, c->key[i]) < 0)
			die_at(path, c->item[i]->line,
			    "%s: unknown key '%s', expected one of %s", what,
			    c->key[i], text_list(keys, SIZE_MAX, ", "));
}

/* The index of a key's value among words, or otherwise. */
static int
get_word(const char *path, const struct conf *map, const char *key,
    const char *const *words, int otherwise)
{
	const char *text;
	int i;

	if (!conf_get_text(path, map, key, &text))
		return otherwise;
	if ((i = text_find(words, text)) < 0)
		die_at(path, conf_get(map, key)->line,
		    "%s: '%s', expected one of %s", key, text,
		    text_list(words, SIZE_MAX, ", "));
	return i;
}

/* The words of a list, or the one word that stands in its place. */
static char **
get_list(const char *path, const struct conf *map, const char *key, size_t *n)
{
	const struct conf *c = conf_get(map, key);
	char **list;
	size_t twice;

	*n = 0;
	if (c == NULL)
		return NULL;
	*n = c->kind == CONF_LIST ? c->count : 1;
	list = mem_zero(*n + 1, sizeof(*list));
	for (size_t i = 0; i < *n; i++) {
		const struct conf *item = c->kind == CONF_LIST ? c->item[i] : c;

		if (item->kind != CONF_SCALAR || item->text[0] == '\0')
			die_at(path, item->line, "%s: expected words", key);
		list[i] = mem_string(item->text);
	}
	twice = text_find_twice((const char *const *)list, *n);
	if (twice < *n)
		die_at(path, c->item[twice]->line, "%s: '%s' stands twice", key,
		    list[twice]);
	return list;
}

static void
free_list(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

/* A column stays as it was where the map does not name it. */
static void
get_column(const char *path, const struct conf *map, const char *key,
    struct task_column *column)
{
	const struct conf *c = conf_get(map, key);
	long long number;

	if (c == NULL)
		return;
	if (c->kind != CONF_SCALAR || c->text[0] == '\0')
		die_at(path, c->line,
		    "%s: expected a column's name or number, or none", key);
	free(column->name);
	*column = (struct task_column){ 0 };
	if (!c->quoted && strcmp(c->text, "none") == 0)
		return;
	if (c->quoted || !num_int(c->text, -MAX_FIELDS, MAX_FIELDS, &number)) {
		column->name = mem_string(c->text);
		return;
	}
	if (number == 0)
		die_at(path, c->line, "%s: column 0; the first is 1", key);
	column->number = number;
}

static void
get_width(const char *path, const struct conf *map, struct task_split *s)
{
	static const char *const what[] = { "error", "skip", NULL };
	const struct conf *max = conf_get(map, "max_fields");
	long long n;

	if (conf_get_int(path, map, "min_fields", 1, MAX_FIELDS, &n))
		s->min_fields = (size_t)n;
	if (max != NULL && max->kind == CONF_SCALAR &&
	    strcmp(max->text, "any") == 0)
		s->any_width = true;
	else if (conf_get_int(path, map, "max_fields", 1, MAX_FIELDS, &n))
		s->max_fields = (size_t)n;
	s->skip_short = get_word(path, map, "short", what, s->skip_short) != 0;
}

static void
get_layout(const char *path, const struct conf *map, const char *what,
    struct task_split *s)
{
	check_map(path, map, what, layout_keys);
	conf_get_bool(path, map, "header", &s->header);
	get_column(path, map, "id", &s->id);
	get_column(path, map, "label", &s->label);
	get_column(path, map, "text_a", &s->text_a);
	get_column(path, map, "text_b", &s->text_b);
	get_column(path, map, "group", &s->group);
	get_width(path, map, s);
	s->file = get_list(path, map, "file", &s->files);
}

static bool
column_is_there(const struct task_column *c)
{
	return c->name != NULL || c->number != 0;
}

/* Fields a row must have so that the column is there. */
static size_t
column_needs(const struct task_column *c)
{
	return (size_t)(c->number < 0 ? -c->number : c->number);
}

static void
check_layout(const struct task *t, const struct task_split *s, size_t line)
{
	const struct task_column *columns[] = { &s->id, &s->label, &s->text_a,
		&s->text_b, &s->group };
	const char *name = s->name != NULL ? s->name : "layout";

	if (!column_is_there(&s->text_a))
		die_at(t->path, line, "%s: no column for text_a", name);
	if (column_is_there(&s->text_b) != t->pair)
		die_at(t->path, line,
		    t->pair ? "%s: a pair task without a column for text_b"
			    : "%s: a single task with a column for text_b",
		    name);
	if (column_is_there(&s->group) != (t->labels.type == TASK_RANKING))
		die_at(t->path, line,
		    t->labels.type == TASK_RANKING
			? "%s: a ranking task without a column for group"
			: "%s: a group column, which only ranking has",
		    name);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (columns[i]->name != NULL && !s->header)
			die_at(t->path, line,
			    "%s: column '%s' by name, but header: false", name,
			    columns[i]->name);
		if (s->min_fields > 0 &&
		    column_needs(columns[i]) > s->min_fields)
			die_at(t->path, line,
			    "%s: column %lld, but min_fields: %zu", name,
			    columns[i]->number, s->min_fields);
	}
	if (s->max_fields > 0 && s->max_fields < s->min_fields)
		die_at(t->path, line, "%s: max_fields below min_fields", name);
}

/* A column of its own for a split that starts from the common layout. */
static void
copy_columns(struct task_split *s)
{
	struct task_column *columns[] = { &s->id, &s->label, &s->text_a,
		&s->text_b, &s->group };

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (columns[i]->name != NULL)
			columns[i]->name = mem_string(columns[i]->name);
}

static void
free_split(struct task_split *s)
{
	free(s->name);
	free(s->id.name);
	free(s->label.name);
	free(s->text_a.name);
	free(s->text_b.name);
	free(s->group.name);
	free_list(s->file, s->files);
}

static void
get_splits(struct task *t, const struct conf *map)
{
	const struct conf *layout = conf_get(map, "layout");
	const struct conf *splits = conf_get(map, "splits");
	struct task_split common = { .header = true };

	if (layout != NULL)
		get_layout(t->path, layout, "layout", &common);
	if (common.files > 0)
		die_at(
		    t->path, layout->line, "layout: file belongs to a split");
	if (splits == NULL) {
		check_layout(t, &common, map->line);
		t->splits = 1;
		t->split = mem_copy(&common, sizeof(common));
		return;
	}
	if (splits->kind != CONF_MAP || splits->count == 0)
		die_at(t->path, splits->line, "splits: expected a map");
	t->splits = splits->count;
	t->split = mem_zero(t->splits, sizeof(*t->split));
	for (size_t i = 0; i < t->splits; i++) {
		struct task_split *s = &t->split[i];

		*s = common;
		copy_columns(s);
		if (!task_name_is_good(splits->key[i]))
			die_at(t->path, splits->item[i]->line,
			    "'%s' cannot name a split", splits->key[i]);
		s->name = mem_string(splits->key[i]);
		get_layout(t->path, splits->item[i], s->name, s);
		check_layout(t, s, splits->item[i]->line);
	}
	free_split(&common);
}

static void
check_labels(const struct task *t, size_t line)
{
	size_t which = 0;

	switch (labels_check(&t->labels, &which)) {
	case LABELS_COUNT:
		die_at(t->path, line, "%zu labels, expected %s for %s",
		    t->labels.classes,
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
	t->metrics = metric_usual(usual, t->labels.type == TASK_REGRESSION);
	t->metric = mem_zero(t->metrics, sizeof(*t->metric));
	for (size_t i = 0; i < t->metrics; i++)
		t->metric[i] = mem_string(metric_name(usual[i]));
}

static void
get_metrics(struct task *t, const struct conf *map, size_t line)
{
	t->metric = get_list(t->path, map, "metrics", &t->metrics);
	if (t->metrics == 0)
		usual_metrics(t);
	for (size_t i = 0; i < t->metrics; i++) {
		int found = metric_find(t->metric[i]);
		enum metric m = (enum metric)found;

		if (found < 0)
			die_at(t->path, line,
			    "metrics: '%s', expected among %s", t->metric[i],
			    text_list(metric_names, SIZE_MAX, ", "));
		if (metric_of_scores(m) !=
			(t->labels.type == TASK_REGRESSION) ||
		    (m == METRIC_F1 && t->labels.classes != 2) ||
		    (m != METRIC_ACCURACY && t->labels.type == TASK_RANKING))
			die_at(t->path, line,
			    "metrics: %s does not suit %s with %zu labels",
			    t->metric[i], labels_type_name(t->labels.type),
			    t->labels.classes);
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

	check_map(path, map, name, task_keys);
	t->path = mem_string(path);
	t->name = mem_string(name);
	get_title(t, map);
	if ((kind = get_word(path, map, "kind", kinds, -1)) < 0)
		die_at(
		    path, map->line, "no kind, expected kind: single or pair");
	t->pair = kind == 1;
	t->labels.type =
	    (enum task_type)get_word(path, map, "type", labels_type_names, 0);
	t->labels.name = get_list(path, map, "labels", &t->labels.classes);
	check_labels(t, map->line);
	get_metrics(t, map, map->line);
	get_range(t, map);
	conf_get_text(path, map, "head", &text);
	if (!task_name_is_good(text))
		die_at(path, map->line, "'%s' cannot name a head", text);
	t->head = mem_string(text);
	if (conf_get_text(path, map, "skip_label", &text))
		t->skip_label = mem_string(text);
	get_splits(t, map);
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
	       conf_get(root, "layout") != NULL;
}

/* A file of definitions; own, the caller's: its task, if it is only one. */
static struct conf *
read_file(const char *path, char **own)
{
	struct conf *root = conf_read_yaml(path);
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

	if (!task_name_is_good(name))
		die("'%s' cannot name a task: expected letters, digits, - and "
		    "_",
		    name);
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

struct task *
task_find(const char *name, const char *tasks)
{
	struct task *t = task_seek(name, tasks);

	if (t == NULL && tasks != NULL)
		die("no task '%s' in %s or share/tasks", name, tasks);
	if (t == NULL)
		die("no task '%s' in share/tasks; --tasks names a file of "
		    "your own",
		    name);
	return t;
}

void
task_free(struct task *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->splits; i++)
		free_split(&t->split[i]);
	free(t->split);
	labels_free(&t->labels);
	free_list(t->metric, t->metrics);
	free(t->skip_label);
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

	for (size_t i = 0; i < t->splits; i++)
		buf_print(&known, " %s", t->split[i].name);
	die("no split '%s' in task %s, expected one of%s", split, t->name,
	    buf_string(&known));
}

const struct task_split *
task_split_find(const struct task *t, const char *split)
{
	if (!task_name_is_good(split))
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
