#include "check.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"

static void
check_owned(char *text, const char *want)
{
	CHECK_TEXT(text, want);
	free(text);
}

static void
test_line(void)
{
	CHECK(text_line("ab\r\r", 4) == 2 && text_line("a\rb", 3) == 3);
	CHECK(text_line("\r", 1) == 0 && text_line("a", 0) == 0);
}

static void
test_words(void)
{
	static const char *const words[] = { "b", "a", "c", "a", "b", NULL };

	CHECK(text_find(words, "a") == 1 && text_find(words, "") == -1);
	check_owned(text_list(words, SIZE_MAX, " or "), "b, a, c, a or b");
	check_owned(text_list(words, 2, " or "), "b or a");
	check_owned(text_list(words, 1, " or "), "b");
	check_owned(text_list(words, 0, " or "), "");
	CHECK(text_word_find("linear|san", "san") == 1);
	CHECK(text_word_find("linear|san", "line") == -1 &&
	      text_word_find("linear|san", "") == -1);
	check_owned(text_word("a|bc|d", 1), "bc");
	check_owned(text_word("a|bc|d", 2), "d");
	check_owned(text_word_list("a|bc|d"), "a, bc or d");
	check_owned(text_word_list("a"), "a");
	CHECK(text_find_twice(words, 5) == 3 && text_find_twice(words, 3) == 3);
	CHECK(text_find_twice(words, 0) == 0);
}

int
main(void)
{
	CHECK(text_starts("bert.pooler", "bert."));
	CHECK(text_starts("bert.", "bert.") && text_starts("x", ""));
	CHECK(
	    !text_starts("bert", "bert.") && !text_starts("a.bert.", "bert."));
	CHECK(text_ends("a/tokenizer.json", ".json"));
	CHECK(text_ends(".json", ".json") && text_ends("x", ""));
	CHECK(!text_ends("json", ".json") && !text_ends("x.json.gz", ".json"));
	test_line();
	test_words();
	return check_done();
}
