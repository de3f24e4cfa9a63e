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
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"

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

/* folder/name without links, if it is a program that fits. */
static bool
is_program(char *path, size_t n, const char *folder, size_t length)
{
	const char *name = die_called();
	char *joined = mem_printf("%.*s/%s", (int)length, folder, name);
	char *whole = realpath(length > 0 ? joined : name, NULL);
	bool is = whole != NULL && access(whole, X_OK) == 0 &&
		  !file_is_directory(whole) && strlen(whole) < n;

	if (is)
		strcpy(path, whole);
	free(whole);
	free(joined);
	return is;
}

bool
system_self(char *path, size_t n)
{
	const char *in = getenv("PATH");

	if (strchr(die_called(), '/') != NULL)
		return is_program(path, n, "", 0);
	for (; in != NULL; in = *in != '\0' ? in + 1 : NULL) {
		size_t length = strcspn(in, ":");

		if (is_program(path, n, in, length))
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

/* The cookie is the descriptor. */
static int
cookie_read(void *cookie, char *p, int n)
{
	return (int)stream_get((int)(intptr_t)cookie, p, (size_t)n);
}

static int
cookie_write(void *cookie, const char *p, int n)
{
	return (int)stream_put((int)(intptr_t)cookie, p, (size_t)n);
}

FILE *
system_stream(int fd, const char *mode)
{
	void *cookie = (void *)(intptr_t)fd;

	return mode[0] == 'r' ? funopen(cookie, cookie_read, NULL, NULL, NULL)
			      : funopen(cookie, NULL, cookie_write, NULL, NULL);
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
