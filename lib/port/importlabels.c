#include "port/importlabels.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

/* --- config.json --- */

/* {"0": "no", "1": "yes"}, in any order. */
static char *
read_id2label(struct labels *l, const char *path, const struct conf *map)
{
	for (size_t i = 0; i < map->count; i++) {
		char key[NUM_TEXT];
		const struct conf *item;
		const char *name;

		num_put(key, (double)i);
		item = conf_get(map, key);
		if (conf_is_null(item))
			return mem_printf(
			    "id2label: no label %zu of %zu", i, map->count);
		conf_get_text(path, map, key, &name);
		labels_add(l, name, strlen(name));
	}
	return NULL;
}

/* The number of a label in label2id, or -1 where it is none of n. */
static long long
number_of(const struct conf *map, size_t i, size_t n)
{
	long long number;

	if (map->item[i]->kind != CONF_SCALAR ||
	    !num_int(map->item[i]->text, 0, (long long)n - 1, &number))
		return -1;
	return number;
}

/* {"no": 0, "yes": 1}, in any order. */
static char *
read_label2id(struct labels *l, const struct conf *map)
{
	const char **name = mem_zero(map->count, sizeof(*name));
	char *fault = NULL;

	for (size_t i = 0; i < map->count && fault == NULL; i++) {
		long long k = number_of(map, i, map->count);

		if (k < 0 || name[k] != NULL)
			fault = mem_printf("label2id: '%s' is not the one of "
					   "a number from 0 to %zu",
			    map->key[i], map->count - 1);
		else
			name[k] = map->key[i];
	}
	for (size_t i = 0; i < map->count && fault == NULL; i++)
		labels_add(l, name[i], strlen(name[i]));
	free(name);
	return fault;
}

/* What Transformers writes where nobody named the labels. */
static bool
is_unnamed(const struct conf *map)
{
	for (size_t i = 0; i < map->count; i++) {
		char *name =
		    mem_printf("LABEL_%lld", number_of(map, i, 1 << 24));
		bool same = strcmp(name, map->key[i]) == 0;

		free(name);
		if (!same)
			return false;
	}
	return true;
}

static char *
contradiction(const struct labels *l, const struct conf *map)
{
	if (is_unnamed(map))
		return NULL;
	if (map->count != l->classes)
		return mem_printf("id2label has %zu label%s, but label2id %zu",
		    l->classes, num_s(l->classes), map->count);
	for (size_t i = 0; i < map->count; i++) {
		long long k = number_of(map, i, map->count);

		if (k < 0 || strcmp(l->name[k], map->key[i]) != 0)
			return mem_printf("label2id says that '%s' is %s, but "
					  "id2label does not",
			    map->key[i],
			    map->item[i]->kind == CONF_SCALAR
				? map->item[i]->text
				: "a list");
	}
	return NULL;
}

/* A map of the config, or NULL; *fault where there is something else. */
static const struct conf *
map_of(const struct conf *json, const char *key, char **fault)
{
	const struct conf *map = conf_get(json, key);

	if (conf_is_null(map) || (map->kind == CONF_MAP && map->count == 0))
		return NULL;
	if (map->kind == CONF_MAP)
		return map;
	*fault = mem_printf("%s is no map", key);
	return NULL;
}

char *
import_labels_read(
    struct labels *labels, const char *path, const struct conf *json)
{
	char *fault = NULL;
	const struct conf *names = map_of(json, "id2label", &fault);
	const struct conf *numbers = map_of(json, "label2id", &fault);

	if (fault != NULL)
		return fault;
	if (names != NULL)
		fault = read_id2label(labels, path, names);
	else if (numbers != NULL)
		fault = read_label2id(labels, numbers);
	if (fault == NULL && names != NULL && numbers != NULL)
		fault = contradiction(labels, numbers);
	return fault;
}

/* --- names that are asked for --- */

/* How a character counts where names are compared loosely. */
static int
loosely(char c)
{
	return c == '-' || c == ' ' ? '_' : text_lower(c);
}

static bool
is_alike(const char *a, const char *b)
{
	while (*a != '\0' && loosely(*a) == loosely(*b))
		a++, b++;
	return *a == *b;
}

static size_t
find(const struct labels *own, const char *name, bool strictly)
{
	for (size_t i = 0; i < own->classes; i++)
		if (strictly ? strcmp(own->name[i], name) == 0
			     : is_alike(own->name[i], name))
			return i;
	return own->classes;
}

/*
 * How many of the wanted names are the checkpoint's; order [wanted], where
 * each is.  *whole: each of them is another one.
 */
static size_t
find_all(size_t *order, const struct labels *own, const struct labels *wanted,
    bool strictly, bool *whole)
{
	bool *taken = mem_zero(own->classes + 1, sizeof(*taken));
	size_t found = 0, different = 0;

	for (size_t i = 0; i < wanted->classes; i++) {
		size_t k = find(own, wanted->name[i], strictly);

		order[i] = k;
		found += k < own->classes;
		different += k < own->classes && !taken[k];
		taken[k] = true;
	}
	*whole = different == wanted->classes && different == own->classes;
	free(taken);
	return found;
}

static bool
moves(const size_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (order[i] != i)
			return true;
	return false;
}

/* What is wanted in place of the names own that the checkpoint gives. */
static void
replace(const struct head *h, size_t *order, const char *path,
    const char *fault, const struct labels *own)
{
	const struct labels *wanted = &h->labels;
	size_t found;
	bool whole;

	find_all(order, own, wanted, true, &whole);
	found = whole ? wanted->classes
		      : find_all(order, own, wanted, false, &whole);
	if (found > 0 && fault != NULL)
		die("%s: head %s: %s", path, h->name, fault);
	if (found > 0 && !whole)
		die("%s: head %s: --labels has %zu of its labels %s; expected "
		    "all of them, in the order wanted, or none, to rename them",
		    path, h->name, found, labels_list(own));
	if (!whole)
		note("head %s: %s renamed %s", h->name, labels_list(own),
		    labels_list(wanted));
	else if (moves(order, wanted->classes))
		note("head %s: %s moved to the order %s", h->name,
		    labels_list(own), labels_list(wanted));
	for (size_t i = 0; i < wanted->classes && !whole; i++)
		order[i] = i;
}

static void
check(const struct head *h, const char *path)
{
	size_t which = 0;

	if (h->outputs > HEAD_MOST)
		die("%s: head %s has %zu output%s, expected at most %d", path,
		    h->name, h->outputs, num_s(h->outputs), HEAD_MOST);
	if (h->outputs < 2)
		die("%s: head %s has one class%s", path, h->name,
		    h->labels.type == TASK_MULTILABEL
			? ", expected two or more"
			: ", which it would answer whatever it is asked");
	if (h->labels.classes == 0)
		die("%s: head %s has %zu output%s and no labels: give --labels",
		    path, h->name, h->outputs, num_s(h->outputs));
	if (h->labels.classes != h->outputs)
		die("%s: head %s has %zu output%s, but %zu label%s", path,
		    h->name, h->outputs, num_s(h->outputs), h->labels.classes,
		    num_s(h->labels.classes));
	switch (labels_check(&h->labels, &which)) {
	case LABELS_NAME:
		die("%s: head %s: '%s' cannot name a label: give other "
		    "--labels",
		    path, h->name, h->labels.name[which]);
	case LABELS_TWICE:
		die("%s: head %s: label '%s' stands twice", path, h->name,
		    h->labels.name[which]);
	case LABELS_COUNT:
	case LABELS_GOOD:
		break;
	}
}

/* A score has a column, but no classes. */
static void
settle_score(struct head *h, const char *path, const char *wanted)
{
	if (h->outputs != 1)
		die("%s: head %s is no classification, but has %zu output%s",
		    path, h->name, h->outputs, num_s(h->outputs));
	if (h->labels.type == TASK_REGRESSION)
		labels_free(&h->labels);
	if (wanted != NULL && strcmp(wanted, labels_column(&h->labels, 0)) != 0)
		die("%s: head %s has one output, a score, which has no "
		    "labels: '%s'",
		    path, h->name, wanted);
}

void
import_labels_settle(struct head *h, size_t **order, const char *path,
    const char *fault, const char *wanted)
{
	struct labels own = h->labels;

	*order = NULL;
	if (!labels_is_wide(&own)) {
		settle_score(h, path, wanted);
		return;
	}
	if (wanted == NULL) {
		if (fault != NULL)
			die("%s: head %s: %s", path, h->name, fault);
		check(h, path);
		return;
	}
	h->labels = (struct labels){ .type = own.type };
	labels_split(&h->labels, wanted);
	check(h, path);
	if (own.classes == 0)
		return;
	*order = mem_alloc(h->outputs, sizeof(**order));
	replace(h, *order, path, fault, &own);
	labels_free(&own);
	if (!moves(*order, h->outputs)) {
		free(*order);
		*order = NULL;
	}
}
