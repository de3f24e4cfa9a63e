#define _XOPEN_SOURCE 700 /* realpath */
#include "base/apart.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/file.h"
#include "base/text.h"

static bool
is_dash(const char *path)
{
	return strcmp(path, "-") == 0;
}

static bool
same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Does path lie in the folder, at any depth? */
static bool
lies_in(const char *path, const struct stat *folder)
{
	char *at = realpath(path, NULL);
	bool found = false;

	while (at != NULL && !found && strcmp(at, "/") != 0) {
		char *above = file_directory(at);
		struct stat st;

		found = stat(above, &st) == 0 && same(&st, folder);
		free(at);
		at = above;
	}
	free(at);
	return found;
}

/* Is a folder read for files whose names end so? */
static bool
is_part(const char *path)
{
	static const char *const ends[] = { ".json", ".txt", ".yml",
		".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".index",
		".meta", "checkpoint" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (text_ends(path, ends[i]))
			return true;
	return strstr(path, ".data-") != NULL;
}

static bool
is_in_folder(const char *path, const struct stat *folder)
{
	char *real = realpath(path, NULL), *above;
	struct stat st;
	bool in;

	if (real == NULL)
		return false;
	above = file_directory(real);
	in = stat(above, &st) == 0 && same(&st, folder);
	free(above);
	free(real);
	return in;
}

void
apart_check(const char *out, const char *in)
{
	struct stat to, from;

	if (is_dash(out) || stat(out, &to) != 0 ||
	    (is_dash(in) ? fstat(0, &from) : stat(in, &from)) != 0 ||
	    !(S_ISREG(to.st_mode) || S_ISDIR(to.st_mode)))
		return;
	if (same(&to, &from))
		die("%s: is both read and written%s%s", out,
		    strcmp(in, out) != 0 ? ", the former as " : "",
		    strcmp(in, out) != 0 ? file_name(in) : "");
	if (S_ISDIR(to.st_mode) && !is_dash(in) && lies_in(in, &to))
		die("%s: is read, but lies in %s, which is about to be "
		    "replaced",
		    in, out);
	if (S_ISREG(to.st_mode) && S_ISDIR(from.st_mode) && is_part(out) &&
	    is_in_folder(out, &from))
		die("%s: is a part of %s, which is read", out, in);
}
