/*
 * labelset: words between commas, and sets in the order of bytes.
 */
#include "corpus/labelset.h"

#include "check.h"

static const struct {
	const char *set, *words;
} cases[] = {
	{ "a", "[a]" },
	{ "b, a", "[b][a]" },
	{ " a b ,\tc ", "[a b][c]" },
	{ "a,", "[a][]" },
	{ ",", "[][]" },
	{ "", "[]" },
};

int
main(void)
{
	struct example_text none = { NULL, 0 }, word;
	struct labelset s = { 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct example_text set = { cases[i].set,
			strlen(cases[i].set) };

		buf_clear(&out);
		while (labelset_next(&set, &word))
			buf_print(&out, "[%.*s]", (int)word.size, word.at);
		CHECK_TEXT(buf_string(&out), cases[i].words);
	}
	CHECK(!labelset_next(&none, &word));
	buf_clear(&out);
	labelset_add(&s, "b", 1);
	labelset_add(&s, "ab", 2);
	labelset_add(&s, "a", 1);
	labelset_add(&s, "b", 1);
	labelset_put(&s, &out);
	CHECK_TEXT(buf_string(&out), "a,ab,b");
	labelset_put(&s, &out);
	CHECK_TEXT(buf_string(&out), "a,ab,b");
	labelset_free(&s);
	buf_free(&out);
	return check_done();
}
