#include "base/bus.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

/* All of this runs in a signal handler: no memory, no stdio. */

enum { LINE = 4352 }; /* a path of 4096 bytes and what stands before it */

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

/* Find the file that is mapped at an address; false if there is none. */
static bool
find(char path[LINE], uintptr_t at)
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
			if (n < LINE - 1)
				path[n++] = byte;
			continue;
		}
		path[n] = '\0';
		n = 0;
		if ((name = path_of(path, at)) != NULL) {
			memmove(path, name, strlen(name) + 1);
			found = true;
		}
	}
	close(fd);
	return found;
}

static void
on_bus(int number, siginfo_t *info, void *context)
{
	static const char text[] =
	    ": was cut, or cannot be read, while it was in use";
	char path[LINE + sizeof(text)];

	(void)number;
	(void)context;
	if (!find(path, (uintptr_t)info->si_addr))
		strcpy(path, "a file");
	strcat(path, text);
	die_at_once(path);
}

void
bus_watch(void)
{
	struct sigaction action = { .sa_sigaction = on_bus,
		.sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}
