#include "base/lines.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"

enum { BLOCK = 1 << 16 }; /* bytes read at a time */

/* What is passed over of a line that is too long, at most. */
#define DROPPED ((size_t)1 << 30)

void
lines_too_long(const char *name, size_t line)
{
	die_at(name, line, "a line of more than %d bytes", LINES_MOST);
}

void
lines_open(struct lines *l, const char *path)
{
	*l = (struct lines){ .stream = file_read(path),
		.path = file_name(path) };
}

void
lines_close(struct lines *l)
{
	if (l->stream != stdin)
		fclose(l->stream);
	free(l->in);
}

/* Read what there is, waiting for the first byte. */
static void
fill(struct lines *l)
{
	size_t got;

	if (l->at > 0) {
		memmove(l->in, l->in + l->at, l->end - l->at);
		l->end -= l->at;
		l->at = 0;
	}
	l->in = mem_grow(l->in, &l->room, l->end + BLOCK, 1);
	got = stream_read(fileno(l->stream), l->path, l->in + l->end, BLOCK);
	l->end += got;
	l->ended = got == 0;
}

const char *
lines_start(struct lines *l, size_t *n)
{
	if (l->end == 0 && !l->ended)
		fill(l);
	*n = l->end;
	return l->in;
}

static const char *
line_break(const struct lines *l, size_t from)
{
	size_t n = l->end - l->at;

	return from < n ? memchr(l->in + l->at + from, '\n', n - from) : NULL;
}

bool
lines_ready(struct lines *l)
{
	struct pollfd p = { .fd = fileno(l->stream), .events = POLLIN };

	while (!l->ended && line_break(l, 0) == NULL) {
		if (l->end - l->at > LINES_MOST) /* nor does it get more */
			return true;
		if (poll(&p, 1, 0) <= 0)
			return false;
		fill(l);
	}
	return true;
}

/* Keep the beginning of a line that is too long; returns what is dropped. */
static size_t
drop(struct lines *l)
{
	size_t n = l->end - l->at;

	if (n <= LINES_MOST)
		return 0;
	l->end = l->at + LINES_MOST;
	return n - LINES_MOST;
}

const char *
lines_next(struct lines *l, size_t *n)
{
	const char *end, *text;
	size_t seen = 0, dropped = 0;

	while ((end = line_break(l, seen)) == NULL && !l->ended) {
		dropped += drop(l);
		if (dropped > DROPPED || (dropped > 0 && !l->forgiving))
			lines_too_long(l->path, l->number + 1);
		seen = l->end - l->at;
		fill(l);
	}
	text = l->in + l->at;
	*n = end != NULL ? (size_t)(end - text) : l->end - l->at;
	if (end == NULL && *n == 0)
		return NULL;
	l->number++;
	l->complete = end != NULL;
	l->at += *n + l->complete;
	l->too_long = dropped > 0 || *n > LINES_MOST;
	if (l->too_long && !l->forgiving)
		lines_too_long(l->path, l->number);
	return text;
}
