#include "corpus/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"

struct names {
	char **name;
	size_t count, room;
};

/* Takes the name over, unless it is there. */
static void
add(struct names *names, char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0) {
			free(name);
			return;
		}
	names->name = mem_grow(
	    names->name, &names->room, names->count + 1, sizeof(*names->name));
	names->name[names->count++] = name;
}

static int
is_definition(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && text_ends(entry->d_name, ".yml");
}

static void
add_folder(struct names *names, const char *folder)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, is_definition, alphasort);

	if (n < 0)
		die("%s: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		add(names, mem_stringn(entry[i]->d_name,
			       strlen(entry[i]->d_name) - strlen(".yml")));
		free(entry[i]);
	}
	free(entry);
}

static void
add_file(struct names *names, const char *path)
{
	size_t n;
	char **own = task_names(path, &n);

	for (size_t i = 0; i < n; i++)
		add(names, own[i]);
	free(own);
}

/* True if a stands before b, which came later. */
static bool
goes_first(const struct task *a, const struct task *b)
{
	return a->place != 0 && (b->place == 0 || a->place <= b->place);
}

/* Those without a place stay behind, all in the order in which they came. */
static void
sort(struct task **task, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct task *t = task[i];
		size_t k = i;

		for (; k > 0 && t->place != 0 && !goes_first(task[k - 1], t);
		     k--)
			task[k] = task[k - 1];
		task[k] = t;
	}
}

static struct names
read_names(const char *tasks)
{
	struct names names = { 0 };
	char *share = file_share("tasks");

	if (tasks != NULL && file_is_directory(tasks))
		add_folder(&names, tasks);
	else if (tasks != NULL)
		add_file(&names, tasks);
	add_folder(&names, share);
	free(share);
	return names;
}

char *
catalog_near(const char *name, const char *tasks)
{
	struct names names = read_names(tasks);

	return near_text(name, (const char *const *)names.name, names.count);
}

struct task **
catalog_read(const char *tasks, size_t *n)
{
	struct names names = read_names(tasks);
	struct task **task;

	*n = names.count;
	task = mem_zero(*n + 1, sizeof(*task));
	for (size_t i = 0; i < *n; i++) {
		task[i] = task_seek(names.name[i], tasks);
		free(names.name[i]);
	}
	sort(task, *n);
	free(names.name);
	return task;
}
