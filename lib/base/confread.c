#include <stdlib.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/kind.h"

struct conf *
conf_read_yaml(const char *path, enum file_kind wanted)
{
	unsigned maps = (unsigned)wanted | KIND_YAML | KIND_JSON | KIND_JSONL;
	const char *name = file_name(path);
	struct kind_found found;
	struct conf *c;
	char *text;
	size_t n;

	kind_refuse_folder(path, (unsigned)wanted);
	text = file_slurp(path, &n);
	found = kind_of_bytes(text, n);
	/* plain text and CSV may yet be a map in a form of its own */
	if (found.kind != KIND_TEXT && found.kind != KIND_CSV &&
	    (maps & (unsigned)found.kind) == 0)
		kind_refuse(&found, name, (unsigned)wanted);
	c = conf_yaml(name, text, n);
	if (c->kind != CONF_MAP && (maps & (unsigned)found.kind) == 0)
		kind_refuse(&found, name, (unsigned)wanted);
	free(text);
	return c;
}

struct conf *
conf_read_json(const char *path)
{
	size_t n;
	char *text = file_slurp(path, &n);
	struct kind_found found;
	struct conf *c;

	found = kind_of_bytes(text, n);
	if (found.sure)
		kind_refuse(&found, file_name(path), KIND_JSON);
	c = conf_json(file_name(path), text, n);
	free(text);
	return c;
}
