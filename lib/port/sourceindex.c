#include "port/sourceindex.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "port/sourcest.h"
#include "port/sourcetorch.h"

/* A shard's name stays in the folder of the index. */
static char *
shard_path(const char *index, const struct conf *name)
{
	const char *slash = strrchr(index, '/');

	if (name->kind != CONF_SCALAR || !name->quoted ||
	    name->text[0] == '\0' || strchr(name->text, '/') != NULL)
		die_at(index, name->line,
		    "weight_map: '%s', expected the "
		    "name of a file beside it",
		    name->kind == CONF_SCALAR ? name->text : "a list or map");
	return mem_printf("%.*s%s",
	    slash != NULL ? (int)(slash - index + 1) : 0, index, name->text);
}

/* Open the shard unless its tensors are there already. */
static void
add_shard(struct source *s, const char *path)
{
	bool there = false;
	char *kept;

	for (size_t i = 0; i < s->count && !there; i++)
		there = strcmp(s->item[i].path, path) == 0;
	if (there)
		return;
	kept = mem_string(path);
	source_keep(s, kept, free);
	if (s->kind == SOURCE_TORCH)
		source_add_torch(s, kept);
	else
		source_add_safetensors(s, kept);
}

struct source *
source_index(const char *path, enum source_kind kind)
{
	struct source *s = source_new(kind, path);
	struct conf *json = conf_read_json(path);
	const struct conf *map = conf_get(json, "weight_map");

	if (map == NULL || map->kind != CONF_MAP || map->count == 0)
		die_at(path, 0,
		    "no weight_map, expected the index of a model in several "
		    "files");
	for (size_t i = 0; i < map->count; i++) {
		char *shard = shard_path(path, map->item[i]);
		long long n;

		add_shard(s, shard);
		n = source_find(s, map->key[i]);
		if (n < 0 || strcmp(s->item[n].path, shard) != 0)
			die_at(path, map->item[i]->line,
			    "tensor '%s' is not in %s", map->key[i], shard);
		free(shard);
	}
	if (s->count != map->count)
		die_at(path, 0, "%zu tensor%s, but the files hold %zu",
		    map->count, num_s(map->count), s->count);
	conf_free(json);
	source_check_names(s);
	return s;
}
