#include "data/about.h"

#include <string.h>

#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/provenance.h"
#include "data/st.h"

enum { START = 4096 }; /* bytes in which a provenance line ends */

static char *
copy(const char *text)
{
	return text != NULL ? mem_string(text) : NULL;
}

static char *
task_of_table(const char *path)
{
	struct provenance p = { 0 };
	char start[START + 1], *end, *task;

	start[file_start(path, start, START)] = '\0';
	end = strchr(start, '\n');
	if (end == NULL)
		return NULL;
	*end = '\0';
	provenance_read(&p, path, 1, start, (size_t)(end - start), NULL);
	task = copy(provenance_value(&p, "task"));
	provenance_free(&p);
	return task;
}

static char *
task_of_pack(const char *path)
{
	struct st *s = st_open(path);
	char *task = copy(st_meta(s, "task"));

	st_close(s);
	return task;
}

char *
about_task(const char *const *path, size_t n)
{
	char *task = NULL;

	for (size_t i = 0; i < n && task == NULL; i++) {
		struct kind_found found;

		if (strcmp(path[i], "-") == 0)
			continue;
		found = kind_of_path(path[i]);
		if (found.kind == KIND_PACK)
			task = task_of_pack(path[i]);
		else if (found.sure)
			task = task_of_table(path[i]);
	}
	return task;
}
