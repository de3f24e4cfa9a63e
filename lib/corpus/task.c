#include "corpus/task.h"

#include <string.h>

static const char *const type_names[] = { "classification", "regression",
	"ranking" };

const char *
task_type_name(enum task_type type)
{
	return type_names[type];
}

int
task_type_find(const char *name)
{
	for (int i = 0; i < 3; i++)
		if (strcmp(type_names[i], name) == 0)
			return i;
	return -1;
}
