#define _GNU_SOURCE /* fopencookie */
#include "base/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "base/die.h"

/* True if the call that failed is to be made again, once there is a reason. */
static int
again(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		return 0;
	if (errno != EINTR)
		poll(&p, 1, -1);
	return 1;
}

static ssize_t
get(int fd, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got < 0 && again(fd, POLLIN));
	return got;
}

size_t
stream_read(int fd, const char *name, void *p, size_t n)
{
	ssize_t got = get(fd, p, n);

	if (got < 0)
		die("%s:", name);
	return (size_t)got;
}

/* The cookie is the descriptor. */
static ssize_t
cookie_read(void *cookie, char *p, size_t n)
{
	return get((int)(intptr_t)cookie, p, n);
}

/* All n bytes, or 0 and errno, as fopencookie(3) has it. */
static ssize_t
cookie_write(void *cookie, const char *p, size_t n)
{
	int fd = (int)(intptr_t)cookie;

	for (size_t done = 0; done < n;) {
		ssize_t put = write(fd, p + done, n - done);

		if (put < 0 && !again(fd, POLLOUT))
			return 0;
		done += put > 0 ? (size_t)put : 0;
	}
	return (ssize_t)n;
}

FILE *
stream_open(int fd, const char *mode)
{
	FILE *f = fopencookie((void *)(intptr_t)fd, mode,
	    (cookie_io_functions_t){
		.read = cookie_read, .write = cookie_write });

	if (f == NULL)
		die("fopencookie:");
	return f;
}
