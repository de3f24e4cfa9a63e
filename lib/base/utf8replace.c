#include "base/buf.h"
#include "base/utf8.h"

size_t
utf8_replace(struct buf *out, const char *text, size_t n)
{
	const char *end = text + n;
	size_t count = 0;

	for (;;) {
		size_t good = utf8_check(text, (size_t)(end - text));

		buf_add(out, text, good);
		text += good;
		if (text == end)
			return count;
		buf_add(out, "\xef\xbf\xbd", 3);
		count++;
		text++;
		while (text < end && ((unsigned char)*text & 0xc0) == 0x80)
			text++;
	}
}
