#include "base/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/stream.h"
#include "base/utf8.h"

void
lines_read(const char *path,
    void (*take)(void *state, const char *text, size_t n), void *state)
{
	FILE *file, *in;
	const char *name = file_name(path);
	char *text = NULL;
	size_t room = 0, line = 0;
	ssize_t got;

	kind_refuse_sure(path, kind_raw);
	file = file_read(path);
	in = file == stdin ? stream_open(STDIN_FILENO, "r", NULL) : file;
	while ((got = getline(&text, &room, in)) > 0) {
		size_t n = (size_t)got, good = utf8_check(text, n);

		if (line++ == 0) {
			struct kind_found found = kind_of_bytes(text, n);

			if (found.sure)
				kind_refuse(&found, name, kind_raw);
		}
		if (good < n)
			die_at(name, line,
			    "invalid UTF-8 at byte %zu of the line", good + 1);
		take(state, text, n);
	}
	if (ferror(in))
		die("%s:", name);
	fclose(in);
	free(text);
}
