/*
 * utf8: every code point there and back, every kind of malformed sequence,
 * and random bytes against a plain decoder.
 */
#include "check.h"

#include "base/buf.h"
#include "base/utf8.h"

static void
check_round(void)
{
	bool good = true, invalid = true;
	char text[4];

	for (uint32_t c = 0; c < 0x110000; c++) {
		size_t n = utf8_put(text, c), length;
		size_t expected = c < 0x80	? 1
				  : c < 0x800	? 2
				  : c < 0x10000 ? 3
						: 4;

		if (c >= 0xd800 && c < 0xe000) {
			invalid &= utf8_check(text, n) == 0;
			continue;
		}
		good &= n == expected && utf8_check(text, n) == n;
		good &= utf8_get(text, &length) == c && length == n;
		for (size_t cut = 1; cut < n; cut++)
			invalid &= utf8_check(text, cut) == 0;
	}
	CHECK_NAMED("every code point comes back", good);
	CHECK_NAMED("surrogates and cut sequences are invalid", invalid);
}

static void
check_invalid(void)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xe2\x28\xa1",
		"\xe2\x82\x28", "\xf0\x28\x8c\xbc" };
	char text[32];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t n = strlen(bad[i]);

		CHECK_NAMED("refused at its place", utf8_check(bad[i], n) == 0);
		memset(text, 'a', 16);
		memcpy(text + 9, bad[i], n);
		CHECK_NAMED("and behind ASCII", utf8_check(text, 9 + n) == 9);
	}
	CHECK(utf8_check("", 0) == 0);
	CHECK(utf8_check("a\0b", 3) == 3);
}

/* The definition (RFC 3629, section 4) byte by byte. */
static bool
plain_valid(const unsigned char *p, size_t n, size_t *length)
{
	uint32_t c, least;
	size_t more;

	if (p[0] < 0x80)
		more = 0, c = p[0], least = 0;
	else if ((p[0] & 0xe0) == 0xc0)
		more = 1, c = p[0] & 0x1f, least = 0x80;
	else if ((p[0] & 0xf0) == 0xe0)
		more = 2, c = p[0] & 0x0f, least = 0x800;
	else if ((p[0] & 0xf8) == 0xf0)
		more = 3, c = p[0] & 0x07, least = 0x10000;
	else
		return false;
	if (more >= n)
		return false;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
		c = c << 6 | (p[i] & 0x3f);
	}
	*length = more + 1;
	return c >= least && c < 0x110000 && !(c >= 0xd800 && c < 0xe000);
}

static void
check_random_bytes(void)
{
	/* Bytes near the borders, so that many sequences are nearly valid. */
	static const unsigned char border[] = { 'a', 0x7f, 0x80, 0x8f, 0x90,
		0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef,
		0xf0, 0xf1, 0xf4, 0xf5 };
	struct rng r = rng_key(1, 2, 3);
	bool good = true;

	for (uint64_t k = 0; k < 200000; k++) {
		unsigned char p[24];
		size_t n = (size_t)rng_below(r, k * 32, 24), at = 0, length;

		for (size_t i = 0; i < n; i++)
			p[i] = border[rng_below(
			    r, k * 32 + 1 + i, sizeof(border))];
		while (at < n && plain_valid(p + at, n - at, &length))
			at += length;
		good &= utf8_check((char *)p, n) == at;
	}
	CHECK_NAMED("random bytes: as the plain decoder says", good);
}

static bool
strips(const char *text, const char *expected)
{
	const char *p = text;
	size_t n = utf8_strip(&p, strlen(text));

	return n == strlen(expected) && memcmp(p, expected, n) == 0;
}

/* One U+FFFD for an invalid byte and the continuation bytes after it. */
static void
check_replace(void)
{
	static const struct {
		const char *text, *want;
		size_t count;
	} row[] = {
		{ "", "", 0 },
		{ "caf\xc3\xa9", "caf\xc3\xa9", 0 },
		{ "\xff", "\xef\xbf\xbd", 1 },
		{ "a\xe4\xb8 b\xff\xfe",
		    "a\xef\xbf\xbd b\xef\xbf\xbd\xef\xbf\xbd", 3 },
		{ "\x80\x80\xc3\xa9", "\xef\xbf\xbd\xc3\xa9", 1 },
	};
	struct buf out = { 0 };

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		buf_clear(&out);
		CHECK(utf8_replace(&out, row[i].text, strlen(row[i].text)) ==
		      row[i].count);
		CHECK_TEXT(buf_string(&out), row[i].want);
	}
	buf_free(&out);
}

int
main(void)
{
	static const uint32_t space[] = { 9, 10, 11, 12, 13, 28, 29, 30, 31, 32,
		0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
		0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029,
		0x202f, 0x205f, 0x3000 }; /* what Python's str.isspace has */
	size_t found = 0;
	bool good = true;

	check_round();
	check_invalid();
	check_random_bytes();
	check_replace();
	for (uint32_t c = 0; c < 0x110000; c++)
		if (utf8_is_space(c))
			good &= found < sizeof(space) / sizeof(space[0]) &&
				space[found++] == c;
	CHECK_NAMED("white space is Python's",
	    good && found == sizeof(space) / sizeof(space[0]));
	CHECK(strips("", ""));
	CHECK(strips(" \t\n", ""));
	CHECK(strips("a", "a"));
	CHECK(strips(" a b ", "a b"));
	CHECK(strips("\xc2\xa0\xe3\x80\x80w\xc3\xa9\xe2\x80\xa8", "w\xc3\xa9"));
	CHECK(strips("\xe2\x80\x8b", "\xe2\x80\x8b")); /* zero width: kept */
	return check_done();
}
