#include "data/st.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "data/sttable.h"

_Static_assert(sizeof(size_t) == 8, "files may be larger than 4 GB");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "tensor files are little-endian and used in place");

enum { START = 1 << 14 }; /* bytes that tell what a file is */

struct st {
	char *path;
	unsigned char *bytes; /* the whole file */
	size_t size, start;   /* of the file; where its data start */
	bool mapped;
	int file;	     /* open, if mapped */
	struct file_id id;   /* of it, when it was mapped */
	struct conf *header; /* owns the names */
	const struct conf *meta;
	struct st_tensor *tensor; /* in the order of their data */
	const struct st_tensor **by_name;
	size_t count;
};

static size_t
begin_of(const struct st *s, const struct st_tensor *t)
{
	return (size_t)((const unsigned char *)t->data - s->bytes) - s->start;
}

static size_t
bytes_of(const struct st_tensor *t)
{
	return t->count * st_type_size(t->type);
}

/* --- reading the table; whatever it says is checked --- */

static enum st_type
read_type(const struct st *s, const char *name, const struct conf *c)
{
	const struct conf *d = conf_get(c, "dtype");
	int type;

	if (d == NULL || d->kind != CONF_SCALAR || !d->quoted)
		die_at(s->path, 0, "tensor '%s': no dtype", name);
	if ((type = st_type_find(d->text)) >= 0)
		return (enum st_type)type;
	die_at(s->path, 0,
	    "tensor '%s': dtype '%s', expected F64, F32, F16, BF16, a whole "
	    "number or BOOL",
	    name, d->text);
}

/* A whole number not below 0: digits alone, as the format wants them. */
static size_t
read_size(const struct st *s, const char *name, const struct conf *c)
{
	size_t v = 0;

	if (c->kind != CONF_SCALAR || c->quoted || c->text[0] == '\0' ||
	    c->text[strspn(c->text, "0123456789")] != '\0')
		die_at(s->path, 0, "tensor '%s': expected a size, found '%s'",
		    name, c->kind == CONF_SCALAR ? c->text : "a list or map");
	for (const char *p = c->text; *p != '\0'; p++) {
		size_t digit = (size_t)(*p - '0');

		if (v > (SIZE_MAX - digit) / 10)
			die_at(s->path, 0, "tensor '%s': size %s is too large",
			    name, c->text);
		v = v * 10 + digit;
	}
	return v;
}

static const struct conf *
read_list(const struct st *s, const char *name, const struct conf *c,
    const char *key, size_t min, size_t max)
{
	const struct conf *list = conf_get(c, key);

	if (list == NULL || list->kind != CONF_LIST || list->count < min ||
	    list->count > max)
		die_at(s->path, 0,
		    "tensor '%s': expected %s with %zu to %zu numbers", name,
		    key, min, max);
	return list;
}

static void
read_shape(const struct st *s, struct st_tensor *t, const struct conf *c)
{
	const struct conf *list =
	    read_list(s, t->name, c, "shape", 0, ST_MAX_RANK);

	t->rank = list->count;
	t->count = 1;
	for (size_t i = 0; i < t->rank; i++) {
		size_t n = read_size(s, t->name, list->item[i]);

		if (n != 0 && t->count > SIZE_MAX / 8 / n)
			die_at(s->path, 0,
			    "tensor '%s': the product of its shape overflows",
			    t->name);
		t->shape[i] = n;
		t->count *= n;
	}
}

static void
read_tensor(
    const struct st *s, struct st_tensor *t, char *name, const struct conf *c)
{
	size_t length = s->size - s->start, begin, end;
	const struct conf *list;

	if (c->kind != CONF_MAP || c->count != 3)
		die_at(s->path, 0,
		    "tensor '%s': expected dtype, shape and data_offsets",
		    name);
	t->name = name;
	t->type = read_type(s, name, c);
	read_shape(s, t, c);
	list = read_list(s, name, c, "data_offsets", 2, 2);
	begin = read_size(s, name, list->item[0]);
	end = read_size(s, name, list->item[1]);
	if (begin > end || end > length)
		die_at(s->path, 0,
		    "tensor '%s': bytes %zu to %zu of %zu: the file is cut or "
		    "its header is wrong",
		    name, begin, end, length);
	if (end - begin != bytes_of(t))
		die_at(s->path, 0,
		    "tensor '%s': %zu bytes, expected %zu from its shape", name,
		    end - begin, bytes_of(t));
	t->data = s->bytes + s->start + begin;
}

static int
by_place(const void *left, const void *right)
{
	const struct st_tensor *a = left, *b = right;
	const unsigned char *at = a->data, *bt = b->data;
	size_t an = bytes_of(a), bn = bytes_of(b);

	if (at != bt)
		return at < bt ? -1 : 1;
	if (an != bn)
		return an < bn ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int
by_name(const void *left, const void *right)
{
	const struct st_tensor *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

/* Every byte of the data belongs to one tensor. */
static void
check_places(const struct st *s)
{
	size_t at = 0;

	for (size_t i = 0; i < s->count; i++) {
		size_t begin = begin_of(s, &s->tensor[i]);

		if (begin != at)
			die_at(s->path, 0,
			    "tensor '%s' starts at byte %zu of the data, "
			    "expected %zu: %s",
			    s->tensor[i].name, begin, at,
			    begin < at ? "tensors overlap" : "there is a hole");
		at = begin + bytes_of(&s->tensor[i]);
	}
	if (at != s->size - s->start)
		die_at(s->path, 0,
		    "%zu bytes of data, expected %zu: bytes are left over",
		    s->size - s->start, at);
}

static void
read_meta(struct st *s, const struct conf *meta)
{
	if (meta->kind != CONF_MAP)
		die_at(s->path, 0, "%s is not a map", ST_META);
	for (size_t i = 0; i < meta->count; i++)
		if (meta->item[i]->kind != CONF_SCALAR ||
		    !meta->item[i]->quoted)
			die_at(s->path, 0, "%s: '%s' is not a string", ST_META,
			    meta->key[i]);
	s->meta = meta;
}

static void
read_table(struct st *s)
{
	const struct conf *h = s->header;

	if (h->kind != CONF_MAP)
		die_at(s->path, 0, "the header is not a map");
	s->tensor = mem_zero(h->count, sizeof(*s->tensor));
	s->by_name = mem_zero(h->count, sizeof(const struct st_tensor *));
	for (size_t i = 0; i < h->count; i++) {
		if (strcmp(h->key[i], ST_META) == 0)
			read_meta(s, h->item[i]);
		else
			read_tensor(
			    s, &s->tensor[s->count++], h->key[i], h->item[i]);
	}
	qsort(s->tensor, s->count, sizeof(*s->tensor), by_place);
	check_places(s);
	for (size_t i = 0; i < s->count; i++)
		s->by_name[i] = &s->tensor[i];
	qsort(s->by_name, s->count, sizeof(const struct st_tensor *), by_name);
}

static const unsigned any_kind = KIND_WEIGHTS | KIND_PACK | KIND_RESUME;

/* Whatever the bytes say is checked. */
static struct st *
open_bytes(struct st *s, unsigned wanted)
{
	struct kind_found found = kind_of_bytes(s->bytes, s->size);
	uint64_t length = 0;

	if (s->size == 0 && wanted == any_kind)
		die("%s: this is empty, expected a tensor file: it is cut",
		    s->path);
	if ((any_kind & (unsigned)found.kind) == 0)
		kind_refuse(&found, s->path, wanted);
	if (s->size < sizeof(length))
		die_at(s->path, 0,
		    "%zu bytes, expected a safetensors file: it is cut",
		    s->size);
	memcpy(&length, s->bytes, sizeof(length));
	if (length > ST_HEADER_MAX)
		die_at(s->path, 0,
		    "not a safetensors file: a header of %llu bytes, expected "
		    "at most %d",
		    (unsigned long long)length, ST_HEADER_MAX);
	if (length > s->size - sizeof(length))
		die_at(s->path, 0,
		    "a header of %zu bytes in a file of %zu: it is cut",
		    (size_t)length, s->size);
	s->start = sizeof(length) + (size_t)length;
	if (length < 2 || s->bytes[sizeof(length)] != '{')
		die_at(s->path, 0,
		    "not a safetensors file: its header does not start with "
		    "'{'");
	s->header = conf_json(
	    s->path, (const char *)s->bytes + sizeof(length), (size_t)length);
	read_table(s);
	return s;
}

static struct st *
start(const char *path)
{
	struct st *s = mem_zero(1, sizeof(*s));

	s->path = mem_string(file_name(path));
	s->file = -1;
	return s;
}

/* All of it if it begins as a tensor file, which it may never end to be. */
static void
take_stdin(struct st *s)
{
	const unsigned tensors = KIND_PACK | KIND_RESUME | KIND_WEIGHTS;
	size_t start, n;
	char *rest;
	struct buf all = { 0 };

	rest = file_slurp_stdin(START, &start);
	buf_add(&all, rest, start);
	free(rest);
	if (((unsigned)kind_of_bytes(all.data, start).kind & tensors) != 0) {
		rest = file_slurp_stdin(SIZE_MAX, &n);
		buf_add(&all, rest, n);
		free(rest);
	}
	s->size = all.size;
	s->bytes = (unsigned char *)buf_string(&all);
}

struct st *
st_open(const char *path)
{
	struct st *s = start(path);

	kind_refuse_folder(path, any_kind);
	if (strcmp(path, "-") == 0) {
		take_stdin(s);
		return open_bytes(s, any_kind);
	}
	s->mapped = true;
	s->bytes = file_map(path, &s->size);
	s->file = file_watch(path, &s->id);
	return open_bytes(s, any_kind);
}

struct st *
st_load(const char *path, unsigned wanted)
{
	struct st *s = start(path);

	kind_refuse_folder(path, wanted);
	if (strcmp(path, "-") == 0)
		take_stdin(s);
	else
		s->bytes = file_load(path, &s->size);
	return open_bytes(s, wanted);
}

void
st_refuse(const struct st *s, unsigned wanted)
{
	kind_refuse_bytes(s->path, s->bytes, s->size, wanted);
}

void
st_check_unchanged(const struct st *s)
{
	if (s->mapped && !file_watched_same(s->file, &s->id))
		die("%s: was changed while it was in use", s->path);
}

void
st_close(struct st *s)
{
	if (s == NULL)
		return;
	if (s->mapped)
		file_unmap(s->bytes, s->size);
	else
		free(s->bytes);
	if (s->file >= 0)
		close(s->file);
	conf_free(s->header);
	free(s->tensor);
	free(s->by_name);
	free(s->path);
	free(s);
}

/* --- what stands in it --- */

const char *
st_path(const struct st *s)
{
	return s->path;
}

size_t
st_count(const struct st *s)
{
	return s->count;
}

const struct st_tensor *
st_at(const struct st *s, size_t i)
{
	return &s->tensor[i];
}

size_t
st_offset(const struct st *s, size_t i)
{
	return s->start + begin_of(s, &s->tensor[i]);
}

const struct st_tensor *
st_find(const struct st *s, const char *name)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, s->by_name[middle]->name);

		if (order == 0)
			return s->by_name[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct st_tensor *
st_need(const struct st *s, const char *name, enum st_type type, size_t rank)
{
	const struct st_tensor *t = st_find(s, name);

	if (t == NULL)
		die_at(s->path, 0, "no tensor '%s'", name);
	if (t->type != type || t->rank != rank)
		die_at(s->path, 0,
		    "tensor '%s' is %s of rank %zu, expected %s of rank %zu",
		    name, st_type_name(t->type), t->rank, st_type_name(type),
		    rank);
	return t;
}

const char *
st_meta(const struct st *s, const char *key)
{
	const struct conf *c = conf_get(s->meta, key);

	return c != NULL ? c->text : NULL;
}

const char *
st_need_meta(const struct st *s, const char *key)
{
	const char *value = st_meta(s, key);

	if (value == NULL)
		die_at(s->path, 0, "no '%s' in %s", key, ST_META);
	return value;
}

size_t
st_meta_count(const struct st *s)
{
	return s->meta != NULL ? s->meta->count : 0;
}

void
st_meta_at(const struct st *s, size_t i, const char **key, const char **value)
{
	*key = s->meta->key[i];
	*value = s->meta->item[i]->text;
}

/* --- checksums --- */

/* True if there was something to compare. */
static bool
compare(const struct st *s, const char *key, uint32_t crc)
{
	const char *want = st_meta(s, key);
	char got[ST_CRC_DIGITS + 1];

	if (want == NULL)
		return false;
	st_crc_text(got, crc);
	if (strcmp(got, want) != 0)
		die_at(s->path, 0, "%s is %s, expected %s: the file is damaged",
		    key, got, want);
	return true;
}

static bool
compare_table(const struct st *s)
{
	struct buf table = { 0 };
	bool any;

	for (size_t i = 0; i < s->count; i++) {
		size_t begin = begin_of(s, &s->tensor[i]);

		st_table_line(&table, &s->tensor[i], begin,
		    begin + bytes_of(&s->tensor[i]));
	}
	any = compare(s, ST_TABLE_CRC, digest_crc32(0, table.data, table.size));
	buf_free(&table);
	return any;
}

static bool
compare_meta(const struct st *s)
{
	size_t n = st_meta_count(s);
	struct st_pair *pair = mem_alloc(n, sizeof(*pair));
	bool any;

	for (size_t i = 0; i < n; i++)
		st_meta_at(s, i, &pair[i].key, &pair[i].value);
	any = compare(s, ST_META_CRC, st_meta_crc(pair, n));
	free(pair);
	return any;
}

/* A file of version 2 without one of its checksums has a damaged key. */
static void
need_all(const struct st *s)
{
	static const char *const keys[] = { ST_DATA_CRC, ST_TABLE_CRC,
		ST_META_CRC };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (st_meta(s, keys[i]) == NULL)
			die_at(s->path, 0,
			    "no '%s' in %s, which '%s' always has: the file is "
			    "damaged",
			    keys[i], ST_META, st_meta(s, "mtkd"));
}

bool
st_check(const struct st *s)
{
	bool meta, table;

	if (st_version(st_meta(s, "mtkd")) >= 2)
		need_all(s);
	meta = compare_meta(s);
	table = compare_table(s);
	return compare(s, ST_DATA_CRC,
		   digest_crc32(0, s->bytes + s->start, s->size - s->start)) ||
	       meta || table;
}

void
st_get_real(real *out, const struct st_tensor *t, size_t first, size_t count)
{
#ifdef REAL_DOUBLE
	st_get_double(out, t, first, count);
#else
	st_get_float(out, t, first, count);
#endif
}
