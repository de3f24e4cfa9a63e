#include "corpus/rawlabel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/define.h"
#include "corpus/numbering.h"
#include "corpus/labels.h"

struct rawlabel_table {
	const struct task *task;
	struct numbering *names;
	int *class; /* [names] or RAWLABEL_NONE */
	size_t room;
	int *number; /* [numbers] classes of 0, 1, ... */
	size_t numbers;
	bool told; /* by the caller, whatever the file says */
};

static int
need_class(const struct task *t, const struct conf *c, const char *label)
{
	int class = task_class(t, label, strlen(label));

	if (class < 0)
		die_at(t->path, c->line, "'%s' is no label of the task", label);
	return class;
}

static void
read_aliases(struct task *t, const struct conf *c)
{
	if (c->kind != CONF_MAP)
		die_at(t->path, c->line, "aliases: expected a map");
	t->alias.word = mem_zero(c->count, sizeof(*t->alias.word));
	t->alias_class = mem_zero(c->count, sizeof(*t->alias_class));
	for (size_t i = 0; i < c->count; i++) {
		const struct conf *item = c->item[i];

		if (item->kind != CONF_SCALAR)
			die_at(t->path, item->line,
			    "aliases: expected a label for '%s'", c->key[i]);
		if (task_class(t, c->key[i], strlen(c->key[i])) >= 0)
			die_at(t->path, item->line,
			    "aliases: '%s' is a label itself", c->key[i]);
		t->alias.word[i] = mem_string(c->key[i]);
		t->alias_class[i] = (size_t)need_class(t, item, item->text);
		t->alias.count++;
	}
}

static void
read_numbers(struct task *t, const struct conf *c)
{
	static const char *const keys[] = { "labels", "told_by", NULL };

	define_check(t->path, c, "numbers", keys);
	t->number.word = define_words(t->path, c, "labels", &t->number.count);
	t->told_by.word =
	    define_words(t->path, c, "told_by", &t->told_by.count);
	if (t->number.count == 0 || t->told_by.count == 0)
		die_at(t->path, c->line,
		    "numbers: expected labels and "
		    "told_by");
	for (size_t i = 0; i < t->number.count; i++)
		need_class(t, c, t->number.word[i]);
}

void
rawlabel_read(struct task *t, const struct conf *map)
{
	const struct conf *aliases = conf_get(map, "aliases");
	const struct conf *numbers = conf_get(map, "numbers");

	t->no_label.word =
	    define_words(t->path, map, "skip_label", &t->no_label.count);
	if (aliases != NULL)
		read_aliases(t, aliases);
	if (numbers != NULL)
		read_numbers(t, numbers);
}

void
rawlabel_free(struct task *t)
{
	define_free(t->no_label.word, t->no_label.count);
	define_free(t->alias.word, t->alias.count);
	define_free(t->number.word, t->number.count);
	define_free(t->told_by.word, t->told_by.count);
	free(t->alias_class);
}

struct task_words
rawlabel_numbers(const char *text)
{
	struct task_words w = { 0 };
	size_t room = 0;

	for (const char *end;; text = end + 1) {
		size_t n = strcspn(text, ",");

		end = text + n;
		w.word = mem_grow(w.word, &room, w.count + 1, sizeof(*w.word));
		w.word[w.count++] = mem_stringn(text, n);
		if (*end == '\0')
			return w;
	}
}

/* What is there first stays. */
static void
add(struct rawlabel_table *l, const char *name, int class)
{
	size_t before = numbering_count(l->names);
	size_t i = numbering_of(l->names, name, strlen(name));

	if (i < before)
		return;
	l->class = mem_grow(l->class, &l->room, i + 1, sizeof(*l->class));
	l->class[i] = class;
}

struct rawlabel_table *
rawlabel_open(const struct task *t, const struct task_words *number)
{
	struct rawlabel_table *l = mem_zero(1, sizeof(*l));
	const struct task_words *w = number != NULL ? number : &t->number;

	l->task = t;
	l->names = numbering_new();
	for (size_t i = 0; i < t->labels.classes; i++)
		add(l, t->labels.name[i], (int)i);
	for (size_t i = 0; i < t->alias.count; i++)
		add(l, t->alias.word[i], (int)t->alias_class[i]);
	for (size_t i = 0; i < t->no_label.count; i++)
		add(l, t->no_label.word[i], RAWLABEL_NONE);
	l->told = number != NULL;
	l->number = mem_zero(w->count, sizeof(*l->number));
	l->numbers = w->count;
	for (size_t i = 0; i < w->count; i++) {
		int class = task_class(t, w->word[i], strlen(w->word[i]));

		if (class < 0)
			die_usage("--label-numbers: '%s', expected among %s",
			    w->word[i], labels_list(&t->labels));
		l->number[i] = class;
	}
	return l;
}

void
rawlabel_close(struct rawlabel_table *l)
{
	numbering_free(l->names);
	free(l->class);
	free(l->number);
	free(l);
}

bool
rawlabel_whole(const char *label, size_t n, long long *value)
{
	const char *dot = memchr(label, '.', n);
	size_t digits = dot != NULL ? (size_t)(dot - label) : n;
	const char *first = label + (n > 0 && label[0] == '-');
	char text[NUM_TEXT];

	if (digits == 0 || digits >= sizeof(text) ||
	    (first[0] == '0' && (first != label || digits > 1)))
		return false;
	if (dot != NULL &&
	    (digits + 1 == n || strspn(dot + 1, "0") != n - digits - 1))
		return false;
	memcpy(text, label, digits);
	text[digits] = '\0';
	return num_int(text, -1000000000, 1000000000, value);
}

int
rawlabel_find(
    const struct rawlabel_table *l, const char *label, size_t n, bool told)
{
	size_t i = numbering_find(l->names, label, n);
	char text[NUM_TEXT];
	long long value;

	if (n == 0)
		return RAWLABEL_NONE;
	if (l->told && rawlabel_whole(label, n, &value) && value >= 0 &&
	    (size_t)value < l->numbers)
		return l->number[value];
	if (i != (size_t)-1)
		return l->class[i];
	if (!rawlabel_whole(label, n, &value))
		return RAWLABEL_UNKNOWN;
	snprintf(text, sizeof(text), "%lld", value);
	i = numbering_find(l->names, text, strlen(text));
	if (i != (size_t)-1)
		return l->class[i];
	if (value < 0 || (size_t)value >= l->numbers)
		return RAWLABEL_UNKNOWN;
	return told ? l->number[value] : RAWLABEL_UNTOLD;
}
