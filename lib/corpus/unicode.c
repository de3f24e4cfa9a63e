#include "corpus/unicode.h"

#include <utf8proc.h>

struct unicode_rules
unicode_rules(bool cased)
{
	return (struct unicode_rules){ !cased, !cased, true };
}

static int
category(uint32_t point)
{
	return utf8proc_get_property((utf8proc_int32_t)point)->category;
}

static bool
is_mark(uint32_t point)
{
	return category(point) == UTF8PROC_CATEGORY_MN;
}

static bool
is_space(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || c == ' ' || c == 0xa0 ||
	    c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	    c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* Unassigned characters stay: they are no control characters. */
static bool
is_dropped(uint32_t point)
{
	int c = category(point);

	return point == 0xfffd || c == UTF8PROC_CATEGORY_CC ||
	    c == UTF8PROC_CATEGORY_CF || c == UTF8PROC_CATEGORY_CO ||
	    c == UTF8PROC_CATEGORY_CS;
}

static bool
is_punctuation(uint32_t point)
{
	int c = category(point);

	if (point < 0x80)
		return (point >= 33 && point <= 47) ||
		    (point >= 58 && point <= 64) ||
		    (point >= 91 && point <= 96) ||
		    (point >= 123 && point <= 126);
	return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO;
}

/* The eight ranges; extension E begins late, as in the oracle. */
static bool
is_chinese(uint32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
	    (c >= 0x20000 && c <= 0x2a6df) || (c >= 0x2a700 && c <= 0x2b73f) ||
	    (c >= 0x2b740 && c <= 0x2b81f) || (c >= 0x2b920 && c <= 0x2ceaf) ||
	    (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

static size_t
decompose(uint32_t point, utf8proc_int32_t parts[UNICODE_PARTS])
{
	int last = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)point,
	    parts, UNICODE_PARTS, UTF8PROC_DECOMPOSE, &last);

	return n > 0 && n <= UNICODE_PARTS ? (size_t)n : 0;
}

static uint8_t
order_of(uint32_t point)
{
	return (uint8_t)utf8proc_get_property((utf8proc_int32_t)point)
	    ->combining_class;
}

static void
add_part(struct unicode_fate *fate, uint32_t point, struct unicode_rules rules,
    bool chinese)
{
	struct unicode_part *part = &fate->part[fate->count];

	part->order = rules.strip ? order_of(point) : 0;
	part->point = point;
	if (rules.strip && is_mark(point)) {
		part->kind = UNICODE_DROP;
		fate->count += part->order == 0;
		return;
	}
	if (rules.lower)
		part->point = (uint32_t)utf8proc_tolower(
		    (utf8proc_int32_t)point);
	part->kind = chinese || is_punctuation(part->point) ? UNICODE_ALONE
	    : is_space(part->point)			    ? UNICODE_SPACE
							    : UNICODE_LETTER;
	fate->count++;
}

struct unicode_fate
unicode_fate_plain(uint32_t point, struct unicode_rules rules)
{
	struct unicode_fate fate = { 0 };
	utf8proc_int32_t parts[UNICODE_PARTS] = { (utf8proc_int32_t)point };
	size_t n = 1;

	if (is_space(point)) {
		fate.count = 1;
		fate.part[0].kind = UNICODE_SPACE;
		fate.part[0].point = ' ';
		return fate;
	}
	if (is_dropped(point))
		return fate;
	if (rules.strip)
		n = decompose(point, parts);
	for (size_t i = 0; i < n; i++)
		add_part(&fate, (uint32_t)parts[i], rules,
		    rules.chinese && is_chinese(point));
	return fate;
}

struct unicode_fate
unicode_fate(uint32_t point, struct unicode_rules rules)
{
	return unicode_fate_plain(point, rules);
}
