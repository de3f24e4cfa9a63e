#include "base/die.h"
#include "corpus/catalog.h"
#include "corpus/task.h"

struct task *
task_find(const char *name, const char *tasks)
{
	struct task *t = task_seek(name, tasks);

	if (t == NULL && tasks != NULL)
		die("no task '%s' in %s or share/tasks%s", name, tasks,
		    catalog_near(name, tasks));
	if (t == NULL)
		die("no task '%s' in share/tasks; --tasks names a file of "
		    "your own%s",
		    name, catalog_near(name, NULL));
	return t;
}
