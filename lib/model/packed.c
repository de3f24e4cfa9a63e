#include "model/packed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"

static const char META[] = "weights", META_CRC[] = "scales_crc32";
static const char SCALE[] = "_scale", SUM[] = "_sum";
static const char PADDING[] = "padding";

enum {
	RANK = 4,	/* of a packed tensor */
	ALIGNMENT = 64, /* of the first of them in the file */
	PARTS = 3,	/* query, key and value */
	CRC_TEXT = 9
};

/* As the metadata name them. */
static const char *const name_of[] = { "float32", "bfloat16", "int8" };

enum product_numbers
packed_numbers(const struct st *s)
{
	const char *name = st_meta(s, META);

	if (name == NULL)
		return PRODUCT_FLOAT32;
	for (int i = PRODUCT_BF16; i <= PRODUCT_INT8; i++)
		if (strcmp(name, name_of[i]) == 0)
			return (enum product_numbers)i;
	die("%s: weights '%s', expected bfloat16 or int8", st_path(s), name);
}

void
packed_refuse(const struct st *s, const char *path)
{
	enum product_numbers numbers = packed_numbers(s);

	if (numbers != PRODUCT_FLOAT32)
		die("%s: its weights are stored in %s, which only mt-predict "
		    "and teachers of kd-train use; expected the model that "
		    "it was made from",
		    path, name_of[numbers]);
}

/* [blocks of 64 columns][groups of rows][64 columns][rows of a group] */
static void
shape_of(
    size_t shape[RANK], const struct param *p, enum product_numbers numbers)
{
	size_t group = blocked_group(numbers);

	shape[0] = (p->shape[0] + BLOCKED_COLUMNS - 1) / BLOCKED_COLUMNS;
	shape[1] = blocked_depth(p->shape[1], numbers) / group;
	shape[2] = BLOCKED_COLUMNS;
	shape[3] = group;
}

static enum st_type
type_of(enum product_numbers numbers)
{
	return numbers == PRODUCT_INT8 ? ST_I8 : ST_BF16;
}

/* --- writing --- */

struct put {
	struct st_writer *w;
	enum product_numbers numbers;
	struct params params; /* which are packed */
	void **packed;	      /* [params.count] or NULL */
	char **name;	      /* [2 params.count] of scales and sums, or NULL */
	float zero[ALIGNMENT / sizeof(float)];
};

static struct blocked_scales
scales_of(const struct put *t, size_t i)
{
	const struct param *p = &t->params.item[i];

	return blocked_scales(t->packed[i], p->shape[1], p->shape[0]);
}

/* The scales of all tensors, then the sums. */
static void
put_scales(struct put *t)
{
	size_t count = t->params.count;
	char text[CRC_TEXT];
	uint32_t crc = 0;

	for (size_t i = 0; i < 2 * count; i++) {
		const struct param *p = &t->params.item[i % count];
		const float *x;

		if (!p->packed)
			continue;
		x = i < count ? scales_of(t, i).scale
			      : scales_of(t, i - count).sum;
		t->name[i] =
		    mem_printf("%s%s", p->name, i < count ? SCALE : SUM);
		st_add(t->w, t->name[i], ST_F32, 1, p->shape, x);
		crc = digest_crc32(crc, x, p->shape[0] * sizeof(*x));
	}
	snprintf(text, sizeof(text), "%08x", crc);
	st_put_meta(t->w, META_CRC, text);
}

/* Zeros, so that what is packed begins on a line of the cache. */
static void
put_padding(struct put *t)
{
	size_t bytes = t->params.total * sizeof(float), fill;

	for (size_t i = 0; i < t->params.count; i++)
		if (t->params.item[i].packed && t->numbers == PRODUCT_INT8)
			bytes += 2 * t->params.item[i].shape[0] * sizeof(float);
	fill = (ALIGNMENT - bytes % ALIGNMENT) % ALIGNMENT / sizeof(float);
	if (fill > 0)
		st_add(t->w, PADDING, ST_F32, 1, &fill, t->zero);
}

static void
put_packed(struct put *t, const struct model *m, size_t i)
{
	const struct param *p = &t->params.item[i];
	size_t N = p->shape[0], K = p->shape[1], shape[RANK];

	t->packed[i] = mem_align(blocked_bytes(K, N, t->numbers), 1);
	blocked_fill(t->packed[i], m->value + m->params.item[i].offset, K, N,
	    false, t->numbers);
	shape_of(shape, p, t->numbers);
	st_add(t->w, p->name, type_of(t->numbers), RANK, shape, t->packed[i]);
}

void *
packed_put(
    struct st_writer *w, const struct model *m, enum product_numbers numbers)
{
	struct put *t = mem_zero(1, sizeof(*t));

	if (sizeof(real) != sizeof(float))
		die("built in double: weights are packed from float32");
	*t = (struct put){ .w = w, .numbers = numbers };
	params_build_packed(&t->params, &m->config);
	t->packed = mem_zero(t->params.count, sizeof(*t->packed));
	t->name = mem_zero(2 * t->params.count, sizeof(*t->name));
	st_put_meta(w, META, name_of[numbers]);
	for (size_t i = 0; i < t->params.count; i++) {
		const struct param *p = &m->params.item[i];

		if (p->unsaved)
			continue;
		if (t->params.item[i].packed)
			put_packed(t, m, i);
		else
			st_add(w, p->name, ST_F32, p->rank, p->shape,
			    m->value + p->offset);
	}
	if (numbers == PRODUCT_INT8)
		put_scales(t);
	put_padding(t);
	return t;
}

void
packed_free(void *data)
{
	struct put *t = data;

	for (size_t i = 0; i < t->params.count; i++) {
		free(t->packed[i]);
		free(t->name[i]);
		free(t->name[i + t->params.count]);
	}
	free(t->packed);
	free(t->name);
	params_free(&t->params);
	free(t);
}

/* --- reading --- */

bool
packed_has(const struct params *p, const char *name)
{
	const char *end = strrchr(name, '_');
	const struct param *q;
	char *of;

	if (strcmp(name, PADDING) == 0)
		return true;
	if (end == NULL || (strcmp(end, SCALE) != 0 && strcmp(end, SUM) != 0))
		return false;
	of = mem_printf("%.*s", (int)(end - name), name);
	q = params_find(p, of);
	free(of);
	return q != NULL && q->packed;
}

static const void *
tensor(const struct st *s, const struct param *p, enum product_numbers numbers)
{
	const struct st_tensor *t = st_need(s, p->name, type_of(numbers), RANK);
	size_t shape[RANK];

	shape_of(shape, p, numbers);
	if (memcmp(t->shape, shape, sizeof(shape)) != 0)
		die("%s: tensor '%s' is [%zu,%zu,%zu,%zu], expected "
		    "[%zu,%zu,%zu,%zu] of config.json",
		    st_path(s), p->name, t->shape[0], t->shape[1], t->shape[2],
		    t->shape[3], shape[0], shape[1], shape[2], shape[3]);
	return t->data;
}

/* Scales are not negative, sums whole numbers that 8 bits can have. */
static const float *
floats(const struct st *s, const struct param *p, const char *end)
{
	char *name = mem_printf("%s%s", p->name, end);
	const struct st_tensor *t = st_need(s, name, ST_F32, 1);
	float most = end == SUM ? 127 * (float)p->shape[1] : INFINITY;
	const float *x = t->data;

	if (t->count != p->shape[0])
		die("%s: tensor '%s': %zu numbers, expected %zu", st_path(s),
		    name, t->count, p->shape[0]);
	if ((uintptr_t)x % sizeof(*x) != 0)
		die("%s: tensor '%s' begins between numbers", st_path(s), name);
	for (size_t n = 0; n < t->count; n++)
		if (!isfinite(x[n]) || fabsf(x[n]) > most ||
		    (end == SUM ? x[n] != truncf(x[n]) : x[n] < 0))
			die("%s: tensor '%s': number %zu of %zu is %g, which "
			    "is no %s of weights",
			    st_path(s), name, n + 1, t->count, (double)x[n],
			    end == SUM ? "sum" : "scale");
	free(name);
	return x;
}

/* Of all scales, then of all sums, in the order of the table. */
static void
check_scales(const struct st *s, const struct params *params)
{
	const char *want = st_need_meta(s, META_CRC);
	const char *const of[] = { SCALE, SUM };
	char text[CRC_TEXT];
	uint32_t crc = 0;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < params->count; i++) {
			const struct param *p = &params->item[i];

			if (p->packed)
				crc = digest_crc32(crc, floats(s, p, of[k]),
				    p->shape[0] * sizeof(float));
		}
	snprintf(text, sizeof(text), "%08x", crc);
	if (strcmp(text, want) != 0)
		die("%s: the scales of the weights are damaged: their checksum "
		    "is %s, expected %s",
		    st_path(s), text, want);
}

/* What the encoder multiplies with, by name: parameters in a row. */
static void
give(const struct model *m, enum product_numbers numbers, size_t offset,
    size_t first, size_t parts)
{
	struct product_part part[PARTS] = { 0 };
	const struct param *all = m->params.item + first;

	for (size_t i = 0; i < parts; i++) {
		const struct param *p = &all[i];

		part[i].N = p->shape[0];
		part[i].packed = tensor(m->file, p, numbers);
		if (numbers == PRODUCT_INT8)
			part[i].scales =
			    (struct blocked_scales){ floats(m->file, p, SCALE),
				    floats(m->file, p, SUM) };
	}
	product_give(m->product, m->value + offset, all->shape[1], part, parts);
}

/* Query, key and value together, and where [CLS] alone is read apart. */
void
packed_give(const struct model *m)
{
	enum product_numbers numbers = packed_numbers(m->file);
	const struct params *ps = &m->params;

	if (numbers == PRODUCT_INT8)
		check_scales(m->file, ps);
	for (size_t i = 0; i < ps->count; i++) {
		const struct param *p = &ps->item[i];

		if (!p->packed)
			continue;
		if (strstr(p->name, ".self.query.") == NULL) {
			give(m, numbers, p->offset, i, 1);
			continue;
		}
		give(m, numbers, p->offset, i, PARTS);
		give(m, numbers, p->offset, i, 1);
		give(m, numbers, ps->item[i + 1].offset, i + 1, PARTS - 1);
		i += PARTS - 1;
	}
}
