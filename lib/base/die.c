#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <omp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/least.h"
#include "base/utf8.h"

enum { LINE = 4096 }; /* the most of a message, cut there */

/* The one mutable global of the project: who speaks, and how it ends. */
static struct {
	const char *program, *called;
	size_t rank, size;
	void (*wait)(void);
	void (*end)(int status);
	void (*undo)(void *state);
	void *state;
	die_handler *caught;
	void *place;
} self = { "mtkd", "", 0, 1, NULL, NULL, NULL, NULL, NULL, NULL };

/*
 * stdin for writing and the others for reading: who uses one that was closed
 * is told so.  Without devices, "/" does as well.
 */
static void
open_streams(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		int flags = fd == 0 ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* the lowest number that is free: fd */
		if (open("/dev/null", flags) < 0)
			(void)open("/", O_RDONLY);
	}
}

void
die_program(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	open_streams();
	self.called = argv0;
	self.program = slash != NULL ? slash + 1 : argv0;
}

const char *
die_name(void)
{
	return self.program;
}

const char *
die_called(void)
{
	return self.called;
}

void
die_among(size_t rank, size_t size, void (*wait)(void), void (*end)(int status))
{
	self.rank = rank;
	self.size = size;
	self.wait = wait;
	self.end = end;
}

void
die_undo(void (*undo)(void *state), void *state)
{
	self.undo = undo;
	self.state = state;
}

void
die_catch(die_handler *handler, void *place)
{
	self.caught = handler;
	self.place = place;
}

/* Control characters, and those that turn the direction of writing. */
static bool
is_hidden(uint32_t c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) ||
	       c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/*
 * What a file says must neither look like a line of ours nor steer a terminal:
 * control characters but tabs, and those that turn the direction of writing,
 * become "\\n", "\\x1b" or "\\u202e", bytes that are no UTF-8 "\\xff".  In
 * place, cut where it grows beyond a line; returns the length.
 */
static size_t
escape(char line[LINE], size_t n)
{
	char out[LINE];
	size_t used = 0, i = 0;

	while (i < n) {
		size_t length = 1,
		       valid = utf8_check(line + i, least(n - i, 4));
		uint32_t c = valid > 0 ? utf8_get(line + i, &length)
				       : (unsigned char)line[i];
		char text[16];
		int wide;

		if (valid > 0 && !is_hidden(c))
			wide = snprintf(
			    text, sizeof(text), "%.*s", (int)length, line + i);
		else if (c == '\n' || c == '\r')
			wide = snprintf(
			    text, sizeof(text), c == '\n' ? "\\n" : "\\r");
		else
			wide = snprintf(text, sizeof(text),
			    valid > 0 && c > 0x7f ? "\\u%04x" : "\\x%02x",
			    (unsigned)c);
		if (used + (size_t)wide >= LINE - 1)
			break;
		memcpy(out + used, text, (size_t)wide);
		used += (size_t)wide;
		i += length;
	}
	memcpy(line, out, used);
	line[used] = '\0';
	return used;
}

/*
 * "program: rank: before text" and, after a ':', errno's, without a line end;
 * returns the length.
 */
static size_t
compose(char line[LINE], const char *before, const char *format, va_list args)
{
	const size_t room = LINE - 1; /* put adds the line end */
	char who[64] = "";
	int saved = errno, n;
	size_t used, length = strlen(format);

	if (self.rank > 0)
		snprintf(who, sizeof(who), "rank %zu of %zu: ", self.rank,
		    self.size);
	n = snprintf(line, room, "%s: %s%s", self.program, who, before);
	used = n < 0 ? 0 : (size_t)n;
	if (used < room) {
		n = vsnprintf(line + used, room - used, format, args);
		used += n < 0 ? 0 : (size_t)n;
	}
	if (length > 0 && format[length - 1] == ':' && used < room) {
		n = snprintf(line + used, room - used, " %s", strerror(saved));
		used += n < 0 ? 0 : (size_t)n;
	}
	return escape(line, used < room ? used : room - 1);
}

/* One line in one write, so that lines of parallel programs do not mix. */
static void
put(char *line, size_t length)
{
	line[length] = '\n';
	fwrite(line, 1, length + 1, stderr);
}

/*
 * A verdict, which ends this process and those that work with it; of several
 * processes, the first one's comes first.
 */
static _Noreturn void
judge(int status, char *text, size_t length)
{
	if (self.rank > 0 && self.wait != NULL)
		self.wait();
	if (self.caught != NULL && !omp_in_parallel()) {
		if (self.undo != NULL)
			self.undo(self.state);
		self.undo = NULL;
		self.caught(status, text, self.place);
	} else {
		put(text, length);
		if (status == 2)
			fprintf(
			    stderr, "usage: see '%s --help'\n", self.program);
	}
	if (self.undo != NULL)
		self.undo(self.state);
	if (self.end != NULL)
		self.end(status);
	exit(status);
}

void
die(const char *format, ...)
{
	char line[LINE];
	va_list args;
	size_t n;

	va_start(args, format);
	n = compose(line, "", format, args);
	va_end(args);
	judge(1, line, n);
}

void
die_at(const char *file, size_t line, const char *format, ...)
{
	char before[1024], text[LINE];
	int saved = errno;
	va_list args;
	size_t n;

	if (line > 0)
		snprintf(before, sizeof(before), "%s:%zu: ", file, line);
	else
		snprintf(before, sizeof(before), "%s: ", file);
	errno = saved;
	va_start(args, format);
	n = compose(text, before, format, args);
	va_end(args);
	judge(1, text, n);
}

void
die_usage(const char *format, ...)
{
	char line[LINE];
	va_list args;
	size_t n;

	va_start(args, format);
	n = compose(line, "", format, args);
	va_end(args);
	judge(2, line, n);
}

void
die_at_once(const char *text)
{
	const char *const parts[] = { self.program, ": ", text, "\n" };
	struct iovec whole[sizeof(parts) / sizeof(parts[0])];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		whole[i] =
		    (struct iovec){ .iov_base = (void *)(uintptr_t)parts[i],
			    .iov_len = strlen(parts[i]) };
	(void)!writev(2, whole, sizeof(parts) / sizeof(parts[0]));
	_exit(1);
}

static void
say(const char *before, const char *format, va_list args)
{
	char line[LINE];

	if (self.rank == 0)
		put(line, compose(line, before, format, args));
}

void
warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("warning: ", format, args);
	va_end(args);
}

void
note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args);
	va_end(args);
}
