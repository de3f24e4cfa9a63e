#include "corpus/labelset.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

bool
labelset_next(struct example_text *set, struct example_text *word)
{
	const char *comma;
	size_t n = set->size;

	if (set->at == NULL)
		return false;
	comma = memchr(set->at, ',', n);
	*word = (struct example_text){ set->at,
		comma != NULL ? (size_t)(comma - set->at) : n };
	set->at = comma != NULL ? comma + 1 : NULL;
	set->size = comma != NULL ? n - word->size - 1 : 0;
	word->size = utf8_strip(&word->at, word->size);
	return true;
}

bool
labelset_read(uint8_t *applies, const struct task *t, struct example_text set,
    struct example_text *unknown)
{
	memset(applies, 0, t->labels.classes);
	if (set.size == 0)
		return true;
	while (labelset_next(&set, unknown)) {
		int class = task_class(t, unknown->at, unknown->size);

		if (class < 0)
			return false;
		applies[class] = 1;
	}
	return true;
}

void
labelset_add(struct labelset *s, const char *word, size_t n)
{
	s->word = mem_grow(s->word, &s->room, s->count + 1, sizeof(*s->word));
	s->word[s->count++] = mem_stringn(word, n);
}

static int
by_bytes(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void
labelset_put(struct labelset *s, struct buf *out)
{
	if (s->count > 0)
		qsort(s->word, s->count, sizeof(*s->word), by_bytes);
	for (size_t i = 0; i < s->count; i++)
		if (i == 0 || strcmp(s->word[i - 1], s->word[i]) != 0)
			buf_print(out, "%s%s", i > 0 ? "," : "", s->word[i]);
	for (size_t i = 0; i < s->count; i++)
		free(s->word[i]);
	s->count = 0;
}

void
labelset_free(struct labelset *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->word[i]);
	free(s->word);
}

bool
labelset_one(struct buf *out, size_t from)
{
	bool commas = false;

	for (size_t i = from; i < out->size; i++)
		if (out->data[i] == ',') {
			out->data[i] = ';';
			commas = true;
		}
	return commas;
}
