/* What else there is: funopen, memory that is no file. */
#undef _POSIX_C_SOURCE
#define _DEFAULT_SOURCE
#include "base/system.h"

#ifndef SYSTEM_LINUX

#include <errno.h>
#include <omp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"

int
system_cpus(void)
{
	return omp_get_num_procs();
}

int
system_others(void)
{
	return 0;
}

/* A name without links, if it is that of a program and fits. */
static bool
is_program(char *path, size_t n, const char *name)
{
	char *whole = realpath(name, NULL);
	struct stat st;
	bool is = whole != NULL && access(whole, X_OK) == 0 &&
		  stat(whole, &st) == 0 && S_ISREG(st.st_mode) &&
		  strlen(whole) < n;

	if (is)
		strcpy(path, whole);
	free(whole);
	return is;
}

bool
system_self(char *path, size_t n)
{
	const char *in = getenv("PATH"), *name = die_called();
	char joined[SYSTEM_PATH];

	if (strchr(name, '/') != NULL)
		return is_program(path, n, name);
	for (; in != NULL; in = *in != '\0' ? in + 1 : NULL) {
		size_t length = strcspn(in, ":");
		int used = snprintf(joined, sizeof(joined), "%.*s/%s",
		    length > 0 ? (int)length : 1, length > 0 ? in : ".", name);

		if (used > 0 && (size_t)used < sizeof(joined) &&
		    is_program(path, n, joined))
			return true;
		in += length;
	}
	return false;
}

void
system_restart(char **argv)
{
	(void)argv;
}

bool
system_mapped(char path[SYSTEM_PATH], const void *address)
{
	(void)path;
	(void)address;
	return false;
}

bool
system_room(size_t n)
{
	void *p = mmap(NULL, n, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, n);
	return p != MAP_FAILED;
}

size_t
system_page(void)
{
	return 64;
}

void
system_large(void *p, size_t n)
{
	(void)p;
	(void)n;
}

int
system_nameless(const char *folder)
{
	(void)folder;
	return -1;
}

bool
system_name(int file, const char *path)
{
	(void)file;
	(void)path;
	errno = ENOTSUP;
	return false;
}

bool
system_exchange(const char *a, const char *b)
{
	(void)a;
	(void)b;
	errno = ENOTSUP;
	return false;
}

struct cookie {
	int fd;
	struct system_io io;
};

static int
cookie_read(void *cookie, char *p, int n)
{
	const struct cookie *c = cookie;

	return (int)c->io.get(c->fd, p, (size_t)n);
}

static int
cookie_write(void *cookie, const char *p, int n)
{
	const struct cookie *c = cookie;

	ssize_t put = c->io.put(c->fd, p, (size_t)n);

	if (put < 0 && c->io.failed != NULL)
		*c->io.failed = errno;
	return (int)put;
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
	bool reads = mode[0] == 'r';
	struct cookie *c = malloc(sizeof(*c));
	FILE *f;

	if (c == NULL)
		return NULL;
	*c = (struct cookie){ fd, io };
	f = funopen(c, reads ? cookie_read : NULL, reads ? NULL : cookie_write,
	    NULL, cookie_close);
	if (f == NULL)
		free(c);
	return f;
}

bool
system_take_signal(int number, bool *from_kernel)
{
	sigset_t set;

	/* sigwait would wait for it */
	*from_kernel = false;
	if (sigpending(&set) != 0 || sigismember(&set, number) != 1)
		return false;
	sigemptyset(&set);
	sigaddset(&set, number);
	return sigwait(&set, &number) == 0;
}

bool
system_from_kernel(const siginfo_t *info)
{
	(void)info;
	return false;
}

void
system_block_signal(void *context, int number)
{
	ucontext_t *interrupted = context;

#ifdef __OpenBSD__
	interrupted->sc_mask |= 1 << (number - 1);
#else
	sigaddset(&interrupted->uc_sigmask, number);
#endif
}

struct timespec
system_changed(const struct stat *st)
{
#ifdef __APPLE__
	return st->st_mtimespec;
#else
	return st->st_mtim;
#endif
}

#endif
