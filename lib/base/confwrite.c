#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/utf8.h"

void
conf_put_json_bytes(struct buf *out, const char *text, size_t n)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			buf_print(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_print(out, "\\u%04x", c);
		else
			buf_byte(out, (char)c);
	}
	buf_byte(out, '"');
}

void
conf_put_json(struct buf *out, const char *text)
{
	conf_put_json_bytes(out, text, strlen(text));
}

/* YAML 1.1 readers take these for truth values or for nothing. */
static bool
is_yaml_word(const char *text)
{
	static const char *const words[] = { "null", "true", "false", "yes",
		"no", "on", "off", "y", "n" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A letter, then what means nothing within a word. */
static bool
is_plain(const char *text)
{
	return text[0] != '\0' && strchr(LETTERS, text[0]) != NULL &&
	       text[strspn(text, LETTERS "0123456789_-.")] == '\0' &&
	       !is_yaml_word(text);
}

/* What cannot stand in quotes as it is, or would be folded there. */
static bool
is_printable(uint32_t c)
{
	return c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0x2028 &&
	       c != 0x2029 && c != 0xfeff && c != 0xfffe && c != 0xffff;
}

static void
put_quoted(struct buf *out, const char *text)
{
	buf_byte(out, '"');
	for (size_t n; *text != '\0'; text += n) {
		uint32_t c = utf8_get(text, &n);

		if (c == '"' || c == '\\')
			buf_byte(out, '\\');
		if (is_printable(c))
			buf_add(out, text, n);
		else
			buf_print(out, "\\U%08X", c);
	}
	buf_byte(out, '"');
}

void
conf_put_key(struct buf *out, const char *key, size_t indent)
{
	enum { SIMPLE = 128 }; /* readers look no further than 1,024 */
	bool simple = strlen(key) <= SIMPLE;

	if (!simple)
		buf_text(out, "? ");
	if (is_plain(key))
		buf_text(out, key);
	else
		put_quoted(out, key);
	if (!simple)
		buf_print(out, "\n%*s", (int)indent, "");
	buf_byte(out, ':');
}

void
conf_put_value(struct buf *out, const char *text)
{
	if (is_plain(text))
		buf_text(out, text);
	else
		put_quoted(out, text);
}
