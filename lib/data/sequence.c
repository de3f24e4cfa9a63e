#include "data/sequence.h"

#include <string.h>

#include "base/mem.h"

const char sequence_orders[] = "ab|ba";

char *
sequence_parse(struct sequence_text *t, const char *text, size_t n)
{
	const char *end = text + n, *p = text;

	t->count = 0;
	/* Two bytes a piece at least, the last without its space. */
	t->id = mem_grow(t->id, &t->room, n / 2 + 1, sizeof(*t->id));
	while (p < end) {
		const char *word = p;
		int64_t id = 0;

		for (; p < end && *p >= '0' && *p <= '9' && id <= INT32_MAX;
		     p++)
			id = id * 10 + (*p - '0');
		if (p == word || (p < end && *p != ' ') || id > INT32_MAX) {
			while (p < end && *p != ' ')
				p++;
			return mem_printf("'%.*s', expected a token id from 0 "
					  "to 2147483647",
			    p - word < 40 ? (int)(p - word) : 40, word);
		}
		t->id[t->count++] = (int32_t)id;
		if (p < end && ++p == end)
			return mem_string("a space at the end, expected "
					  "another token id");
	}
	return NULL;
}

static void
put(struct sequence *s, const int32_t *id, size_t n)
{
	if (n > 0)
		memcpy(s->token + s->count, id, n * sizeof(*id));
	s->count += n;
}

void
sequence_build(struct sequence *s, const struct sequence_text *a,
    const struct sequence_text *b, const struct sequence_form *form)
{
	size_t na = a->count, nb = b != NULL ? b->count : 0;
	size_t room = form->max_length - (b != NULL ? 3 : 2);

	while (na + nb > room)
		if (na > nb)
			na--;
		else
			nb--;
	s->truncated = na < a->count || (b != NULL && nb < b->count);
	s->count = 0;
	s->token = mem_grow(s->token, &s->room, na + nb + 3, sizeof(*s->token));
	put(s, &form->cls, 1);
	if (b != NULL && form->reversed)
		put(s, b->id, nb);
	else
		put(s, a->id, na);
	put(s, &form->sep, 1);
	s->segment_a = s->count;
	if (b == NULL)
		return;
	if (form->reversed)
		put(s, a->id, na);
	else
		put(s, b->id, nb);
	put(s, &form->sep, 1);
}
