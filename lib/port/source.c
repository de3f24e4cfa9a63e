#include "port/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"

struct source_keep {
	void *thing;
	void (*release)(void *thing);
	struct source_keep *next;
};

struct mapped {
	void *bytes;
	size_t size;
};

struct source *
source_new(enum source_kind kind, const char *path)
{
	struct source *s = mem_zero(1, sizeof(*s));

	s->kind = kind;
	s->path = mem_string(path);
	return s;
}

void
source_keep(struct source *s, void *thing, void (*release)(void *thing))
{
	struct source_keep *k = mem_alloc(1, sizeof(*k));

	*k = (struct source_keep){ thing, release, s->kept };
	s->kept = k;
}

static void
unmap(void *thing)
{
	struct mapped *m = thing;

	file_unmap(m->bytes, m->size);
	free(m);
}

const unsigned char *
source_map(struct source *s, const char *path, size_t *size)
{
	struct mapped *m = mem_alloc(1, sizeof(*m));

	m->bytes = file_map(path, &m->size);
	source_keep(s, m, unmap);
	*size = m->size;
	return m->bytes;
}

void
source_refuse(const char *path, const void *bytes, size_t n)
{
	kind_refuse_bytes(
	    path, bytes, n, KIND_CHECKPOINT | KIND_TORCH | KIND_WEIGHTS);
}

void
source_free(struct source *s)
{
	struct source_keep *next;

	for (size_t i = 0; i < s->count; i++)
		free(s->item[i].is.name);
	for (struct source_keep *k = s->kept; k != NULL; k = next) {
		next = k->next;
		k->release(k->thing);
		free(k);
	}
	free(s->item);
	free(s->path);
	free(s);
}

bool
source_count(const size_t *shape, size_t rank, size_t *count)
{
	*count = 1;
	for (size_t i = 0; i < rank; i++) {
		if (shape[i] != 0 && *count > SIZE_MAX / 16 / shape[i])
			return false;
		*count *= shape[i];
	}
	return true;
}

struct source_tensor *
source_add(struct source *s, const char *path, const char *name,
    enum st_type type, size_t rank, const size_t *shape, const void *data)
{
	struct source_tensor *t;
	size_t step = 1;

	s->item = mem_grow(s->item, &s->room, s->count + 1, sizeof(*s->item));
	t = &s->item[s->count++];
	*t = (struct source_tensor){ 0 };
	t->is.name = mem_string(name);
	t->is.type = type;
	t->is.rank = rank;
	t->is.data = data;
	if (!source_count(shape, rank, &t->is.count))
		die_at(path, 0,
		    "tensor '%s': the product of its shape "
		    "overflows",
		    name);
	for (size_t i = rank; i-- > 0;) {
		t->is.shape[i] = shape[i];
		t->stride[i] = step;
		step *= shape[i];
	}
	t->path = mem_string(path);
	source_keep(s, (void *)(uintptr_t)t->path, free);
	return t;
}

long long
source_find(const struct source *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->item[i].is.name, name) == 0)
			return (long long)i;
	return -1;
}

void
source_remove(struct source *s, size_t i)
{
	free(s->item[i].is.name);
	memmove(&s->item[i], &s->item[i + 1],
	    (--s->count - i) * sizeof(s->item[0]));
}

static int
by_name(const void *left, const void *right)
{
	const struct source_tensor *const *a = left, *const *b = right;

	return strcmp((*a)->is.name, (*b)->is.name);
}

void
source_check_names(const struct source *s)
{
	const struct source_tensor **sorted =
	    mem_alloc(s->count, sizeof(const struct source_tensor *));

	for (size_t i = 0; i < s->count; i++)
		sorted[i] = &s->item[i];
	qsort(sorted, s->count, sizeof(const struct source_tensor *), by_name);
	for (size_t i = 1; i < s->count; i++)
		if (strcmp(sorted[i - 1]->is.name, sorted[i]->is.name) == 0)
			die_at(sorted[i]->path, 0, "tensor '%s' stands twice",
			    sorted[i]->is.name);
	free(sorted);
}

/* --- numbers --- */

static bool
row_major(const struct source_tensor *t)
{
	size_t step = 1;

	for (size_t i = t->is.rank; i-- > 0;) {
		if (t->is.shape[i] > 1 && t->stride[i] != step)
			return false;
		step *= t->is.shape[i];
	}
	return true;
}

/* A matrix that lies column by column: each column is read in one piece. */
static void
get_columns(real *out, const struct source_tensor *t)
{
	size_t rows = t->is.shape[0], columns = t->is.shape[1];
	real *column = mem_alloc(rows, sizeof(*column));

	for (size_t j = 0; j < columns; j++) {
		st_get_real(column, &t->is, j * t->stride[1], rows);
		for (size_t i = 0; i < rows; i++)
			out[i * columns + j] = column[i];
	}
	free(column);
}

static void
get_strided(real *out, const struct source_tensor *t)
{
	size_t at[ST_MAX_RANK] = { 0 }, place = 0;

	for (size_t n = 0; n < t->is.count; n++) {
		st_get_real(out + n, &t->is, place, 1);
		for (size_t i = t->is.rank; i-- > 0;) {
			place += t->stride[i];
			if (++at[i] < t->is.shape[i])
				break;
			place -= at[i] * t->stride[i];
			at[i] = 0;
		}
	}
}

void
source_get(real *out, const struct source *s, size_t i)
{
	const struct source_tensor *t = &s->item[i];

	if (row_major(t))
		st_get_real(out, &t->is, 0, t->is.count);
	else if (t->is.rank == 2 && t->stride[0] == 1)
		get_columns(out, t);
	else
		get_strided(out, t);
}
