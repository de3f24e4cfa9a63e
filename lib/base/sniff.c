#include "base/sniff.h"

#include <stdbool.h>
#include <string.h>

#include "base/die.h"

static const struct {
	const char *start;
	size_t size; /* 0: text, in any case, after white space */
	const char *name;
} known[] = {
	{ "version https://git-lfs.github.com/spec/", 40,
	    "a pointer of Git LFS in place of the file: fetch it with 'git lfs "
	    "pull'" },
	{ "<!doctype html", 0,
	    "an HTML page in place of the file: was the download refused?" },
	{ "<html", 0,
	    "an HTML page in place of the file: was the download refused?" },
	{ "<?xml", 0,
	    "an XML page in place of the file: was the download refused?" },
	{ "\x89HDF\r\n\x1a\n", 8, "an HDF5 file, such as Keras writes" },
	{ "GGUF", 4, "a GGUF file of llama.cpp" },
	{ "\x1f\x8b", 2, "packed by gzip" },
	{ "\xfd"
	  "7zXZ",
	    5, "packed by xz" },
	{ "BZh", 3, "packed by bzip2" },
	{ "\x28\xb5\x2f\xfd", 4, "packed by zstd" },
	{ "%PDF-", 5, "a PDF document" },
};

static bool
starts_as(const unsigned char *p, size_t n, const char *start)
{
	while (n > 0 && strchr(" \t\r\n", *p) != NULL && *p != '\0') {
		p++;
		n--;
	}
	for (; *start != '\0'; start++, p++, n--) {
		unsigned char c = n > 0 ? *p : 0;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if (c != (unsigned char)*start)
			return false;
	}
	return true;
}

const char *
sniff_name(const void *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t size = known[i].size;

		if (size == 0
			? starts_as(bytes, n, known[i].start)
			: n >= size && memcmp(bytes, known[i].start, size) == 0)
			return known[i].name;
	}
	return NULL;
}

void
sniff_refuse(const char *path, const void *bytes, size_t n)
{
	const char *name = n > 0 ? sniff_name(bytes, n) : NULL;

	if (name != NULL)
		die_at(path, 0, "%s", name);
}
