#include "corpus/unicode.h"

#include <utf8proc.h>

#include "base/utf8.h"
#include "corpus/unicodetable.h"

struct unicode_rules
unicode_rules(bool cased)
{
	return (struct unicode_rules){ !cased, !cased, true };
}

static bool
is_space(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || c == ' ' || c == 0xa0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* The eight ranges; extension E begins late, as in the oracle. */
static bool
is_chinese(uint32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
	       (c >= 0x20000 && c <= 0x2a6df) ||
	       (c >= 0x2a700 && c <= 0x2b73f) ||
	       (c >= 0x2b740 && c <= 0x2b81f) ||
	       (c >= 0x2b920 && c <= 0x2ceaf) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x2f800 && c <= 0x2fa1f);
}

static char
class_ascii(uint32_t c)
{
	if (c < ' ' || c == 0x7f)
		return 'C';
	return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) ||
		       (c >= 91 && c <= 96) || (c >= 123 && c <= 126)
		   ? 'A'
		   : 'L';
}

/* Unassigned characters stay: they are letters here. */
static char
class_plain(uint32_t point)
{
	int c = utf8proc_get_property((utf8proc_int32_t)point)->category;

	if (is_space(point))
		return 'S';
	if (point < 0x80)
		return class_ascii(point);
	if (point == 0xfffd || c == UTF8PROC_CATEGORY_CC ||
	    c == UTF8PROC_CATEGORY_CF || c == UTF8PROC_CATEGORY_CO ||
	    c == UTF8PROC_CATEGORY_CS)
		return 'C';
	if (c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO)
		return 'A';
	return c == UTF8PROC_CATEGORY_MN ? 'M' : 'L';
}

static uint32_t
lower_plain(uint32_t point)
{
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
}

static size_t
decompose(uint32_t point, uint32_t parts[UNICODE_PARTS])
{
	utf8proc_int32_t to[UNICODE_PARTS];
	int last = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)point,
	    to, UNICODE_PARTS, UTF8PROC_DECOMPOSE, &last);

	for (utf8proc_ssize_t i = 0; i < n && i < UNICODE_PARTS; i++)
		parts[i] = (uint32_t)to[i];
	return n > 0 && n <= UNICODE_PARTS ? (size_t)n : 0;
}

static uint8_t
order_plain(uint32_t point)
{
	return (uint8_t)utf8proc_get_property((utf8proc_int32_t)point)
	    ->combining_class;
}

struct unicode_plain
unicode_plain(uint32_t point)
{
	struct unicode_plain plain = { 0 };

	plain.class = class_plain(point);
	plain.order = order_plain(point);
	plain.lower = lower_plain(point);
	plain.count = decompose(point, plain.part);
	return plain;
}

static char
class_of(uint32_t point)
{
	for (size_t i = 0; i < UNICODE_CLASSES; i++)
		if (point >= unicode_classes[i].first &&
		    point <= unicode_classes[i].last)
			return unicode_classes[i].class;
	return class_plain(point);
}

static uint32_t
lower_of(uint32_t point)
{
	for (size_t i = 0; i < UNICODE_LOWERS; i++)
		if (point >= unicode_lowers[i].first &&
		    point <= unicode_lowers[i].last)
			return (
			    uint32_t)((int32_t)point + unicode_lowers[i].shift);
	return lower_plain(point);
}

static size_t
decompose_of(uint32_t point, uint32_t parts[UNICODE_PARTS])
{
	for (size_t i = 0; i < UNICODE_WHOLES; i++)
		if (point >= unicode_wholes[i].first &&
		    point <= unicode_wholes[i].last) {
			parts[0] = point;
			return 1;
		}
	return decompose(point, parts);
}

static uint8_t
order_of(uint32_t point)
{
	for (size_t i = 0; i < UNICODE_STARTERS; i++)
		if (point >= unicode_starters[i].first &&
		    point <= unicode_starters[i].last)
			return 0;
	return order_plain(point);
}

static void
add_part(struct unicode_fate *fate, uint32_t point, struct unicode_rules rules,
    bool chinese)
{
	struct unicode_part *part = &fate->part[fate->count];
	char class = class_of(point);

	part->point = point;
	part->order = rules.strip ? order_of(point) : 0;
	if (rules.strip && class == 'M') {
		part->kind = UNICODE_DROP;
		fate->count += part->order == 0;
		return;
	}
	if (rules.lower)
		part->point = lower_of(point);
	part->kind = chinese || class == 'A' ? UNICODE_ALONE : UNICODE_LETTER;
	fate->count++;
}

struct unicode_fate
unicode_fate(uint32_t point, struct unicode_rules rules)
{
	struct unicode_fate fate = { 0 };
	uint32_t parts[UNICODE_PARTS] = { point };
	char class = class_of(point);
	size_t n = 1;

	if (class == 'S') {
		fate.count = 1;
		fate.part[0].kind = UNICODE_SPACE;
		fate.part[0].point = ' ';
	}
	if (class == 'S' || class == 'C')
		return fate;
	if (rules.strip)
		n = decompose_of(point, parts);
	for (size_t i = 0; i < n; i++)
		add_part(
		    &fate, parts[i], rules, rules.chinese && is_chinese(point));
	return fate;
}

/* Symbols that have the property Alphabetic: letters in circles and squares. */
static bool
is_alphabetic_symbol(uint32_t c)
{
	return (c >= 0x24b6 && c <= 0x24e9) || (c >= 0x1f130 && c <= 0x1f149) ||
	       (c >= 0x1f150 && c <= 0x1f169) || (c >= 0x1f170 && c <= 0x1f189);
}

bool
unicode_is_word(uint32_t point)
{
	int c = utf8proc_get_property((utf8proc_int32_t)point)->category;

	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NL) ||
	       c == UTF8PROC_CATEGORY_PC || is_alphabetic_symbol(point) ||
	       point == 0x200c || point == 0x200d;
}

bool
unicode_is_white(uint32_t point)
{
	return utf8_is_space(point) && (point < 28 || point > 31);
}
