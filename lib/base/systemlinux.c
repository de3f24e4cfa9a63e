#define _GNU_SOURCE /* all that is here */
#include "base/system.h"

#ifdef SYSTEM_LINUX

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"

int
system_cpus(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return CPU_COUNT(&set);
}

int
system_others(void)
{
	FILE *f = fopen("/proc/loadavg", "r");
	char line[128], *word = NULL, *rest;
	long long running = 1;

	if (f == NULL)
		return 0;
	/* three averages, then "running/all" */
	if (fgets(line, sizeof(line), f) != NULL) {
		word = strtok_r(line, " ", &rest);
		for (int i = 0; i < 3 && word != NULL; i++)
			word = strtok_r(NULL, i < 2 ? " " : "/", &rest);
	}
	fclose(f);
	if (word == NULL || !num_int(word, 1, 1 << 20, &running))
		return 0;
	return (int)running - 1;
}

bool
system_self(char *path, size_t n)
{
	ssize_t got = readlink("/proc/self/exe", path, n - 1);

	if (got < 0)
		return false;
	path[got] = '\0';
	return true;
}

/* By the system's name for it where the program's own leads elsewhere now. */
void
system_restart(char **argv)
{
	static const char *const self = "/proc/self/exe";
	struct stat here, there;
	char path[4096];

	if (system_self(path, sizeof(path)))
		execv(stat(path, &here) == 0 && stat(self, &there) == 0 &&
			      here.st_dev == there.st_dev &&
			      here.st_ino == there.st_ino
			  ? path
			  : self,
		    argv);
}

/* A hexadecimal number at *p, which moves behind it. */
static uintptr_t
hex(const char **p)
{
	uintptr_t v = 0;

	for (;; ++*p)
		if (**p >= '0' && **p <= '9')
			v = v << 4 | (uintptr_t)(**p - '0');
		else if (**p >= 'a' && **p <= 'f')
			v = v << 4 | (uintptr_t)(**p - 'a' + 10);
		else
			return v;
}

/* "from-to rwxp offset device inode   path": the path if at lies in it. */
static const char *
path_of(const char *line, uintptr_t at)
{
	uintptr_t from = hex(&line), to;

	if (*line++ != '-')
		return NULL;
	to = hex(&line);
	return from <= at && at < to ? strchr(line, '/') : NULL;
}

bool
system_mapped(char path[SYSTEM_PATH], const void *address)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	bool found = false;
	size_t n = 0;
	char byte;

	if (fd < 0)
		return false;
	while (!found && read(fd, &byte, 1) == 1) {
		const char *name;

		if (byte != '\n') {
			if (n < SYSTEM_PATH - 1)
				path[n++] = byte;
			continue;
		}
		path[n] = '\0';
		n = 0;
		if ((name = path_of(path, (uintptr_t)address)) != NULL) {
			memmove(path, name, strlen(name) + 1);
			found = true;
		}
	}
	close(fd);
	return found;
}

bool
system_room(size_t n)
{
	void *p = mmap(NULL, n, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, n);
	return p != MAP_FAILED;
}

size_t
system_page(void)
{
	return (size_t)1 << 21;
}

void
system_large(void *p, size_t n)
{
	madvise(p, n, MADV_HUGEPAGE);
}

/* With /proc a file without a name can be given one. */
int
system_nameless(const char *folder)
{
	if (access("/proc/self/fd", X_OK) != 0)
		return -1;
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
}

bool
system_name(int file, const char *path)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", file);
	return linkat(AT_FDCWD, proc, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* musl has it from 1.2.6 on. */
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
static int
renameat2(int in, const char *from, int to_in, const char *to, unsigned how)
{
	return (int)syscall(SYS_renameat2, in, from, to_in, to, how);
}
#endif

bool
system_exchange(const char *a, const char *b)
{
	return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0;
}

struct cookie {
	int fd;
	struct system_io io;
};

static ssize_t
cookie_read(void *cookie, char *p, size_t n)
{
	const struct cookie *c = cookie;

	return c->io.get(c->fd, p, n);
}

static ssize_t
cookie_write(void *cookie, const char *p, size_t n)
{
	const struct cookie *c = cookie;
	ssize_t put = c->io.put(c->fd, p, n);

	if (put < 0 && c->io.failed != NULL)
		*c->io.failed = errno;
	return put < 0 ? 0 : put; /* as fopencookie(3) has it */
}

static int
cookie_close(void *cookie)
{
	free(cookie);
	return 0;
}

FILE *
system_stream(int fd, const char *mode, struct system_io io)
{
	static const cookie_io_functions_t functions = { .read = cookie_read,
		.write = cookie_write,
		.close = cookie_close };
	struct cookie *c = malloc(sizeof(*c));
	FILE *f;

	if (c == NULL)
		return NULL;
	*c = (struct cookie){ fd, io };
	if ((f = fopencookie(c, mode, functions)) == NULL)
		free(c);
	return f;
}

bool
system_take_signal(int number, bool *from_kernel)
{
	siginfo_t info = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	if (sigtimedwait(&set, &info, &(struct timespec){ 0 }) != number)
		return false;
	*from_kernel = system_from_kernel(&info);
	return true;
}

bool
system_from_kernel(const siginfo_t *info)
{
	return info->si_code > 0;
}

void
system_block_signal(void *context, int number)
{
	ucontext_t *interrupted = context;

	sigaddset(&interrupted->uc_sigmask, number);
}

struct timespec
system_changed(const struct stat *st)
{
	return st->st_mtim;
}

#endif
