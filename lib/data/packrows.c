#include "data/packrows.h"

#include <math.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/num.h"

static void
put_label(FILE *out, const struct pack *p, size_t r)
{
	char text[NUM_TEXT];

	if (isnan(p->label[r])) {
		putc('-', out);
	} else if (p->labels.type == TASK_REGRESSION) {
		num_put(text, (double)p->label[r]);
		fputs(text, out);
	} else {
		fputs(p->labels.name[(size_t)p->label[r]], out);
	}
}

/* As it is, or as a JSON string where it would not look like one piece. */
static void
put_piece(FILE *out, const char *piece)
{
	struct buf b = { 0 };
	const char *c = piece;

	while ((unsigned char)*c > ' ' && *c != 0x7f)
		c++;
	if (*c != '\0' || c == piece)
		conf_put_json(&b, piece);
	fputs(b.size > 0 ? buf_string(&b) : piece, out);
	buf_free(&b);
}

static void
put_token(FILE *out, const struct pack *p, size_t r, int32_t token,
    const struct vocab *v)
{
	if (v == NULL)
		fprintf(out, "%d", (int)token);
	else if ((size_t)token < v->size)
		put_piece(out, v->piece[token]);
	else
		die("%s: row '%s': token %d, but the vocabulary ends at %zu",
		    p->path, pack_id(p, r), (int)token, v->size);
}

void
pack_put_rows(
    FILE *out, const struct pack *p, size_t head, const struct vocab *v)
{
	fputs("id\tlabel\tgroup\tsplit\ttokens\n", out);
	for (size_t r = 0; r < p->rows && r < head; r++) {
		size_t n;
		const char *id = pack_id_bytes(p, r, &n);

		fwrite(id, 1, n, out);
		putc('\t', out);
		put_label(out, p, r);
		fprintf(
		    out, "\t%d\t%d\t", (int)p->group[r], (int)p->segment_a[r]);
		for (int64_t i = p->starts[r]; i < p->starts[r + 1]; i++) {
			if (i > p->starts[r])
				putc(' ', out);
			put_token(out, p, r, p->tokens[i], v);
		}
		putc('\n', out);
	}
}
