#include "corpus/document.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

/* What came since the last document's end, if anything, is a document. */
static void
end_document(struct documents *d)
{
	size_t end = d->text.count;

	d->start =
	    mem_grow(d->start, &d->room, d->count + 2, sizeof(*d->start));
	if (d->count == 0)
		d->start[0] = 0;
	if (end > d->start[d->count])
		d->start[++d->count] = end;
}

static bool
is_blank(const char *text, size_t n)
{
	return utf8_strip(&text, n) == 0;
}

void
documents_read(struct documents *d, struct tokenizer *t, const char *path)
{
	FILE *in = file_read(path);
	const char *name = file_name(path);
	char *text = NULL;
	size_t room = 0, line = 0;
	ssize_t got;

	while ((got = getline(&text, &room, in)) > 0) {
		size_t n = (size_t)got, good = utf8_check(text, n);

		line++;
		if (good < n)
			die_at(name, line,
			    "invalid UTF-8 at byte %zu of the line", good + 1);
		if (is_blank(text, n))
			end_document(d);
		else
			tokenizer_encode(t, text, n, &d->text);
	}
	if (ferror(in))
		die("%s:", name);
	if (in != stdin)
		fclose(in);
	end_document(d);
	free(text);
}

void
documents_free(struct documents *d)
{
	free(d->text.id);
	free(d->start);
	*d = (struct documents){ 0 };
}
