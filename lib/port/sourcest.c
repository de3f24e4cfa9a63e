#include "port/sourcest.h"

#include <string.h>

#include "base/die.h"
#include "model/packed.h"

static void
close_st(void *thing)
{
	st_close(thing);
}

void
source_add_safetensors(struct source *s, const char *path)
{
	struct st *file = st_open(path);
	const char *format = st_meta(file, "format");

	source_keep(s, file, close_st);
	if (format != NULL &&
	    (strcmp(format, "tf") == 0 || strcmp(format, "flax") == 0))
		die_at(path, 0,
		    "tensors of the format '%s', expected 'pt': others lie "
		    "transposed under other names",
		    format);
	packed_refuse(file, path);
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
