#include "base/yamlcheck.h"

#include <stdbool.h>
#include <string.h>

#include "base/die.h"

enum { LONGEST = 1024, MAX_TAGS = 64 };

/* A ':' ends a key where white space or nothing follows. */
static bool
ends_key(const char *at, const char *end)
{
	return *at == ':' && (at + 1 == end || strchr(" \t\r", at[1]) != NULL);
}

size_t
yamlcheck_long_key(const char *text, size_t n, size_t line)
{
	const char *end = text + n, *stop;
	size_t characters = 0;
	char quote = '\0';

	for (; line > 0 && text != NULL; line--)
		if ((text = memchr(text, '\n', (size_t)(end - text))) != NULL)
			text++;
	if (text == NULL)
		return 0;
	stop = memchr(text, '\n', (size_t)(end - text));
	if (stop == NULL)
		stop = end;
	for (; text < stop; text++) {
		if (quote == '\0' && characters > LONGEST &&
		    ends_key(text, stop))
			return characters;
		if (quote == '\0' && strchr(" {[,", *text) != NULL)
			characters = 0;
		else
			characters += (*text & 0xc0) != 0x80;
		if (quote == '\0' && (*text == '"' || *text == '\''))
			quote = *text;
		else if (*text == quote)
			quote = '\0';
	}
	return 0;
}

void
yamlcheck_tags(const char *path, const char *text, size_t n)
{
	const char *end = text + n, *line = text;
	size_t tags = 0;

	for (size_t nth = 1; line != NULL && line < end; nth++) {
		size_t left = (size_t)(end - line);

		if (left > 4 && memcmp(line, "%TAG", 4) == 0 &&
		    ++tags > MAX_TAGS)
			die_at(path, nth, "more than %d %%TAG lines", MAX_TAGS);
		if ((line = memchr(line, '\n', left)) != NULL)
			line++;
	}
}
