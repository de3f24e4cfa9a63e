#include "port/zip.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "port/little.h"

enum {
	LOCAL = 0x04034b50,	/* signature of an entry's own header */
	CENTRAL = 0x02014b50,	/* of a row of the directory */
	END = 0x06054b50,	/* of its end */
	END64 = 0x06064b50,	/* of the end of a large one */
	LOCATOR64 = 0x07064b50, /* of what says where that is */
	LOCAL_SIZE = 30,
	CENTRAL_SIZE = 46,
	END_SIZE = 22,
	END64_SIZE = 56,
	LOCATOR64_SIZE = 20,
	COMMENT_MAX = 65535,
	ENCRYPTED = 1, /* bit of the flags */
	EXTRA64 = 1    /* tag of the extra field with large numbers */
};

#define LARGE16 0xffffu	    /* the number stands in END64 */
#define LARGE32 0xffffffffu /* the number stands elsewhere, in 64 bits */

struct view {
	const char *path;
	const unsigned char *bytes;
	size_t size;
};

struct directory {
	uint64_t count, offset, size;
};

/* n bytes at an offset, which are there. */
static const unsigned char *
bytes_at(const struct view *v, uint64_t at, uint64_t n, const char *what)
{
	if (at > v->size || n > v->size - at)
		die_at(v->path, 0,
		    "zip: %s at byte %llu is not all there: the "
		    "file is cut",
		    what, (unsigned long long)at);
	return v->bytes + at;
}

bool
zip_is(const unsigned char *bytes, size_t n)
{
	return n >= 4 && little_number(bytes, 4) == LOCAL;
}

/* The end of the directory: the file's last bytes, before any comment. */
static size_t
find_end(const struct view *v)
{
	for (size_t comment = 0;
	     comment <= COMMENT_MAX && comment + END_SIZE <= v->size;
	     comment++) {
		size_t at = v->size - END_SIZE - comment;

		if (little_number(v->bytes + at, 4) == END &&
		    little_number(v->bytes + at + 20, 2) == comment)
			return at;
	}
	die_at(v->path, 0, "zip: no end of the directory: the file is cut");
}

static void
read_end64(struct directory *d, const struct view *v, size_t end)
{
	const unsigned char *p;
	uint64_t at;

	if (end < LOCATOR64_SIZE ||
	    little_number(v->bytes + end - LOCATOR64_SIZE, 4) != LOCATOR64)
		die_at(v->path, 0, "zip: a large archive without its locator");
	at = little_number(v->bytes + end - LOCATOR64_SIZE + 8, 8);
	p = bytes_at(v, at, END64_SIZE, "the end of the directory");
	if (little_number(p, 4) != END64)
		die_at(v->path, 0, "zip: no end of the directory at byte %llu",
		    (unsigned long long)at);
	d->count = little_number(p + 32, 8);
	d->size = little_number(p + 40, 8);
	d->offset = little_number(p + 48, 8);
}

static struct directory
find_directory(const struct view *v)
{
	size_t end = find_end(v);
	const unsigned char *p = v->bytes + end;
	struct directory d = { little_number(p + 10, 2),
		little_number(p + 16, 4), little_number(p + 12, 4) };

	if (d.count == LARGE16 || d.offset == LARGE32 || d.size == LARGE32)
		read_end64(&d, v, end);
	bytes_at(v, d.offset, d.size, "the directory");
	if (d.count > d.size / CENTRAL_SIZE)
		die_at(v->path, 0,
		    "zip: %llu entries in a directory of %llu "
		    "bytes",
		    (unsigned long long)d.count, (unsigned long long)d.size);
	return d;
}

/* Numbers that do not fit a row stand in its extra field, in this order. */
static void
widen(const struct view *v, const unsigned char *extra, size_t n,
    uint64_t *value[3])
{
	const unsigned char *p = extra;
	size_t left = n, size = 0;

	while (left >= 4) {
		size = (size_t)little_number(p + 2, 2);
		if (size > left - 4)
			break;
		if (little_number(p, 2) == EXTRA64)
			break;
		p += 4 + size;
		left -= 4 + size;
	}
	if (left < 4 || little_number(p, 2) != EXTRA64 || size > left - 4)
		size = 0;
	p += 4;
	for (size_t i = 0; i < 3; i++) {
		if (*value[i] != LARGE32)
			continue;
		if (size < 8)
			die_at(v->path, 0,
			    "zip: a large entry without its "
			    "size");
		*value[i] = little_number(p, 8);
		p += 8;
		size -= 8;
	}
}

static char *
entry_name(const struct view *v, const unsigned char *p, size_t n)
{
	if (n == 0 || memchr(p, '\0', n) != NULL ||
	    utf8_check((const char *)p, n) != n)
		die_at(v->path, 0, "zip: an entry's name is not UTF-8");
	return mem_stringn((const char *)p, n);
}

/* The entry's own header says the same, and its data are there. */
static void
check_local(
    const struct view *v, struct zip_entry *e, uint64_t at, uint64_t size)
{
	const unsigned char *p = bytes_at(v, at, LOCAL_SIZE, e->name);
	uint64_t name = little_number(p + 26, 2),
		 extra = little_number(p + 28, 2);

	if (little_number(p, 4) != LOCAL || little_number(p + 8, 2) != 0 ||
	    name != strlen(e->name))
		die_at(v->path, 0,
		    "zip: '%s': its header is not that of the "
		    "directory",
		    e->name);
	p = bytes_at(v, at + LOCAL_SIZE, name, e->name);
	if (memcmp(p, e->name, (size_t)name) != 0)
		die_at(v->path, 0, "zip: '%s': its header has another name",
		    e->name);
	e->data = bytes_at(v, at + LOCAL_SIZE + name + extra, size, e->name);
	e->size = (size_t)size;
}

/* One row of the directory; returns its length. */
static size_t
read_row(
    struct zip *z, const struct view *v, const unsigned char *p, size_t left)
{
	struct zip_entry e = { 0 };
	uint64_t packed = 0, size = 0, at = 0;
	uint64_t *wide[3] = { &size, &packed, &at };
	size_t name, extra, all;

	if (left < CENTRAL_SIZE || little_number(p, 4) != CENTRAL)
		die_at(v->path, 0, "zip: row %zu of the directory is not one",
		    z->count + 1);
	packed = little_number(p + 20, 4);
	size = little_number(p + 24, 4);
	at = little_number(p + 42, 4);
	name = (size_t)little_number(p + 28, 2);
	extra = (size_t)little_number(p + 30, 2);
	all = CENTRAL_SIZE + name + extra + (size_t)little_number(p + 32, 2);
	if (all > left)
		die_at(v->path, 0, "zip: row %zu of the directory is cut",
		    z->count + 1);
	e.name = entry_name(v, p + CENTRAL_SIZE, name);
	e.crc = (uint32_t)little_number(p + 16, 4);
	widen(v, p + CENTRAL_SIZE + name, extra, wide);
	if ((little_number(p + 8, 2) & ENCRYPTED) != 0 ||
	    little_number(p + 10, 2) != 0 || packed != size)
		die_at(v->path, 0,
		    "zip: '%s' is compressed or encrypted, "
		    "expected it stored, as torch.save does",
		    e.name);
	check_local(v, &e, at, size);
	z->entry =
	    mem_grow(z->entry, &z->room, z->count + 1, sizeof(*z->entry));
	z->entry[z->count++] = e;
	return all;
}

struct zip *
zip_open(const char *path, const unsigned char *bytes, size_t n)
{
	struct view v = { path, bytes, n };
	struct directory d = find_directory(&v);
	struct zip *z = mem_zero(1, sizeof(*z));
	size_t at = 0;

	z->path = path;
	while (z->count < d.count)
		at +=
		    read_row(z, &v, bytes + d.offset + at, (size_t)d.size - at);
	return z;
}

void
zip_close(struct zip *z)
{
	for (size_t i = 0; i < z->count; i++)
		free(z->entry[i].name);
	free(z->entry);
	free(z);
}

const struct zip_entry *
zip_find(const struct zip *z, const char *name)
{
	for (size_t i = 0; i < z->count; i++) {
		const struct zip_entry *e = &z->entry[i];

		if (strcmp(e->name, name) != 0)
			continue;
		if (digest_crc32(0, e->data, e->size) != e->crc)
			die_at(z->path, 0,
			    "zip: '%s' is damaged: its CRC-32 "
			    "is another than the directory's",
			    name);
		return e;
	}
	return NULL;
}
