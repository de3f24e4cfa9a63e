/*
 * What becomes of code points, and a digest over all of them, which another
 * version of utf8proc would change.
 *
 *	t-unicode plain		what utf8proc alone says, for the generator
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "check.h"
#include "corpus/unicode.h"

static void
print_plain(void)
{
	for (uint32_t c = 1; c < UNICODE_POINTS; c++) {
		struct unicode_plain p;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		p = unicode_plain(c);
		printf("%x %c %d %x", c, p.class, p.order, p.lower);
		for (size_t i = 0; i < p.count; i++)
			printf(" %x", p.part[i]);
		putchar('\n');
	}
}

/* As "kind:point/order ..." */
static const char *
fate(struct buf *b, uint32_t point, bool cased)
{
	static const char kinds[] = "DSLA";
	struct unicode_fate f = unicode_fate(point, unicode_rules(cased));

	buf_clear(b);
	for (size_t i = 0; i < f.count; i++) {
		buf_print(b, "%s%c:%x", i > 0 ? " " : "", kinds[f.part[i].kind],
		    f.part[i].point);
		if (f.part[i].order > 0)
			buf_print(b, "/%d", f.part[i].order);
	}
	return buf_string(b);
}

static void
check_kinds(struct buf *b)
{
	CHECK_TEXT(fate(b, 'A', false), "L:61");
	CHECK_TEXT(fate(b, 'A', true), "L:41");
	CHECK_TEXT(fate(b, 0, false), "");
	CHECK_TEXT(fate(b, 0xfffd, true), "");
	CHECK_TEXT(fate(b, 0x200b, false), "");
	CHECK_TEXT(fate(b, 0xe000, false), "");
	CHECK_TEXT(fate(b, 0x378, true), "L:378");
	CHECK_TEXT(fate(b, '\r', true), "S:20");
	CHECK_TEXT(fate(b, 0x0b, true), "");
	CHECK_TEXT(fate(b, 0x85, true), "");
	CHECK_TEXT(fate(b, 0x2028, true), "S:20");
	CHECK_TEXT(fate(b, '$', true), "A:24");
	CHECK_TEXT(fate(b, 0x20ac, true), "L:20ac");
	CHECK_TEXT(fate(b, 0x4e00, false), "A:4e00");
	CHECK_TEXT(fate(b, 0x2b81f, false), "A:2b81f");
	CHECK_TEXT(fate(b, 0x2b820, false), "L:2b820");
	CHECK_TEXT(fate(b, 0x2b91f, false), "L:2b91f");
	CHECK_TEXT(fate(b, 0x2b920, false), "A:2b920");
	CHECK_TEXT(fate(b, 0xf900, false), "A:8c48");
	CHECK_TEXT(fate(b, 0xf900, true), "A:f900");
}

static void
check_marks(struct buf *b)
{
	CHECK_TEXT(fate(b, 0xc9, false), "L:65");
	CHECK_TEXT(fate(b, 0xc9, true), "L:c9");
	CHECK_TEXT(fate(b, 0x301, false), "");
	CHECK_TEXT(fate(b, 0x301, true), "L:301");
	CHECK_TEXT(fate(b, 0x34f, false), "D:34f");
	CHECK_TEXT(fate(b, 0x302e, false), "L:302e/224");
	CHECK_TEXT(fate(b, 0x130, false), "L:69");
	CHECK_TEXT(fate(b, 0x3a3, false), "L:3c3");
	CHECK_TEXT(fate(b, 0xac01, false), "L:1100 L:1161 L:11a8");
	CHECK_TEXT(fate(b, 0x2260, false), "A:3d");
	CHECK_TEXT(fate(b, 0x1fef, true), "L:1fef");
	CHECK_TEXT(fate(b, 0x1fef, false), "A:60");
	CHECK_TEXT(fate(b, 0x1d15f, false), "L:1d158 L:1d165/216");
}

/* Where the oracle wins. */
static void
check_exceptions(struct buf *b)
{
	CHECK_TEXT(fate(b, 0x61d, true), "L:61d");
	CHECK_TEXT(fate(b, 0x890, true), "L:890");
	CHECK_TEXT(fate(b, 0x111c9, true), "A:111c9");
	CHECK_TEXT(fate(b, 0x1734, false), "");
	CHECK_TEXT(fate(b, 0xa7cb, false), "L:264");
	CHECK_TEXT(fate(b, 0x10d65, false), "L:10d85");
	CHECK_TEXT(fate(b, 0x8d3, false), "L:8d3");
	CHECK_TEXT(fate(b, 0x11938, false), "L:11938");
}

/* What unicode.h promises of fates with several parts. */
static bool
parts_are_letters(struct unicode_rules rules)
{
	for (uint32_t c = 0; c < UNICODE_POINTS; c++) {
		struct unicode_fate f = unicode_fate(c, rules);

		for (size_t i = 0; i < f.count && f.count > 1; i++)
			if (f.part[i].kind != UNICODE_LETTER &&
			    f.part[i].kind != UNICODE_DROP)
				return false;
	}
	return true;
}

static void
check_digest(struct buf *b, bool cased, const char *expected)
{
	struct buf all = { 0 };
	char hex[DIGEST_HEX];

	for (uint32_t c = 0; c < UNICODE_POINTS; c++) {
		buf_text(&all, fate(b, c, cased));
		buf_byte(&all, '\n');
	}
	digest_sha256(hex, all.data, all.size);
	if (!CHECK_NAMED(
		cased ? "all code points, cased" : "all code points, uncased",
		strcmp(hex, expected) == 0))
		printf("# got %s: is this utf8proc 2.8?\n", hex);
	buf_free(&all);
}

int
main(int argc, char **argv)
{
	struct buf b = { 0 };

	if (argc > 1 && strcmp(argv[1], "plain") == 0) {
		print_plain();
		return 0;
	}
	check_kinds(&b);
	check_marks(&b);
	check_exceptions(&b);
	for (int i = 0; i < 8; i++)
		CHECK(parts_are_letters((struct unicode_rules){
		    (i & 1) != 0, (i & 2) != 0, (i & 4) != 0 }));
	check_digest(&b, false,
	    "5bf6d23c2f85262ea60488e944f2f7c55f65c5d3d7171b58f3fce0b9431f4b9b");
	check_digest(&b, true,
	    "ea186a974e48a8002a7b38004dd55a866f6ae4363eae756e9dcea9c042f667e7");
	buf_free(&b);
	return check_done();
}
