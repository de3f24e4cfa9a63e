#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

bool
text_starts(const char *text, const char *head)
{
	return strncmp(text, head, strlen(head)) == 0;
}

bool
text_ends(const char *text, const char *tail)
{
	size_t n = strlen(text), k = strlen(tail);

	return n >= k && strcmp(text + n - k, tail) == 0;
}

size_t
text_line(const char *text, size_t n)
{
	while (n > 0 && text[n - 1] == '\r')
		n--;
	return n;
}

char
text_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

int
text_find(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

int
text_word_find(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (int i = 0;; i++) {
		size_t length = strcspn(words, "|");

		if (length == n && memcmp(words, word, n) == 0)
			return i;
		if (words[length] == '\0')
			return -1;
		words += length + 1;
	}
}

char *
text_word(const char *words, int index)
{
	for (; index > 0; index--)
		words += strcspn(words, "|") + 1;
	return mem_stringn(words, strcspn(words, "|"));
}

char *
text_word_list(const char *words)
{
	struct buf b = { 0 };

	for (size_t n; *words != '\0'; words += n) {
		bool last = strchr(words, '|') == NULL;

		if (b.size > 0)
			buf_text(&b, last ? " or " : ", ");
		n = strcspn(words, "|");
		buf_add(&b, words, n);
		n += words[n] == '|';
	}
	buf_string(&b);
	return b.data;
}

/* By word, equal ones by their place. */
static int
compare_places(const void *a, const void *b)
{
	const char *const *x = *(const char *const *const *)a;
	const char *const *y = *(const char *const *const *)b;
	int order = strcmp(*x, *y);

	return order != 0 ? order : (x > y) - (x < y);
}

size_t
text_find_twice(const char *const *words, size_t n)
{
	const char *const **place = mem_alloc(n, sizeof(*place));
	size_t first = n;

	for (size_t i = 0; i < n; i++)
		place[i] = &words[i];
	if (n > 0)
		qsort(place, n, sizeof(*place), compare_places);
	for (size_t i = 1; i < n; i++) {
		size_t at = (size_t)(place[i] - words);

		if (at < first && strcmp(*place[i - 1], *place[i]) == 0)
			first = at;
	}
	free(place);
	return first;
}

char *
text_list(const char *const *words, size_t n, const char *last)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < n && words[i] != NULL; i++) {
		bool more = i + 1 < n && words[i + 1] != NULL;

		if (i > 0)
			buf_text(&b, more ? ", " : last);
		buf_text(&b, words[i]);
	}
	buf_string(&b);
	return b.data;
}
