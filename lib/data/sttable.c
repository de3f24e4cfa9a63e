#include "data/sttable.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/num.h"

static const struct {
	const char *name;
	size_t size;
} types[] = {
	[ST_F64] = { "F64", 8 },
	[ST_I64] = { "I64", 8 },
	[ST_F32] = { "F32", 4 },
	[ST_I32] = { "I32", 4 },
	[ST_F16] = { "F16", 2 },
	[ST_BF16] = { "BF16", 2 },
	[ST_U8] = { "U8", 1 },
	[ST_BOOL] = { "BOOL", 1 },
	[ST_I8] = { "I8", 1 },
	[ST_I16] = { "I16", 2 },
	[ST_U16] = { "U16", 2 },
	[ST_U32] = { "U32", 4 },
	[ST_U64] = { "U64", 8 },
};

size_t
st_type_size(enum st_type type)
{
	return types[type].size;
}

const char *
st_type_name(enum st_type type)
{
	return types[type].name;
}

int
st_type_find(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return (int)i;
	return -1;
}

void
st_table_line(
    struct buf *b, const struct st_tensor *t, size_t begin, size_t end)
{
	buf_print(b, "%s %s [", t->name, st_type_name(t->type));
	for (size_t i = 0; i < t->rank; i++)
		buf_print(b, "%s%zu", i > 0 ? "," : "", t->shape[i]);
	buf_print(b, "] %zu %zu\n", begin, end);
}

void
st_crc_text(char text[ST_CRC_DIGITS + 1], uint32_t crc)
{
	snprintf(text, ST_CRC_DIGITS + 1, "%08x", (unsigned)crc);
}

static int
by_key(const void *left, const void *right)
{
	const struct st_pair *a = left, *b = right;

	return strcmp(a->key, b->key);
}

uint32_t
st_meta_crc(struct st_pair *pair, size_t count)
{
	uint32_t crc = 0;

	if (count > 0)
		qsort(pair, count, sizeof(*pair), by_key);
	for (size_t i = 0; i < count; i++) {
		const struct st_pair *p = &pair[i];

		if (strcmp(p->key, ST_META_CRC) == 0)
			continue;
		crc = digest_crc32(crc, p->key, strlen(p->key) + 1);
		crc = digest_crc32(crc, p->value, strlen(p->value) + 1);
	}
	return crc;
}

int
st_version(const char *kind)
{
	const char *space = kind != NULL ? strrchr(kind, ' ') : NULL;
	long long version;

	if (space == NULL || !num_int(space + 1, 0, INT32_MAX, &version))
		return 0;
	return (int)version;
}
