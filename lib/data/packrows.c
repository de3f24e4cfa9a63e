#include "data/packrows.h"

#include <math.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/num.h"

/* Of multilabel: those that apply, or "" for none. */
static void
put_set(struct buf *out, const struct pack *p, size_t row)
{
	const uint8_t *applies = p->applies + row * p->labels.classes;
	const char *comma = "";

	for (size_t c = 0; c < p->labels.classes; c++) {
		if (!applies[c])
			continue;
		buf_print(out, "%s%s", comma, p->labels.name[c]);
		comma = ",";
	}
}

void
pack_put_label(struct buf *out, const struct pack *p, size_t row)
{
	char text[NUM_TEXT];
	float label = p->label[row];

	if (isnan(label)) {
		buf_byte(out, '-');
	} else if (p->applies != NULL) {
		put_set(out, p, row);
	} else if (p->labels.type == TASK_REGRESSION) {
		num_put(text, (double)label);
		buf_text(out, text);
	} else {
		buf_text(out, p->labels.name[(size_t)label]);
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
	struct buf label = { 0 };

	fputs("id\tlabel\tgroup\tsplit\ttokens\n", out);
	for (size_t r = 0; r < p->rows && r < head; r++) {
		size_t n;
		const char *id = pack_id_bytes(p, r, &n);

		buf_clear(&label);
		pack_put_label(&label, p, r);
		fwrite(id, 1, n, out);
		fprintf(out, "\t%s\t%d\t%d\t", buf_string(&label),
		    (int)p->group[r], (int)p->segment_a[r]);
		for (int64_t i = p->starts[r]; i < p->starts[r + 1]; i++) {
			if (i > p->starts[r])
				putc(' ', out);
			put_token(out, p, r, p->tokens[i], v);
		}
		putc('\n', out);
	}
	buf_free(&label);
}
