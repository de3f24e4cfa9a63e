#include "corpus/document.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/plain.h"
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

/* What a line is added to. */
struct reading {
	struct documents *documents;
	struct tokenizer *tokenizer;
};

static void
take_line(void *state, const char *text, size_t n)
{
	struct reading *r = state;

	if (is_blank(text, n))
		end_document(r->documents);
	else
		tokenizer_encode(r->tokenizer, text, n, &r->documents->text);
}

void
documents_read(struct documents *d, struct tokenizer *t, const char *path)
{
	size_t before = d->text.count;

	plain_read(path, take_line, &(struct reading){ d, t });
	end_document(d);
	if (d->text.count == before)
		die_at(file_name(path), 0, "no word to learn from");
}

void
documents_free(struct documents *d)
{
	free(d->text.id);
	free(d->start);
	*d = (struct documents){ 0 };
}
