#include "base/utf8.h"

#include <string.h>

static size_t
ascii_run(const char *text, size_t n)
{
	size_t i = 0;
	uint64_t word;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, text + i, 8);
		if ((word & 0x8080808080808080u) != 0)
			break;
	}
	while (i < n && (unsigned char)text[i] < 0x80)
		i++;
	return i;
}

/* The length of the sequence at p, or 0 if it is not valid. */
static size_t
sequence(const unsigned char *p, size_t n)
{
	size_t length = p[0] < 0xc2   ? 0
			: p[0] < 0xe0 ? 2
			: p[0] < 0xf0 ? 3
			: p[0] < 0xf5 ? 4
				      : 0;

	if (length == 0 || length > n)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return length;
}

size_t
utf8_check(const char *text, size_t n)
{
	size_t i = 0, length;

	for (;;) {
		i += ascii_run(text + i, n - i);
		if (i == n)
			return n;
		length = sequence((const unsigned char *)text + i, n - i);
		if (length == 0)
			return i;
		i += length;
	}
}

uint32_t
utf8_get(const char *text, size_t *length)
{
	const unsigned char *p = (const unsigned char *)text;

	if (p[0] < 0x80) {
		*length = 1;
		return p[0];
	}
	if (p[0] < 0xe0) {
		*length = 2;
		return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	}
	if (p[0] < 0xf0) {
		*length = 3;
		return (uint32_t)(p[0] & 0x0f) << 12 |
		       (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	}
	*length = 4;
	return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
	       (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

size_t
utf8_put(char text[4], uint32_t point)
{
	if (point < 0x80) {
		text[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		text[0] = (char)(0xc0 | point >> 6);
		text[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		text[0] = (char)(0xe0 | point >> 12);
		text[1] = (char)(0x80 | (point >> 6 & 0x3f));
		text[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	text[0] = (char)(0xf0 | point >> 18);
	text[1] = (char)(0x80 | (point >> 12 & 0x3f));
	text[2] = (char)(0x80 | (point >> 6 & 0x3f));
	text[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

bool
utf8_is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || (c >= 28 && c <= 32) || c == 0x85 ||
	       c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
	       c == 0x3000;
}

size_t
utf8_strip(const char **text, size_t n)
{
	const char *p = *text;
	size_t length;

	while (n > 0 && utf8_is_space(utf8_get(p, &length))) {
		p += length;
		n -= length;
	}
	while (n > 0) {
		size_t back = 1;

		while ((p[n - back] & 0xc0) == 0x80)
			back++;
		if (!utf8_is_space(utf8_get(p + n - back, &length)))
			break;
		n -= back;
	}
	*text = p;
	return n;
}
