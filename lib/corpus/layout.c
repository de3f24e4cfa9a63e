#include "corpus/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/define.h"

enum { MAX_FIELDS = 100000 };

static const char *const field_names[] = { "id", "label", "text_a", "text_b",
	"group", NULL };
static const char *const layout_keys[] = { "file", "header", "id", "label",
	"text_a", "text_b", "group", "min_fields", "max_fields", "wide_fields",
	"short", NULL };

const char *
layout_field_name(enum task_field field)
{
	return field_names[field];
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
	column->none = !c->quoted && strcmp(c->text, "none") == 0;
	if (column->none)
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
	if (conf_get_int(path, map, "wide_fields", 1, MAX_FIELDS, &n))
		s->wide_fields = (size_t)n;
	s->skip_short =
	    define_word(path, map, "short", what, s->skip_short) != 0;
}

static void
get_layout(const char *path, const struct conf *map, const char *what,
    struct task_split *s)
{
	define_check(path, map, what, layout_keys);
	conf_get_bool(path, map, "header", &s->header);
	for (int f = 0; f < TASK_FIELDS; f++)
		get_column(path, map, field_names[f], &s->column[f]);
	get_width(path, map, s);
	s->file = define_words(path, map, "file", &s->files);
}

/* True if a file of the split can have the column, by its place or name. */
static bool
has_column(
    const struct task *t, const struct task_split *s, enum task_field field)
{
	return s->column[field].name != NULL || s->column[field].number != 0 ||
	       t->names[field].count > 0;
}

/* Fields a row must have so that the column is there. */
static size_t
column_needs(const struct task_column *c)
{
	return (size_t)(c->number < 0 ? -c->number : c->number);
}

static void
check_needed(const struct task *t, const struct task_split *s, const char *name,
    size_t line)
{
	if (!has_column(t, s, TASK_TEXT_A))
		die_at(t->path, line, "%s: no column for text_a", name);
	if (has_column(t, s, TASK_TEXT_B) != t->pair)
		die_at(t->path, line,
		    t->pair ? "%s: a pair task without a column for text_b"
			    : "%s: a single task with a column for text_b",
		    name);
	if (has_column(t, s, TASK_GROUP) != (t->labels.type == TASK_RANKING))
		die_at(t->path, line,
		    t->labels.type == TASK_RANKING
			? "%s: a ranking task without a column for group"
			: "%s: a group column, which only ranking has",
		    name);
}

static void
check_layout(const struct task *t, struct task_split *s, size_t line)
{
	const char *name = s->name != NULL ? s->name : "layout";

	check_needed(t, s, name, line);
	s->labelled =
	    has_column(t, s, TASK_LABEL) && !s->column[TASK_LABEL].none;
	for (int f = 0; f < TASK_FIELDS; f++) {
		const struct task_column *c = &s->column[f];

		if (c->name != NULL && !s->header)
			die_at(t->path, line,
			    "%s: column '%s' by name, but header: false", name,
			    c->name);
		if (s->min_fields > 0 && column_needs(c) > s->min_fields)
			die_at(t->path, line,
			    "%s: column %lld, but min_fields: %zu", name,
			    c->number, s->min_fields);
	}
	if (s->max_fields > 0 && s->max_fields < s->min_fields)
		die_at(t->path, line, "%s: max_fields below min_fields", name);
}

/* A column of its own for a split that starts from the common layout. */
static void
copy_columns(struct task_split *s)
{
	for (int f = 0; f < TASK_FIELDS; f++)
		if (s->column[f].name != NULL)
			s->column[f].name = mem_string(s->column[f].name);
}

static void
free_split(struct task_split *s)
{
	free(s->name);
	for (int f = 0; f < TASK_FIELDS; f++)
		free(s->column[f].name);
	define_free(s->file, s->files);
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
		if (!define_name_is_good(splits->key[i]))
			die_at(t->path, splits->item[i]->line,
			    "'%s' cannot name a split", splits->key[i]);
		s->name = mem_string(splits->key[i]);
		get_layout(t->path, splits->item[i], s->name, s);
		check_layout(t, s, splits->item[i]->line);
	}
	free_split(&common);
}

static void
get_names(struct task *t, const struct conf *map)
{
	const struct conf *names = conf_get(map, "names");

	if (names == NULL)
		return;
	define_check(t->path, names, "names", field_names);
	for (int f = 0; f < TASK_FIELDS; f++)
		t->names[f].word = define_words(
		    t->path, names, field_names[f], &t->names[f].count);
}

void
layout_read(struct task *t, const struct conf *map)
{
	get_names(t, map);
	get_splits(t, map);
}

void
layout_free(struct task *t)
{
	for (size_t i = 0; i < t->splits; i++)
		free_split(&t->split[i]);
	free(t->split);
	for (int f = 0; f < TASK_FIELDS; f++)
		define_free(t->names[f].word, t->names[f].count);
}

bool
layout_column(struct task_column *column, const char *text)
{
	free(column->name);
	*column = (struct task_column){ 0 };
	if (text[0] == '\0')
		return false;
	column->none = strcmp(text, "none") == 0;
	if (column->none)
		return true;
	if (!num_int(text, -MAX_FIELDS, MAX_FIELDS, &column->number))
		column->name = mem_string(text);
	return column->name != NULL || column->number != 0;
}
