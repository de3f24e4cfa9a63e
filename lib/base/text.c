#include "base/text.h"

#include <string.h>

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
