/*
 * The rule class-weights of a recipe (mtkd-recipe(5)): "none", "balanced" or
 * "LABEL=W,LABEL=W,...".
 */
#ifndef TRAIN_CLASSRULE_H
#define TRAIN_CLASSRULE_H

#include <stdbool.h>
#include <stddef.h>

#define CLASSRULE_NONE "none"
#define CLASSRULE_BALANCED "balanced"

struct classrule_entry {
	char *label;
	double weight;
	bool used; /* by a head that has the label */
};

struct classrule {
	bool balanced;
	struct classrule_entry *entry; /* [count] of a list */
	size_t count, room;
};

/* What is wrong with a rule, owned by the caller, or NULL; free l anyway. */
char *classrule_parse(struct classrule *l, const char *rule);
void classrule_free(struct classrule *l);

/* The same of a rule that is but looked at. */
char *classrule_problem(const char *rule);

#endif
