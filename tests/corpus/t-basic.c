/* Words of texts: what ends them, what they lose, what is put in order. */
#include "base/buf.h"
#include "check.h"
#include "corpus/basic.h"

/* Words with '|' between them; '@' before special pieces, '!' if too long. */
static const char *
words(struct buf *b, const char *text, size_t n, bool cased)
{
	struct basic *basic = basic_new(unicode_rules(cased));
	const char *at = text, *end = text + n;
	struct basic_word w;

	buf_clear(b);
	while (basic_next(basic, &at, end, &w)) {
		buf_text(b, b->size > 0 ? "|" : "");
		buf_text(b, w.special >= 0 ? "@" : w.too_long ? "!" : "");
		if (!w.too_long)
			buf_add(b, w.text, w.size);
	}
	basic_free(basic);
	return buf_string(b);
}

static const char *
lower(struct buf *b, const char *text)
{
	return words(b, text, strlen(text), false);
}

static const char *
keep(struct buf *b, const char *text)
{
	return words(b, text, strlen(text), true);
}

static void
check_plain(struct buf *b)
{
	CHECK_TEXT(lower(b, ""), "");
	CHECK_TEXT(lower(b, " \t\r "), "");
	CHECK_TEXT(lower(b, "It's a Test-case."), "it|'|s|a|test|-|case|.");
	CHECK_TEXT(keep(b, "It's\tDone\r"), "It|'|s|Done");
	CHECK_TEXT(words(b, "a\0b", 3, true), "ab");
	CHECK_TEXT(keep(b, "a\xe2\x80\x8b"
			   "b\xef\xbf\xbd"),
	    "ab");
	CHECK_TEXT(keep(b, "a\xc2\xa0\xe3\x80\x80"
			   "b"),
	    "a|b");
}

static void
check_marks(struct buf *b)
{
	/* Composed and decomposed; a mark alone. */
	CHECK_TEXT(lower(b, "\xc3\x89t\xc3\xa9 e\xcc\x81"), "ete|e");
	CHECK_TEXT(keep(b, "e\xcc\x81"), "e\xcc\x81");
	CHECK_TEXT(lower(b, "\xcc\x81"), "");
	CHECK_TEXT(keep(b, "\xcc\x81"), "\xcc\x81");
	/* U+302E (224) after U+1D165 (216), in either order. */
	CHECK_TEXT(lower(b, "a\xe3\x80\xae\xf0\x9d\x85\xa5"),
	    "a\xf0\x9d\x85\xa5\xe3\x80\xae");
	CHECK_TEXT(keep(b, "a\xe3\x80\xae\xf0\x9d\x85\xa5"),
	    "a\xe3\x80\xae\xf0\x9d\x85\xa5");
	/* A mark that vanishes is passed, a joiner (starter) is not. */
	CHECK_TEXT(lower(b, "a\xe3\x80\xae\xcc\x81\xf0\x9d\x85\xa5"),
	    "a\xf0\x9d\x85\xa5\xe3\x80\xae");
	CHECK_TEXT(lower(b, "a\xe3\x80\xae\xcd\x8f\xf0\x9d\x85\xa5"),
	    "a\xe3\x80\xae\xf0\x9d\x85\xa5");
	/* U+2260 is an equals sign and a mark: punctuation. */
	CHECK_TEXT(lower(b, "a\xe2\x89\xa0z"), "a|=|z");
}

static void
check_scripts(struct buf *b)
{
	CHECK_TEXT(lower(b, "\xe4\xb8\xad\xe6\x96\x87x"),
	    "\xe4\xb8\xad|\xe6\x96\x87|x");
	CHECK_TEXT(keep(b, "\xed\x95\x9c"), "\xed\x95\x9c");
	CHECK_TEXT(
	    lower(b, "\xed\x95\x9c"), "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab");
	CHECK_TEXT(lower(b, "\xce\x9f\xce\xa3"), "\xce\xbf\xcf\x83");
}

static void
check_special(struct buf *b)
{
	CHECK_TEXT(lower(b, "[SEP]"), "@[SEP]");
	CHECK_TEXT(lower(b, "x[MASK]Y[[PAD]]"), "x|@[MASK]|y|[|@[PAD]|]");
	CHECK_TEXT(lower(b, "[sep]"), "[|sep|]");
	CHECK_TEXT(lower(b, "[SEP"), "[|sep");
	CHECK_TEXT(keep(b, "[SEP [CLS][UNK]"), "[|SEP|@[CLS]|@[UNK]");
}

static void
check_length(struct buf *b)
{
	char text[512];

	memset(text, 'a', sizeof(text));
	CHECK(strlen(words(b, text, 99, true)) == 99);
	CHECK(strlen(words(b, text, 100, true)) == 100);
	CHECK_TEXT(words(b, text, 101, true), "!");
	text[101] = ' ';
	text[103] = ' ';
	CHECK_TEXT(words(b, text, 104, true), "!|a");
	/* Characters that vanish do not count: 99 and a mark. */
	memcpy(text + 99, "\xcc\x81", 2);
	CHECK(strlen(words(b, text, 101, false)) == 99);
	/* Marks that stay do. */
	for (size_t i = 0; i < 150; i++)
		memcpy(text + 3 * i, "\xe3\x80\xae", 3);
	CHECK(strlen(words(b, text, 300, false)) == 300);
	CHECK_TEXT(words(b, text, 303, false), "!");
	CHECK_TEXT(words(b, text, 450, false), "!");
}

int
main(void)
{
	struct buf b = { 0 };

	check_plain(&b);
	check_marks(&b);
	check_scripts(&b);
	check_special(&b);
	check_length(&b);
	buf_free(&b);
	return check_done();
}
