/* What a server reads: each row of a table, or line, has one answer. */
#include "fuzz.h"
#include "smallmodel.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "predict/serve.h"

static struct model *m;

void
fuzz_start(void)
{
	fuzz_put_vocab("vocab.txt");
	model_save(small_model(12, 4, 32, 1), "m");
	m = model_open("m", true);
}

static size_t
count(const char *text, size_t n, char byte)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += text[i] == byte;
	return found;
}

/* What is asked by a byte of bits. */
static void
choose(struct serve_options *o, uint8_t how)
{
	o->max_length = (how & 1) != 0 ? 4 : 32;
	o->reversed = (how & 2) != 0;
	o->form.label = (how & 4) != 0;
	o->input.replace = (how & 8) != 0;
	o->input.lines = (how & 16) != 0;
	o->input.with_text = (how & 32) != 0;
	o->form.json = (how & 64) != 0;
	if ((how & 128) == 0)
		return;
	o->form.top = 2;
	o->form.threshold = 0.5;
	if (!o->input.lines)
		o->input.keep = "label,id";
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct serve_options o = { 0 };
	const char *rows;
	size_t size, asked, head, answers;
	char *text;
	FILE *out;

	if (n < 1)
		return;
	choose(&o, bytes[0]);
	fuzz_put("e.tsv", bytes + 1, n - 1);
	out = fopen("out.tsv", "w");
	serve_examples(out, m, "e.tsv", &o);
	fclose(out);
	text = file_slurp("out.tsv", &size);
	rows = (const char *)bytes + 1;
	asked = count(rows, n - 1, '\n');
	asked += n > 1 && rows[n - 2] != '\n';
	/* the header and what stands before it gets no answer */
	head = o.form.json ? 0 : o.form.label ? 1 : 2;
	answers = count(text, size, '\n') - head;
	if (o.input.lines ? answers != asked : answers > asked - 1)
		fuzz_wrong("more or fewer answers than rows");
	free(text);
}
