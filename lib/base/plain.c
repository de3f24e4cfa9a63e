#include "base/plain.h"

#include <stdbool.h>

#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/tsv.h"
#include "base/utf8.h"

void
plain_read(const char *path,
    void (*take)(void *state, const char *text, size_t n), void *state)
{
	struct tsv *t = tsv_open_plain(path);
	const char *text, *name = tsv_path(t);
	bool blank = true;
	size_t n;

	while ((text = tsv_next_line(t, &n)) != NULL) {
		const char *inner = text;

		blank = blank && utf8_strip(&inner, n) == 0;
		take(state, text, n);
	}
	if (tsv_line(t) == 0)
		kind_refuse_bytes(name, "", 0, kind_plain);
	if (blank)
		die_at(name, 0, "all its lines are blank, expected plain text");
	tsv_close(t);
}
