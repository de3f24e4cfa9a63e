#include "model/modelfolder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/temporary.h"

/* The seal first; then what would speak against it, and what training left. */
static const char *const names[] = { "model.safetensors", "config.json",
	"vocab.txt", "tokenizer_config.json", "special_tokens_map.json",
	"model.onnx", "tokenizer.json", "added_tokens.json",
	"resume.safetensors", "recipe.yml", "log.tsv", "dev.tsv", "best" };

enum {
	ALL = sizeof(names) / sizeof(names[0]),
	OURS = 6,
	HISTORY = MODELFOLDER_FILES
};

static bool
is_ours(const char *name)
{
	for (size_t i = 0; i < ALL; i++)
		if ((i < OURS || i >= HISTORY) && strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
check_config(const char *folder)
{
	char *path = file_join(folder, "config.json");
	struct conf *c;

	if (file_exists(path)) {
		c = conf_read_json(path);
		if (conf_get(c, "mtkd") == NULL)
			die("%s: no key 'mtkd': another program's model; "
			    "--force replaces it",
			    path);
		conf_free(c);
	}
	free(path);
}

static void
check_names(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	if (d == NULL)
		die("%s:", folder);
	while ((entry = readdir(d)) != NULL) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    !temporary_is(name) && !is_ours(name))
			die("%s: holds '%s', which no model of mtkd does; "
			    "--force writes there all the same",
			    folder, name);
	}
	closedir(d);
	check_config(folder);
}

void
modelfolder_claim(const char *path, bool force)
{
	char *best = file_join(path, "best");

	if (!force && file_is_directory(path))
		check_names(path);
	if (!force && file_is_directory(best))
		check_names(best);
	free(best);
}

char *
modelfolder_tensors(const char *path)
{
	char *file;

	if (!file_is_directory(path))
		return mem_string(path);
	file = file_join(path, "model.safetensors");
	if (!file_exists(file))
		kind_refuse_path(path, KIND_MODEL | KIND_PACK);
	return file;
}

void
modelfolder_commit(struct folder *f, bool history)
{
	folder_commit(f, names, history ? HISTORY : ALL);
}

void
modelfolder_look(struct modelfolder_seen *seen, const char *path)
{
	for (size_t i = 0; i < MODELFOLDER_FILES; i++) {
		char *name = file_join(path, names[i]);

		seen->id[i] = file_identity(name);
		free(name);
	}
}

void
modelfolder_check(const struct modelfolder_seen *seen, const char *path)
{
	struct modelfolder_seen now;

	modelfolder_look(&now, path);
	if (memcmp(&now, seen, sizeof(now)) != 0)
		die("%s: was replaced while it was read; try again", path);
}
