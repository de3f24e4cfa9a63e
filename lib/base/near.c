#include "base/near.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/least.h"
#include "base/mem.h"
#include "base/text.h"

enum {
	LONGEST = 64, /* bytes of a name that is looked at */
	SHOWN = 3,
	FAR = LONGEST
};

static char
fold(char c)
{
	if (c == '_' || c == '.' || c == ' ')
		return '-';
	return text_lower(c);
}

/* Letters more, less, other, or two swapped (optimal string alignment). */
static size_t
distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t row[3][LONGEST + 1], *before = row[0], *last = row[1],
				    *now = row[2], *free_row;

	for (size_t k = 0; k <= m; k++)
		last[k] = k;
	for (size_t i = 1; i <= n; i++) {
		now[0] = i;
		for (size_t k = 1; k <= m; k++) {
			size_t other = fold(a[i - 1]) != fold(b[k - 1]);

			now[k] = least(last[k - 1] + other,
			    least(last[k], now[k - 1]) + 1);
			if (i > 1 && k > 1 &&
			    fold(a[i - 1]) == fold(b[k - 2]) &&
			    fold(a[i - 2]) == fold(b[k - 1]))
				now[k] = least(now[k], before[k - 2] + 1);
		}
		free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[m];
}

static size_t
how_far(const char *asked, const char *name)
{
	size_t n = strlen(asked), m = strlen(name), far, most;

	if (n == 0 || n > LONGEST || m > LONGEST)
		return FAR;
	most = (n < m ? m : n) / 3;
	most = most > 0 ? most : 1;
	far = distance(asked, n, name, m);
	if (far <= most && far < (n < m ? n : m))
		return far;
	if (n >= 3 && n < m && distance(asked, n, name, n) == 0)
		return most + 1;
	return FAR;
}

char *
near_text(const char *asked, const char *const *names, size_t n)
{
	const char *shown[SHOWN];
	size_t best = FAR, count = 0;
	struct buf b = { 0 };

	for (size_t i = 0; i < n && names[i] != NULL; i++) {
		size_t far = how_far(asked, names[i]);

		if (far < best) {
			best = far;
			count = 0;
		}
		if (far == best && far < FAR && count < SHOWN)
			shown[count++] = names[i];
	}
	for (size_t i = 0; i < count; i++)
		buf_print(&b, "%s'%s'%s",
		    i == 0	    ? "; did you mean "
		    : i + 1 < count ? ", "
				    : " or ",
		    shown[i], i + 1 == count ? "?" : "");
	buf_string(&b);
	return b.data;
}

char *
near_words(const char *asked, const char *words)
{
	char *copy = mem_string(words), *word, *rest, *text;
	const char **list = mem_alloc(strlen(words) + 1, sizeof(*list));
	size_t n = 0;

	for (word = strtok_r(copy, "|", &rest); word != NULL;
	     word = strtok_r(NULL, "|", &rest))
		list[n++] = word;
	text = near_text(asked, list, n);
	free(list);
	free(copy);
	return text;
}
