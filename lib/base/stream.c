#include "base/stream.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/die.h"
#include "base/system.h"

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

/* All n bytes. */
static ssize_t
put(int fd, const void *p, size_t n)
{
	const char *bytes = p;

	for (size_t done = 0; done < n;) {
		ssize_t did = write(fd, bytes + done, n - done);

		if (did < 0 && !again(fd, POLLOUT))
			return -1;
		done += did > 0 ? (size_t)did : 0;
	}
	return (ssize_t)n;
}

FILE *
stream_open(int fd, const char *mode, int *failed)
{
	FILE *f =
	    system_stream(fd, mode, (struct system_io){ get, put, failed });

	if (f == NULL)
		die("no stream:");
	return f;
}
