#include "port/sourcest.h"

static void
close_st(void *thing)
{
	st_close(thing);
}

void
source_add_safetensors(struct source *s, const char *path)
{
	struct st *file = st_open(path);

	source_keep(s, file, close_st);
	for (size_t i = 0; i < st_count(file); i++) {
		const struct st_tensor *t = st_at(file, i);

		source_add(
		    s, path, t->name, t->type, t->rank, t->shape, t->data);
	}
}

struct source *
source_safetensors(const char *path)
{
	struct source *s = source_new(SOURCE_SAFETENSORS, path);

	source_add_safetensors(s, s->path);
	source_check_names(s);
	return s;
}
