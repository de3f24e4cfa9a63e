#define _XOPEN_SOURCE 700 /* realpath */
#include "base/apart.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
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

/* --- inputs among themselves --- */

struct input {
	const char *path;
	struct stat st;
	size_t nth;
};

static int
compare_numbers(unsigned long long a, unsigned long long b)
{
	return (a > b) - (a < b);
}

/* By size, and the names of one file in the order given. */
static int
by_size(const void *a, const void *b)
{
	const struct input *x = a, *y = b;
	int d = compare_numbers((unsigned long long)x->st.st_size,
	    (unsigned long long)y->st.st_size);

	if (d == 0)
		d = compare_numbers(x->st.st_dev, y->st.st_dev);
	if (d == 0)
		d = compare_numbers(x->st.st_ino, y->st.st_ino);
	return d != 0 ? d : compare_numbers(x->nth, y->nth);
}

/* Have two regular files the same bytes?  False if one cannot be read. */
static bool
are_equal(const char *a, const char *b)
{
	FILE *f = fopen(a, "r"), *g = fopen(b, "r");
	char x[4096], y[4096];
	bool equal = f != NULL && g != NULL;

	for (size_t n = sizeof(x); equal && n == sizeof(x);) {
		n = fread(x, 1, sizeof(x), f);
		equal = fread(y, 1, sizeof(y), g) == n && !ferror(f) &&
			!ferror(g) && memcmp(x, y, n) == 0;
	}
	if (f != NULL)
		fclose(f);
	if (g != NULL)
		fclose(g);
	return equal;
}

/* Two of one size; true if they are equal, which is told. */
static bool
check_pair(const struct input *a, const struct input *b, const char *why)
{
	const struct input *second = a->nth < b->nth ? b : a;
	const struct input *first = second == a ? b : a;
	bool one_name = strcmp(a->path, b->path) == 0;

	if (same(&a->st, &b->st))
		die("%s: given twice%s%s: %s", file_name(second->path),
		    one_name ? "" : ", first as ",
		    one_name ? "" : file_name(first->path), why);
	if (a->st.st_size == 0 || !S_ISREG(a->st.st_mode) ||
	    !S_ISREG(b->st.st_mode) || is_dash(a->path) || is_dash(b->path) ||
	    !are_equal(a->path, b->path))
		return false;
	warn("%s: a copy of %s: %s", second->path, first->path, why);
	return true;
}

void
apart_once(const char *const *path, size_t n, const char *why)
{
	struct input *in = mem_alloc(n, sizeof(*in));
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		struct stat st;
		bool there = is_dash(path[i]) ? fstat(0, &st) == 0
					      : stat(path[i], &st) == 0;

		if (there && !S_ISCHR(st.st_mode))
			in[count++] = (struct input){ path[i], st, i };
	}
	qsort(in, count, sizeof(*in), by_size);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (in[i].st.st_size != in[first].st.st_size)
			first = i;
		for (size_t k = i; k-- > first;) /* one file's names first */
			if (check_pair(&in[k], &in[i], why))
				break;
	}
	free(in);
}
