#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/bus.h"
#include "base/die.h"
#include "base/least.h"
#include "base/mem.h"
#include "base/system.h"

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

char *
file_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_string(".");
	return mem_stringn(path, slash == path ? 1 : (size_t)(slash - path));
}

/* A pipe of the shell's is read to its end; one by name may have none. */
static void
refuse_fifo(const char *path)
{
	struct stat st;

	if (!is_dash(path) && lstat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		die("%s: not a regular file", path);
}

/* At most most bytes. */
static char *
slurp(FILE *f, const char *path, size_t most, size_t *size)
{
	struct buf b = { 0 };
	size_t n;

	do {
		size_t want = least(most - b.size, 65536);

		n = fread(buf_reserve(&b, want), 1, want, f);
		b.size += n;
	} while (n > 0);
	if (ferror(f))
		die("%s:", file_name(path));
	*size = b.size;
	buf_string(&b);
	return b.data;
}

char *
file_slurp(const char *path, size_t *size)
{
	FILE *f;
	char *bytes;

	refuse_fifo(path);
	f = file_read(path);
	bytes = slurp(f, path, FILE_MOST + 1, size);
	if (*size > FILE_MOST)
		die("%s: more than %zu bytes", file_name(path), FILE_MOST);
	if (f != stdin)
		fclose(f);
	return bytes;
}

char *
file_slurp_stdin(size_t most, size_t *size)
{
	return slurp(stdin, "-", most, size);
}

/* Never waits, as for the other end of a pipe. */
static int
open_regular(const char *path, size_t *size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		die("%s:", path);
	if (S_ISDIR(st.st_mode))
		die("%s: is a directory, expected a file", path);
	if (!S_ISREG(st.st_mode))
		die("%s: not a regular file", path);
	*size = (size_t)st.st_size;
	return fd;
}

void *
file_map(const char *path, size_t *size)
{
	int fd = open_regular(path, size);
	void *p = NULL;

	bus_watch();
	if (*size > 0) {
		p = mmap(
		    NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
		if (p == MAP_FAILED)
			die("%s:", path);
	}
	close(fd);
	return p;
}

void *
file_load(const char *path, size_t *size)
{
	int fd = open_regular(path, size);
	char *p = mem_alloc(*size, 1);
	size_t n = 0;
	ssize_t got;

	while (n < *size && (got = read(fd, p + n, *size - n)) != 0) {
		if (got < 0 && errno != EINTR)
			die("%s:", path);
		n += got > 0 ? (size_t)got : 0;
	}
	if (n < *size)
		die("%s: was cut while it was read", path);
	close(fd);
	return p;
}

void
file_unmap(void *p, size_t size)
{
	if (p != NULL)
		munmap(p, size);
}

size_t
file_start(const char *path, void *start, size_t n)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t got = 0;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		got = read(fd, start, n);
	close(fd);
	return got > 0 ? (size_t)got : 0;
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
file_is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
file_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static void
make_one(const char *path)
{
	int problem;

	if (mkdir(path, 0777) == 0)
		return;
	problem = errno;
	if (file_is_directory(path))
		return;
	if (problem == EEXIST)
		die("%s: not a directory", path);
	errno = problem;
	die("%s:", path);
}

void
file_make_directory(const char *path)
{
	char *copy = mem_string(path);

	for (char *p = copy + 1; *copy != '\0' && *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		make_one(copy);
		*p = '/';
	}
	free(copy);
	make_one(path);
}

static struct file_id
identity_of(const struct stat *st)
{
	struct timespec changed = system_changed(st);

	return (struct file_id){ .device = (uint64_t)st->st_dev,
		.number = (uint64_t)st->st_ino,
		.size = (uint64_t)st->st_size,
		.seconds = (int64_t)changed.tv_sec,
		.nanoseconds = (int64_t)changed.tv_nsec };
}

struct file_id
file_identity(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? identity_of(&st) : (struct file_id){ 0 };
}

int
file_watch(const char *path, struct file_id *id)
{
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (file < 0 || fstat(file, &st) != 0)
		die("%s:", path);
	*id = identity_of(&st);
	return file;
}

bool
file_watched_same(int file, const struct file_id *was)
{
	struct file_id is = { 0 };
	struct stat st;

	if (fstat(file, &st) == 0)
		is = identity_of(&st);
	return memcmp(&is, was, sizeof(is)) == 0;
}

bool
file_unchanged(const char *path, const struct file_id *was)
{
	struct file_id is = file_identity(path);

	return memcmp(&is, was, sizeof(is)) == 0;
}

size_t
file_room(const char *directory)
{
	struct statvfs s;
	size_t blocks, most = SIZE_MAX;

	if (statvfs(directory, &s) != 0 || s.f_blocks == 0)
		return most;
	/* root alone may use what is put by */
	blocks = (size_t)(geteuid() == 0 ? s.f_bfree : s.f_bavail);
	return s.f_frsize > 0 && blocks < most / s.f_frsize
		   ? blocks * s.f_frsize
		   : most;
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
