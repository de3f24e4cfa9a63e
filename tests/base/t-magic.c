/*
 * magic: files that are no text are named; text never is.
 */
#include "base/magic.h"

#include "check.h"

static const struct {
	const char *bytes;
	size_t size;
	const char *name;
} cases[] = {
	{ "PAR1\25\4", 6, "a Parquet file" },
	{ "\x1f\x8b\10\0", 4, "compressed by gzip" },
	{ "PK\3\4\24\0", 6, "a zip archive (a spreadsheet is one)" },
	{ "\xff\xfes\0e\0", 6, "UTF-16 text, expected UTF-8" },
	{ "\xff\xff\xff\xff\0", 5, "an Arrow stream" },
	{ "\x80\4\x95", 3, "a Python pickle" },
	{ "<!DOCTYPE HTML>", 15, "an HTML page" },
	{ "version https://git-lfs.github.com/spec/v1\n", 43,
	    "a Git LFS pointer, not the file" },
	{ "\x20\1\0\0\0\0\0\0{\"", 10, "a tensor file (a pack or a model's)" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(
		    magic_name(cases[i].bytes, cases[i].size), cases[i].name);
	CHECK(magic_name("", 0) == NULL && magic_name("PAR", 3) == NULL);
	CHECK(magic_name("version https", 13) == NULL);
	CHECK(magic_name("\xef\xbb\xbfsentence\tlabel\n", 18) == NULL);
	CHECK(magic_name("<b>bold</b>\t1\n", 14) == NULL);
	CHECK(magic_name("sentence\0{abc", 13) == NULL);
	return check_done();
}
