#include "data/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
reserve(struct batch *b, size_t rows, size_t tokens)
{
	if (rows + 1 > b->row_room) {
		b->row_room = 2 * (rows + 1);
		b->start = mem_resize(b->start, b->row_room, sizeof(*b->start));
		b->one = mem_resize(b->one, b->row_room, sizeof(*b->one));
		b->from = mem_resize(b->from, b->row_room, sizeof(*b->from));
		b->label = mem_resize(b->label, b->row_room, sizeof(*b->label));
		b->group = mem_resize(b->group, b->row_room, sizeof(*b->group));
		b->reversed =
		    mem_resize(b->reversed, b->row_room, sizeof(*b->reversed));
		for (size_t i = 0; i < b->row_room; i++)
			b->one[i] = i;
		b->start[0] = 0;
	}
	if (tokens > b->token_room) {
		b->token_room = 2 * tokens;
		b->id = mem_resize(b->id, b->token_room, sizeof(*b->id));
		b->at = mem_resize(b->at, b->token_room, sizeof(*b->at));
		b->segment =
		    mem_resize(b->segment, b->token_room, sizeof(*b->segment));
	}
}

void
batch_clear(struct batch *b)
{
	b->rows = b->tokens = b->longest = 0;
	b->first_token = b->first_row = 0;
	reserve(b, 0, 0);
}

void
batch_add(
    struct batch *b, const int32_t *tokens, size_t count, size_t segment_a)
{
	size_t at = b->tokens;

	reserve(b, b->rows + 1, at + count);
	memcpy(b->id + at, tokens, count * sizeof(*tokens));
	for (size_t i = 0; i < count; i++) {
		b->at[at + i] = (int32_t)i;
		b->segment[at + i] = i >= segment_a;
	}
	b->from[b->rows] = (struct row_ref){ 0, b->rows };
	b->label[b->rows] = NAN;
	b->group[b->rows] = (int32_t)b->rows;
	b->reversed[b->rows] = false;
	b->start[++b->rows] = b->tokens = at + count;
	if (count > b->longest)
		b->longest = count;
}

void
batch_fill(struct batch *b, const struct pack *const *packs,
    const struct row_ref *rows, size_t count)
{
	batch_clear(b);
	for (size_t i = 0; i < count; i++) {
		const struct pack *p = packs[rows[i].pack];
		size_t r = rows[i].row;
		size_t start = (size_t)p->starts[r];

		batch_add(b, p->tokens + start,
		    (size_t)p->starts[r + 1] - start, (size_t)p->segment_a[r]);
		b->from[i] = rows[i];
		b->label[i] = p->label[r];
		b->group[i] = p->group[r];
		b->reversed[i] = p->reversed;
	}
}

void
batch_take(
    struct batch *b, const struct batch *whole, size_t first, size_t count)
{
	size_t at = whole->start[first];

	batch_clear(b);
	for (size_t i = 0; i < count; i++) {
		size_t row = first + i, from = whole->start[row];
		size_t tokens = whole->start[row + 1] - from, segment_a = 0;

		while (
		    segment_a < tokens && whole->segment[from + segment_a] == 0)
			segment_a++;
		batch_add(b, whole->id + from, tokens, segment_a);
		b->from[i] = whole->from[row];
		b->label[i] = whole->label[row];
		b->group[i] = whole->group[row];
		b->reversed[i] = whole->reversed[row];
	}
	b->first_token = whole->first_token + at;
	b->first_row = whole->first_row + first;
}

bool
batch_goes_on(const struct batch *b, const struct pack *const *packs, size_t i)
{
	size_t pack = b->from[i].pack;

	return i > 0 && packs != NULL &&
	       packs[pack]->labels.type == TASK_RANKING &&
	       b->from[i - 1].pack == pack && b->group[i] == b->group[i - 1];
}

void
batch_free(struct batch *b)
{
	free(b->id);
	free(b->at);
	free(b->segment);
	free(b->start);
	free(b->one);
	free(b->from);
	free(b->label);
	free(b->group);
	free(b->reversed);
	*b = (struct batch){ 0 };
}
