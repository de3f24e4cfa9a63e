#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/sttable.h"

enum { BLOCK = 1 << 20, ALIGNMENT = 64 };

struct entry {
	struct st_tensor tensor; /* owns its name */
	FILE *stream;		 /* the data, if tensor.data is NULL */
	size_t bytes, begin, nth;
};

struct st_writer {
	struct file_out *out;
	char *path;
	struct entry *entry;
	size_t count, room;
	char **meta; /* key, value, key, value */
	size_t metas, metas_room;
};

/* A tensor file may be replaced, or what is empty; nothing else of people's. */
static void
refuse_other(const char *path)
{
	struct {
		uint64_t length;
		char first;
	} start;
	size_t n = file_start(path, &start, sizeof(uint64_t) + 1);

	if (n > 0 && (n < sizeof(uint64_t) + 1 || start.first != '{' ||
			 start.length > ST_HEADER_MAX))
		die("%s: is no tensor file, which is what would replace it",
		    path);
}

struct st_writer *
st_create(const char *path)
{
	struct st_writer *w = mem_zero(1, sizeof(*w));

	refuse_other(path);
	w->out = file_write(path);
	w->path = mem_string(w->out->path != NULL ? path : "<stdout>");
	return w;
}

void
st_put_meta(struct st_writer *w, const char *key, const char *value)
{
	for (size_t i = 0; i < w->metas; i += 2)
		if (strcmp(w->meta[i], key) == 0) {
			free(w->meta[i + 1]);
			w->meta[i + 1] = mem_string(value);
			return;
		}
	w->meta =
	    mem_grow(w->meta, &w->metas_room, w->metas + 2, sizeof(*w->meta));
	w->meta[w->metas++] = mem_string(key);
	w->meta[w->metas++] = mem_string(value);
}

static void
add(struct st_writer *w, const char *name, enum st_type type, size_t rank,
    const size_t *shape, const void *data, FILE *stream)
{
	struct entry *e;

	if (rank > ST_MAX_RANK)
		die_at(w->path, 0, "tensor '%s': rank %zu, at most %d", name,
		    rank, ST_MAX_RANK);
	w->entry =
	    mem_grow(w->entry, &w->room, w->count + 1, sizeof(*w->entry));
	e = &w->entry[w->count];
	*e = (struct entry){ .stream = stream, .nth = w->count++ };
	e->tensor.name = mem_string(name);
	e->tensor.type = type;
	e->tensor.rank = rank;
	e->tensor.count = 1;
	e->tensor.data = data;
	for (size_t i = 0; i < rank; i++) {
		e->tensor.shape[i] = shape[i];
		e->tensor.count *= shape[i];
	}
	e->bytes = e->tensor.count * st_type_size(type);
}

void
st_add(struct st_writer *w, const char *name, enum st_type type, size_t rank,
    const size_t *shape, const void *data)
{
	add(w, name, type, rank, shape, data, NULL);
}

void
st_add_stream(struct st_writer *w, const char *name, enum st_type type,
    size_t rank, const size_t *shape, FILE *stream)
{
	add(w, name, type, rank, shape, NULL, stream);
}

/*
 * Empty tensors first, by name, so that the file's order is also the one of
 * the canonical table; then the largest elements, as they were added.
 */
static int
by_place(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	size_t an = st_type_size(a->tensor.type);
	size_t bn = st_type_size(b->tensor.type);

	if (a->bytes == 0 || b->bytes == 0) {
		if (a->bytes == b->bytes)
			return strcmp(a->tensor.name, b->tensor.name);
		return a->bytes == 0 ? -1 : 1;
	}
	if (an != bn)
		return an > bn ? -1 : 1;
	return a->nth < b->nth ? -1 : 1;
}

static void
check_names(const struct st_writer *w)
{
	const char **name = mem_alloc(w->count, sizeof(*name));
	size_t twice;

	for (size_t i = 0; i < w->count; i++)
		name[i] = w->entry[i].tensor.name;
	twice = text_find_twice(name, w->count);
	if (twice < w->count)
		die_at(w->path, 0, "tensor '%s' stands twice", name[twice]);
	free(name);
}

typedef void st_sink(void *state, const void *bytes, size_t n);

static void
to_crc(void *state, const void *bytes, size_t n)
{
	uint32_t *crc = state;

	*crc = digest_crc32(*crc, bytes, n);
}

static void
to_file(void *state, const void *bytes, size_t n)
{
	(void)fwrite(bytes, 1, n, state); /* file_commit looks at ferror */
}

/* All data in their order, through sink. */
static void
pass(const struct st_writer *w, st_sink *sink, void *state)
{
	unsigned char *block = mem_alloc(BLOCK, 1);

	for (size_t i = 0; i < w->count; i++) {
		const struct entry *e = &w->entry[i];
		size_t left = e->bytes;

		if (e->stream == NULL) {
			if (left > 0)
				sink(state, e->tensor.data, left);
			continue;
		}
		if (fseek(e->stream, 0, SEEK_SET) != 0)
			die("%s:", w->path);
		while (left > 0) {
			size_t n = left < BLOCK ? left : BLOCK;

			if (fread(block, 1, n, e->stream) != n)
				die_at(w->path, 0,
				    "tensor '%s': %zu bytes are not there",
				    e->tensor.name, left);
			sink(state, block, n);
			left -= n;
		}
	}
	free(block);
}

/* Places, and from them the canonical table's checksum. */
static uint32_t
place(struct st_writer *w)
{
	struct buf table = { 0 };
	size_t at = 0;
	uint32_t crc;

	if (w->count > 0)
		qsort(w->entry, w->count, sizeof(*w->entry), by_place);
	for (size_t i = 0; i < w->count; i++) {
		w->entry[i].begin = at;
		at += w->entry[i].bytes;
		st_table_line(
		    &table, &w->entry[i].tensor, w->entry[i].begin, at);
	}
	crc = digest_crc32(0, table.data, table.size);
	buf_free(&table);
	return crc;
}

static void
put_header(struct buf *b, const struct st_writer *w)
{
	buf_text(b, "{\"" ST_META "\":{");
	for (size_t i = 0; i < w->metas; i += 2) {
		buf_text(b, i > 0 ? "," : "");
		conf_put_json(b, w->meta[i]);
		buf_byte(b, ':');
		conf_put_json(b, w->meta[i + 1]);
	}
	buf_byte(b, '}');
	for (size_t i = 0; i < w->count; i++) {
		const struct entry *e = &w->entry[i];
		const struct st_tensor *t = &e->tensor;

		buf_byte(b, ',');
		conf_put_json(b, t->name);
		buf_print(
		    b, ":{\"dtype\":\"%s\",\"shape\":[", st_type_name(t->type));
		for (size_t k = 0; k < t->rank; k++)
			buf_print(b, "%s%zu", k > 0 ? "," : "", t->shape[k]);
		buf_print(b, "],\"data_offsets\":[%zu,%zu]}", e->begin,
		    e->begin + e->bytes);
	}
	buf_byte(b, '}');
	while ((b->size + sizeof(uint64_t)) % ALIGNMENT != 0)
		buf_byte(b, ' ');
	if (b->size > ST_HEADER_MAX)
		die_at(w->path, 0, "a header of %zu bytes, at most %d", b->size,
		    ST_HEADER_MAX);
}

static void
writer_free(struct st_writer *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->entry[i].tensor.name);
	for (size_t i = 0; i < w->metas; i++)
		free(w->meta[i]);
	free(w->entry);
	free(w->meta);
	free(w->path);
	free(w);
}

/* From version 2 on the metadata have a checksum too. */
static void
guard_meta(struct st_writer *w)
{
	struct st_pair *pair = mem_alloc(w->metas / 2, sizeof(*pair));
	char text[ST_CRC_DIGITS + 1];
	int version = 0;

	for (size_t i = 0; i < w->metas / 2; i++) {
		pair[i] =
		    (struct st_pair){ w->meta[2 * i], w->meta[2 * i + 1] };
		if (strcmp(pair[i].key, "mtkd") == 0)
			version = st_version(pair[i].value);
	}
	st_crc_text(text, st_meta_crc(pair, w->metas / 2));
	if (version >= 2)
		st_put_meta(w, ST_META_CRC, text);
	free(pair);
}

void
st_commit(struct st_writer *w)
{
	char text[ST_CRC_DIGITS + 1];
	struct buf header = { 0 };
	uint32_t crc = 0;
	uint64_t length;

	check_names(w);
	st_crc_text(text, place(w));
	st_put_meta(w, ST_TABLE_CRC, text);
	pass(w, to_crc, &crc);
	st_crc_text(text, crc);
	st_put_meta(w, ST_DATA_CRC, text);
	guard_meta(w);
	put_header(&header, w);
	length = header.size;
	to_file(w->out->stream, &length, sizeof(length));
	to_file(w->out->stream, header.data, header.size);
	pass(w, to_file, w->out->stream);
	buf_free(&header);
	file_commit(w->out);
	writer_free(w);
}
