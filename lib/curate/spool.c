#include "curate/spool.h"

#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/file.h"
#include "base/least.h"
#include "base/mem.h"

/* Larger ones waste time on rows out of order, smaller ones on calls. */
enum { WINDOW = 32768 };

struct spool {
	FILE *stream;
	size_t *end; /* [rows] offset of each row's end */
	size_t rows, room;
	char *window; /* a part of the file, from window_start on */
	size_t window_start, window_size, window_room;
};

struct spool *
spool_create(void)
{
	struct spool *s = mem_zero(1, sizeof(*s));

	s->stream = file_scratch(NULL);
	return s;
}

FILE *
spool_stream(struct spool *s)
{
	return s->stream;
}

void
spool_end(struct spool *s)
{
	off_t at = ftello(s->stream);

	if (at < 0 || ferror(s->stream))
		file_scratch_failed(NULL);
	s->end = mem_grow(s->end, &s->room, s->rows + 1, sizeof(*s->end));
	s->end[s->rows++] = (size_t)at;
}

size_t
spool_rows(const struct spool *s)
{
	return s->rows;
}

void
spool_close(struct spool *s)
{
	if (fflush(s->stream) != 0 || ferror(s->stream))
		file_scratch_failed(NULL);
}

/* Fill the window from an offset on, with n bytes at least. */
static void
fill(struct spool *s, size_t start, size_t n)
{
	size_t want = most(n, WINDOW);

	s->window = mem_grow(s->window, &s->window_room, want, 1);
	s->window_start = start;
	s->window_size = 0;
	while (s->window_size < n) {
		ssize_t got =
		    pread(fileno(s->stream), s->window + s->window_size,
			want - s->window_size, (off_t)(start + s->window_size));

		if (got <= 0)
			file_scratch_failed(NULL);
		s->window_size += (size_t)got;
	}
}

const char *
spool_row(struct spool *s, size_t row, size_t *size)
{
	size_t start = row > 0 ? s->end[row - 1] : 0;

	*size = s->end[row] - start;
	if (s->window == NULL || start < s->window_start ||
	    s->end[row] > s->window_start + s->window_size)
		fill(s, start, *size);
	return s->window + (start - s->window_start);
}

void
spool_free(struct spool *s)
{
	fclose(s->stream);
	free(s->window);
	free(s->end);
	free(s);
}
