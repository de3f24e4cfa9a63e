#include "corpus/labels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"

const char *const labels_type_names[] = { "classification", "regression",
	"ranking", "multilabel", NULL };

const char *
labels_type_name(enum task_type type)
{
	return labels_type_names[type];
}

int
labels_type_find(const char *name)
{
	return text_find(labels_type_names, name);
}

char *
labels_type_list(void)
{
	return text_list(labels_type_names, SIZE_MAX, " or ");
}

bool
labels_is_wide(const struct labels *l)
{
	return l->type == TASK_CLASSIFICATION || l->type == TASK_MULTILABEL;
}

size_t
labels_width(const struct labels *l)
{
	return labels_is_wide(l) ? l->classes : 1;
}

const char *
labels_column(const struct labels *l, size_t i)
{
	return labels_is_wide(l) ? l->name[i] : "score";
}

bool
labels_name_is_good(const char *name)
{
	return name[0] != '\0' && strcmp(name, "-") != 0 &&
	       strcmp(name, "id") != 0 && strcmp(name, "group") != 0 &&
	       strpbrk(name, ",\t\r\n") == NULL;
}

static bool
count_is_good(const struct labels *l)
{
	return l->type == TASK_REGRESSION ? l->classes == 0 : l->classes >= 2;
}

enum labels_fault
labels_check(const struct labels *l, size_t *which)
{
	for (*which = 0; *which < l->classes; ++*which)
		if (!labels_name_is_good(l->name[*which]))
			return LABELS_NAME;
	*which = text_find_twice((const char *const *)l->name, l->classes);
	if (*which < l->classes)
		return LABELS_TWICE;
	return count_is_good(l) ? LABELS_GOOD : LABELS_COUNT;
}

enum labels_difference
labels_compare(size_t *which, const struct labels *a, const struct labels *b)
{
	if (a->type != b->type)
		return LABELS_OTHER_TYPE;
	if (a->classes != b->classes)
		return LABELS_OTHER_COUNT;
	for (*which = 0; *which < a->classes; ++*which)
		if (strcmp(a->name[*which], b->name[*which]) != 0)
			return LABELS_OTHER_NAME;
	return LABELS_SAME;
}

enum labels_difference
labels_compare_columns(
    size_t *which, const struct labels *a, const struct labels *b)
{
	if (a->type == b->type && labels_width(a) == 1 && labels_width(b) == 1)
		return LABELS_SAME;
	return labels_compare(which, a, b);
}

int
labels_find(const struct labels *l, const char *name, size_t n)
{
	for (size_t i = 0; i < l->classes; i++)
		if (strlen(l->name[i]) == n && memcmp(l->name[i], name, n) == 0)
			return (int)i;
	return -1;
}

char *
labels_list(const struct labels *l)
{
	return text_list((const char *const *)l->name, l->classes, ", ");
}

void
labels_copy(struct labels *to, const struct labels *from)
{
	*to = (struct labels){ .type = from->type };
	for (size_t i = 0; i < from->classes; i++)
		labels_add(to, from->name[i], strlen(from->name[i]));
}

void
labels_add(struct labels *l, const char *name, size_t n)
{
	/* Room doubles: it is full where the count is a power of two. */
	if ((l->classes & (l->classes - 1)) == 0)
		l->name = mem_resize(l->name,
		    l->classes > 0 ? 2 * l->classes : 1, sizeof(*l->name));
	l->name[l->classes++] = mem_stringn(name, n);
}

void
labels_split(struct labels *l, const char *text)
{
	for (;; text++) {
		size_t n = strcspn(text, ",");

		labels_add(l, text, n);
		text += n;
		if (*text == '\0')
			break;
	}
}

void
labels_free(struct labels *l)
{
	for (size_t i = 0; i < l->classes; i++)
		free(l->name[i]);
	free(l->name);
	*l = (struct labels){ .type = l->type };
}

char *
labels_near(const struct labels *l, const char *text)
{
	return near_text(text, (const char *const *)l->name, l->classes);
}
