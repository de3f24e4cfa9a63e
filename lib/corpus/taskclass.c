/* Apart from task.c, whose readers of columns and of raw labels need it. */
#include "corpus/numbering.h"
#include "corpus/task.h"

int
task_class(const struct task *t, const char *label, size_t n)
{
	size_t class;

	if (t->classes == NULL)
		return labels_find(&t->labels, label, n);
	class = numbering_find(t->classes, label, n);
	return class == (size_t)-1 ? -1 : (int)class;
}
