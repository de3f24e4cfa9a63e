#define _GNU_SOURCE /* O_TMPFILE */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"

static bool
is_dash(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

const char *
file_name(const char *path)
{
	return is_dash(path) ? "<stdin>" : path;
}

FILE *
file_read(const char *path)
{
	struct stat st;
	FILE *f;

	if (is_dash(path))
		return stdin;
	if ((f = fopen(path, "r")) == NULL || fstat(fileno(f), &st) != 0)
		die("%s:", path);
	if (S_ISDIR(st.st_mode))
		die("%s: is a directory, expected a file", path);
	return f;
}

static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_string(".");
	return mem_stringn(path, slash == path ? 1 : (size_t)(slash - path));
}

static char *
temporary_name(const char *path)
{
	return mem_printf("%s.tmp.%ld", path, (long)getpid());
}

struct file_out *
file_write(const char *path)
{
	struct file_out *out = mem_zero(1, sizeof(*out));
	struct stat st;
	char *directory;
	int fd;

	if (is_dash(path)) {
		out->stream = stdout;
		return out;
	}
	out->path = mem_string(path);
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if (S_ISDIR(st.st_mode))
			die("%s: is a directory, expected a file", path);
		out->in_place = true;
		if ((out->stream = fopen(path, "w")) == NULL)
			die("%s:", path);
		return out;
	}
	directory = directory_of(path);
	fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(directory);
	if (fd < 0) {
		out->temporary = temporary_name(path);
		fd = open(out->temporary,
		    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	}
	if (fd < 0 || (out->stream = fdopen(fd, "w+")) == NULL)
		die("%s:", path);
	return out;
}

/* Give the nameless file the temporary name that rename needs. */
static void
name_it(struct file_out *out)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fileno(out->stream));
	out->temporary = temporary_name(out->path);
	unlink(out->temporary);
	if (linkat(AT_FDCWD, proc, AT_FDCWD, out->temporary,
		AT_SYMLINK_FOLLOW) != 0)
		die("%s:", out->path);
}

void
file_commit(struct file_out *out)
{
	const char *name = out->path != NULL ? out->path : "<stdout>";
	bool bad = fflush(out->stream) != 0 || ferror(out->stream);

	if (out->path != NULL) {
		if (!bad && !out->in_place)
			bad = fsync(fileno(out->stream)) != 0;
		if (!bad && !out->in_place && out->temporary == NULL)
			name_it(out);
		bad |= fclose(out->stream) != 0;
	}
	if (!bad && out->temporary != NULL)
		bad = rename(out->temporary, out->path) != 0;
	if (bad) {
		int saved = errno;

		if (out->temporary != NULL)
			unlink(out->temporary);
		errno = saved;
		die("%s:", name);
	}
	free(out->path);
	free(out->temporary);
	free(out);
}

void
file_finish(void)
{
	bool bad = fflush(stdout) != 0 || ferror(stdout);

	bad |= fclose(stdout) != 0;
	if (bad)
		die("<stdout>:");
}

char *
file_slurp(const char *path, size_t *size)
{
	FILE *f = file_read(path);
	struct buf b = { 0 };
	size_t n;

	do {
		n = fread(buf_reserve(&b, 65536), 1, 65536, f);
		b.size += n;
	} while (n > 0);
	if (ferror(f))
		die("%s:", file_name(path));
	if (f != stdin)
		fclose(f);
	*size = b.size;
	buf_string(&b);
	return b.data;
}

void *
file_map(const char *path, size_t *size)
{
	struct stat st;
	void *p = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		die("%s:", path);
	if (!S_ISREG(st.st_mode))
		die("%s: not a regular file, cannot be mapped", path);
	*size = (size_t)st.st_size;
	if (st.st_size > 0) {
		p = mmap(
		    NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
		if (p == MAP_FAILED)
			die("%s:", path);
	}
	close(fd);
	return p;
}

void
file_unmap(void *p, size_t size)
{
	if (p != NULL)
		munmap(p, size);
}

/* The process in "NAME.tmp.PID", or 0. */
static long long
owner_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	long long pid;

	if (dot == NULL || dot - name < 5 || memcmp(dot - 4, ".tmp", 4) != 0 ||
	    !num_int(dot + 1, 1, INT32_MAX, &pid))
		return 0;
	return pid;
}

void
file_sweep(const char *directory)
{
	DIR *d = opendir(directory);
	struct dirent *entry;

	if (d == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		long long pid = owner_of(entry->d_name);

		if (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	closedir(d);
}

bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool
file_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
file_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

void
file_make_directory(const char *path)
{
	char *copy = mem_string(path);

	for (char *p = copy + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(copy, 0777);
		*p = '/';
	}
	free(copy);
	if (mkdir(path, 0777) == 0 || file_is_directory(path))
		return;
	if (errno == EEXIST)
		die("%s: not a directory", path);
	die("%s:", path);
}

void
file_remove(const char *path)
{
	if (unlink(path) != 0 && errno != ENOENT)
		die("%s:", path);
}

char *
file_join(const char *directory, const char *name)
{
	return mem_printf("%s/%s", directory, name);
}

char *
file_share(const char *name)
{
	static const char *const places[] = { "../share/mtkd", "../../share",
		"../share" };
	const char *share = getenv("MTKD_SHARE");
	char self[4096];
	ssize_t n;
	char *path, *directory;

	if (share != NULL) {
		path = file_join(share, name);
		if (!file_exists(path))
			die("%s: not there; $MTKD_SHARE names its folder",
			    path);
		return path;
	}
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		die("/proc/self/exe:");
	self[n] = '\0';
	directory = directory_of(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		path = mem_printf("%s/%s/%s", directory, places[i], name);
		if (file_exists(path)) {
			free(directory);
			return path;
		}
		free(path);
	}
	die("share/%s: not beside the executable; set $MTKD_SHARE", name);
}
