#include "corpus/spool.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/die.h"
#include "base/mem.h"

struct spool {
	FILE *stream;
	size_t *end; /* [rows] offset of each row's end */
	size_t rows, room;
	char *map;
};

struct spool *
spool_create(void)
{
	struct spool *s = mem_zero(1, sizeof(*s));

	if ((s->stream = tmpfile()) == NULL)
		die("temporary file:");
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
		die("temporary file:");
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
	size_t size = s->rows > 0 ? s->end[s->rows - 1] : 0;
	void *map;

	if (fflush(s->stream) != 0 || ferror(s->stream))
		die("temporary file:");
	if (size == 0)
		return;
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fileno(s->stream), 0);
	if (map == MAP_FAILED)
		die("temporary file:");
	s->map = map;
}

const char *
spool_row(const struct spool *s, size_t row, size_t *size)
{
	size_t start = row > 0 ? s->end[row - 1] : 0;

	*size = s->end[row] - start;
	return s->map + start;
}

void
spool_free(struct spool *s)
{
	if (s->map != NULL)
		munmap(s->map, s->end[s->rows - 1]);
	fclose(s->stream);
	free(s->end);
	free(s);
}
