#define _XOPEN_SOURCE 700 /* realpath */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/system.h"
#include "base/temporary.h"

enum { NAMES = 100 };

/* Names that are replaced. */
struct names {
	const char *const *name;
	size_t count;
};

/* The folder itself, without links and a slash at its end; owned. */
static char *
whole_path(const char *path)
{
	size_t n = strlen(path);
	char *real = realpath(path, NULL);

	if (real != NULL)
		return real;
	while (n > 1 && path[n - 1] == '/')
		n--;
	return mem_stringn(path, n);
}

/* A temporary folder for path; NULL where none can be made, with errno. */
static char *
make_beside(const char *path)
{
	for (size_t i = 0; i < NAMES; i++) {
		char *at = temporary_name(path, i);

		if (mkdir(at, 0777) == 0)
			return at;
		if (errno == EEXIST && temporary_clear(at) &&
		    mkdir(at, 0777) == 0)
			return at;
		free(at);
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

/* Can a file go from one folder to the other by its name? */
static bool
reaches(const char *from, const char *to)
{
	char *a = file_join(from, "probe"), *name = file_join(to, "probe");
	char *b = temporary_name(name, 0);
	int fd = open(a, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	bool good = fd >= 0 && rename(a, b) == 0;

	if (fd >= 0)
		close(fd);
	unlink(good ? b : a);
	free(a);
	free(b);
	free(name);
	return good;
}

/* Beside the folder, or in it where that is another file system or shut. */
static char *
make_temporary(const char *path)
{
	bool there = file_is_directory(path);
	char *at = make_beside(path), *inside;

	if (at != NULL && (!there || reaches(at, path)))
		return at;
	if (at != NULL)
		rmdir(at);
	free(at);
	if (!there)
		die("%s:", path);
	inside = file_join(path, "model");
	if ((at = make_beside(inside)) == NULL)
		die("%s:", path);
	free(inside);
	return at;
}

/* Of a program that ends early nothing is left. */
static void
abandon(void *state)
{
	const struct folder *f = state;

	temporary_remove_tree(f->at);
}

struct folder *
folder_begin(const char *path)
{
	struct folder *f = mem_zero(1, sizeof(*f));
	char *parent;
	struct stat st;

	f->path = whole_path(path);
	parent = file_directory(f->path);
	file_make_directory(parent);
	free(parent);
	if (file_exists(f->path) && !file_is_directory(f->path))
		die("%s: not a directory", path);
	temporary_sweep_beside(f->path);
	temporary_sweep(f->path);
	f->at = make_temporary(f->path);
	f->lock = open(f->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	die_undo(abandon, f);
	if (f->lock < 0)
		die("%s:", f->at);
	temporary_lock(f->lock);
	if (stat(f->path, &st) == 0)
		(void)fchmod(f->lock, st.st_mode & 07777);
	return f;
}

static bool
has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

/* Is there nothing but such names, also in the folders among them? */
static bool
holds_only(const char *path, const struct names *names)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	bool only = d != NULL;

	while (only && (entry = readdir(d)) != NULL) {
		const char *name = entry->d_name;
		char *inner;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    temporary_is(name))
			continue;
		inner = file_join(path, name);
		only = has(names, name) &&
		       (!file_is_directory(inner) || holds_only(inner, names));
		free(inner);
	}
	if (d != NULL)
		closedir(d);
	return only;
}

static bool
stands_in(const char *path, const char *name)
{
	char *whole = file_join(path, name);
	bool is = file_exists(whole);

	free(whole);
	return is;
}

/* What makes it whole: the number of the first of the names that is there. */
static size_t
seal_of(const char *path, const struct names *names)
{
	size_t i = 0;

	while (i < names->count && !stands_in(path, names->name[i]))
		i++;
	return i;
}

/*
 * Remove these names, the first of them first, and folders left empty; but
 * not those after the seal that stand in instead: they will be replaced.
 */
static void
remove_names(const char *path, const struct names *names, const char *instead,
    size_t seal)
{
	for (size_t i = 0; i < names->count; i++) {
		char *name = file_join(path, names->name[i]);

		if (file_is_directory(name)) {
			remove_names(name, names, NULL, names->count);
			rmdir(name);
		} else if (i <= seal || !stands_in(instead, names->name[i])) {
			file_remove(name);
		}
		free(name);
	}
}

static void
move(const struct folder *f, const char *name)
{
	char *from = file_join(f->at, name), *to = file_join(f->path, name);

	if (rename(from, to) != 0)
		die("%s:", to);
	free(from);
	free(to);
}

/* One by one, the seal last. */
static void
replace_names(const struct folder *f, const struct names *names)
{
	size_t seal = seal_of(f->at, names);
	DIR *d = opendir(f->at);
	struct dirent *entry;

	if (d == NULL || seal == names->count)
		die("%s:", f->at);
	die_undo(NULL, NULL); /* from here on it may be all there is */
	remove_names(f->path, names, f->at, seal);
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, names->name[seal]) != 0)
			move(f, entry->d_name);
	closedir(d);
	move(f, names->name[seal]);
	if (rmdir(f->at) != 0)
		die("%s:", f->at);
}

/* In one step; false where that cannot be. */
static bool
exchange(const struct folder *f, const struct names *names)
{
	if (file_same(f->path, ".") || !holds_only(f->path, names))
		return false;
	if (!system_exchange(f->at, f->path))
		return false;
	temporary_remove_tree(f->at);
	return true;
}

void
folder_commit(struct folder *f, const char *const *replaced, size_t count)
{
	const struct names names = { replaced, count };
	char *parent = file_directory(f->path);
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fsync(f->lock) != 0)
		die("%s:", f->at);
	if (!file_exists(f->path)) {
		if (rename(f->at, f->path) != 0)
			die("%s:", f->path);
	} else if (!exchange(f, &names)) {
		replace_names(f, &names);
	}
	die_undo(NULL, NULL);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	close(f->lock);
	free(parent);
	free(f->path);
	free(f->at);
	free(f);
}
