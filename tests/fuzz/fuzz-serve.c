/* A server's table: each row is answered, in its place and under its id. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "predict/serve.h"

static struct model *m;

void
fuzz_start(void)
{
	char *labels[] = { "a", "b" };
	struct config c = { .vocab = 12,
		.hidden = 4,
		.layers = 1,
		.heads = 2,
		.inner = 4,
		.positions = 32,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.02,
		.pooler = true };
	struct head h = { .name = "rte",
		.labels = { TASK_CLASSIFICATION, 2, labels },
		.outputs = 2 };

	fuzz_put_vocab("vocab.txt");
	config_add_head(&c, &h);
	model_save(model_new(&c, "vocab.txt", false, 1), "m");
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

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct serve_options o = { 0 };
	const char *rows;
	size_t size, asked, head;
	char *text;
	FILE *out;

	if (n < 1)
		return;
	o.max_length = (bytes[0] & 1) != 0 ? 4 : 32;
	o.reversed = (bytes[0] & 2) != 0;
	o.label = (bytes[0] & 4) != 0;
	o.replace = (bytes[0] & 8) != 0;
	fuzz_put("e.tsv", bytes + 1, n - 1);
	out = fopen("out.tsv", "w");
	serve_examples(out, m, "e.tsv", &o);
	fclose(out);
	text = file_slurp("out.tsv", &size);
	/* the header and what stands before it gets no answer */
	rows = (const char *)bytes + 1;
	asked = count(rows, n - 1, '\n');
	asked += n > 1 && rows[n - 2] != '\n';
	head = o.label ? 1 : 2;
	if (count(text, size, '\n') > asked - 1 + head)
		fuzz_wrong("more answers than rows");
	free(text);
}
