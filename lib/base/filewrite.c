#define _XOPEN_SOURCE 700 /* P_tmpdir */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/system.h"
#include "base/temporary.h"
#include "base/text.h"

enum { LINKS = 40, NAMES = 100 };

/* Where a name that may be a link leads to; owned. */
static char *
follow(const char *path)
{
	char *at = mem_string(path), to[4096];
	struct stat st;

	for (int i = 0; lstat(at, &st) == 0 && S_ISLNK(st.st_mode); i++) {
		ssize_t n = readlink(at, to, sizeof(to) - 1);
		char *folder, *next;

		if (n < 0 || i >= LINKS) {
			errno = n < 0 ? errno : ELOOP;
			die("%s:", path);
		}
		to[n] = '\0';
		folder = file_directory(at);
		next = to[0] == '/' ? mem_string(to) : file_join(folder, to);
		free(folder);
		free(at);
		at = next;
	}
	return at;
}

/* Names of what is open already: there is nothing to rename over. */
static bool
is_open_file(const char *path)
{
	return text_starts(path, "/dev/fd/") || text_starts(path, "/dev/std") ||
	       text_starts(path, "/proc/");
}

static int
open_nameless(const char *path)
{
	char *folder = file_directory(path);
	int fd = system_nameless(folder);

	free(folder);
	return fd;
}

/*
 * clear: in place of what a dead process left.  Not for scratch files, which
 * are beside an output of this process, whose own lock does not show.
 */
static int
open_named(struct file_out *out, bool clear)
{
	for (size_t i = 0; i < NAMES; i++) {
		char *name = temporary_name(out->path, i);
		int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
		int fd = open(name, flags, 0666);

		if (fd < 0 && errno == EEXIST && clear && temporary_clear(name))
			fd = open(name, flags, 0666);
		if (fd >= 0)
			out->temporary = name;
		else
			free(name);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Give the nameless file the temporary name that rename needs. */
static bool
name_it(struct file_out *out)
{
	for (size_t i = 0; i < NAMES; i++) {
		char *name = temporary_name(out->path, i);
		bool named = system_name(out->fd, name);

		if (!named && errno == EEXIST && temporary_clear(name))
			named = system_name(out->fd, name);
		if (named)
			out->temporary = name;
		else
			free(name);
		if (named || errno != EEXIST)
			return named;
	}
	return false;
}

static struct file_out *
to_stream(struct file_out *out)
{
	out->stream = stream_open(out->fd, "w", &out->failed);
	return out;
}

struct file_out *
file_write(const char *path)
{
	struct file_out *out = mem_zero(1, sizeof(*out));
	struct stat st;
	bool there;

	if (path == NULL || strcmp(path, "-") == 0 ||
	    strcmp(path, "/dev/stdout") == 0) {
		fflush(stdout);
		out->fd = STDOUT_FILENO;
		return to_stream(out);
	}
	there = stat(path, &st) == 0;
	if (there && S_ISDIR(st.st_mode))
		die("%s: is a directory, expected a file", path);
	if (is_open_file(path) || (there && !S_ISREG(st.st_mode))) {
		out->path = mem_string(path);
		out->in_place = true;
		out->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
		if (out->fd < 0)
			die("%s:", path);
		return to_stream(out);
	}
	out->path = follow(path);
	if (there && access(out->path, W_OK) != 0)
		die("%s:", path);
	if ((out->fd = open_nameless(out->path)) < 0)
		out->fd = open_named(out, true);
	if (out->fd < 0)
		die("%s:", path);
	temporary_lock(out->fd);
	if (there)
		(void)fchmod(out->fd, st.st_mode & 0777);
	return to_stream(out);
}

/* Close, and tell by errno what went wrong first; 0: nothing. */
static int
close_stream(struct file_out *out)
{
	int problem = fflush(out->stream) != 0 ? errno : 0;
	bool placed = out->path != NULL && !out->in_place;

	if (out->failed != 0)
		problem = out->failed;
	if (problem == 0 && placed && fsync(out->fd) != 0)
		problem = errno;
	if (problem == 0 && placed && out->temporary == NULL && !name_it(out))
		problem = errno;
	/* the lock goes with it: the last thing before it has its name */
	if (problem == 0 && out->temporary != NULL &&
	    rename(out->temporary, out->path) != 0)
		problem = errno;
	if (problem != 0 && out->temporary != NULL)
		unlink(out->temporary);
	fclose(out->stream);
	if (out->path != NULL && close(out->fd) != 0 && problem == 0)
		problem = errno;
	return problem;
}

const char *
file_out_name(const struct file_out *out)
{
	return out->path != NULL ? out->path : "<stdout>";
}

void
file_commit(struct file_out *out)
{
	int problem = close_stream(out);

	if (problem != 0) {
		errno = problem;
		die("%s:", file_out_name(out));
	}
	free(out->path);
	free(out->temporary);
	free(out);
}

void
file_put(const char *path, const void *bytes, size_t n)
{
	struct file_out *out = file_write(path);

	if (n > 0)
		fwrite(bytes, 1, n, out->stream);
	file_commit(out);
}

/*
 * stdio forgets by what an earlier write failed.  That mostly lasts: a line end
 * fails by it too, and is no loss to a text that is cut.
 */
static int
why_failed(void)
{
	return write(STDOUT_FILENO, "\n", 1) < 0 ? errno : EIO;
}

void
file_finish(void)
{
	int problem = fflush(stdout) != 0 ? errno : 0;

	if (problem == 0 && ferror(stdout))
		problem = why_failed();
	if (fclose(stdout) != 0 && problem == 0)
		problem = errno;
	if (problem != 0) {
		errno = problem;
		die("<stdout>:");
	}
}

/* Is a file beside it of no use? */
static bool
is_apart(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0 ||
	       text_starts(path, "/dev/") || text_starts(path, "/proc/");
}

void
file_scratch_failed(const char *path)
{
	if (is_apart(path))
		die("a temporary file in " P_tmpdir ":");
	die("a temporary file beside %s:", path);
}

FILE *
file_scratch(const char *path)
{
	struct file_out out = { 0 };
	FILE *f;
	int fd;

	if (is_apart(path)) {
		if ((f = tmpfile()) == NULL)
			file_scratch_failed(path);
		return f;
	}
	out.path = follow(path);
	if ((fd = open_nameless(out.path)) < 0)
		fd = open_named(&out, false);
	if (fd < 0 || (f = fdopen(fd, "w+")) == NULL ||
	    (out.temporary != NULL && unlink(out.temporary) != 0))
		file_scratch_failed(path);
	free(out.path);
	free(out.temporary);
	return f;
}
