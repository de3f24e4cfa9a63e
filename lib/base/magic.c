#include "base/magic.h"

#include <string.h>
#include <strings.h>

static const struct magic {
	const char *bytes;
	size_t size;
	const char *name;
} known[] = {
	{ "PAR1", 4, "a Parquet file" },
	{ "ARROW1", 6, "an Arrow file" },
	{ "\xff\xff\xff\xff", 4, "an Arrow stream" },
	{ "\x1f\x8b", 2, "compressed by gzip" },
	{ "BZh", 3, "compressed by bzip2" },
	{ "\xfd"
	  "7zXZ",
	    5, "compressed by xz" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed by zstd" },
	{ "PK\003\004", 4, "a zip archive (a spreadsheet is one)" },
	{ "\xd0\xcf\x11\xe0", 4, "a spreadsheet or document of old" },
	{ "SQLite format 3", 15, "an SQLite database" },
	{ "%PDF-", 5, "a PDF" },
	{ "\xff\xfe", 2, "UTF-16 text, expected UTF-8" },
	{ "\xfe\xff", 2, "UTF-16 text, expected UTF-8" },
	{ "\x80\002", 2, "a Python pickle" },
	{ "\x80\003", 2, "a Python pickle" },
	{ "\x80\004", 2, "a Python pickle" },
	{ "\x80\005", 2, "a Python pickle" },
	{ "version https://git-lfs", 23, "a Git LFS pointer, not the file" },
	{ "<!doctype html", 14, "an HTML page" },
	{ "<html", 5, "an HTML page" },
};

const char *
magic_name(const char *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (n >= known[i].size &&
		    (memcmp(bytes, known[i].bytes, known[i].size) == 0 ||
			(known[i].bytes[0] == '<' &&
			    strncasecmp(bytes, known[i].bytes, known[i].size) ==
				0)))
			return known[i].name;
	if (n >= 10 && bytes[8] == '{' &&
	    memcmp(bytes + 3, "\0\0\0\0\0", 5) == 0)
		return "a tensor file (a pack or a model's)";
	return NULL;
}
