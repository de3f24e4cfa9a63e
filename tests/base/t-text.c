#include "check.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"

static void
test_words(void)
{
	static const char *const words[] = { "b", "a", "c", "a", "b", NULL };
	char *all = text_list(words, SIZE_MAX, " or ");
	char *two = text_list(words, 2, " or ");
	char *one = text_list(words, 1, " or ");
	char *none = text_list(words, 0, " or ");

	CHECK(text_find(words, "a") == 1 && text_find(words, "") == -1);
	CHECK_TEXT(all, "b, a, c, a or b");
	CHECK_TEXT(two, "b or a");
	CHECK_TEXT(one, "b");
	CHECK_TEXT(none, "");
	CHECK(text_find_twice(words, 5) == 3 && text_find_twice(words, 3) == 3);
	CHECK(text_find_twice(words, 0) == 0);
	free(all);
	free(two);
	free(one);
	free(none);
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
	test_words();
	return check_done();
}
