#include "train/classrule.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

void
classrule_free(struct classrule *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->entry[i].label);
	free(l->entry);
}

/* One "LABEL=W" of n bytes; a label may hold a '='. */
static char *
add_entry(struct classrule *l, const char *at, size_t n)
{
	char *text = mem_stringn(at, n), *equals = strrchr(text, '='), *problem;
	double weight;

	if (equals == NULL || equals == text ||
	    !num_real(equals + 1, 0, 1e9, &weight)) {
		problem = mem_printf(
		    "'%s', expected none, balanced or LABEL=W,LABEL=W,... "
		    "with weights from 0",
		    text);
		free(text);
		return problem;
	}
	*equals = '\0';
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->entry[i].label, text) != 0)
			continue;
		problem = mem_printf("label '%s' stands twice", text);
		free(text);
		return problem;
	}
	l->entry =
	    mem_grow(l->entry, &l->room, l->count + 1, sizeof(*l->entry));
	l->entry[l->count++] = (struct classrule_entry){ text, weight, false };
	return NULL;
}

char *
classrule_parse(struct classrule *l, const char *rule)
{
	char *problem = NULL;

	*l = (struct classrule){ 0 };
	l->balanced = strcmp(rule, CLASSRULE_BALANCED) == 0;
	if (l->balanced || strcmp(rule, CLASSRULE_NONE) == 0)
		return NULL;
	for (;; rule++) {
		size_t n = strcspn(rule, ",");

		problem = add_entry(l, rule, n);
		rule += n;
		if (problem != NULL || *rule == '\0')
			return problem;
	}
}

char *
classrule_problem(const char *rule)
{
	struct classrule l;
	char *problem = classrule_parse(&l, rule);

	classrule_free(&l);
	return problem;
}
