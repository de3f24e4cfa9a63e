/* Models: a config.json and a model.safetensors, opened and asked. */
#include "fuzz.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "port/import.h"
#include "predict/predict.h"
#include "predict/serve.h"

static const char examples[] = "id\tlabel\ttext_a\ttext_b\n"
			       "x\t-\ta b the\tplay\ny\t-\ta\tb\n";

void
fuzz_start(void)
{
	if (mkdir("m", 0700) != 0)
		abort();
	fuzz_put_vocab("m/vocab.txt");
	fuzz_put("e.tsv", examples, sizeof(examples) - 1);
}

static void
ask(struct model *m, size_t head)
{
	size_t last = m->config.vocab - 1;
	size_t n = m->config.positions < 3 ? m->config.positions : 3;
	int32_t token[3] = { (int32_t)last, 0, (int32_t)(last / 2) };
	float *out = mem_alloc(2 * m->config.head[head].outputs, sizeof(*out));
	struct encoder *e = encoder_new(m, false, false);
	struct answer *a = answer_new(m);
	struct batch b = { 0 };

	batch_clear(&b);
	batch_add(&b, token, n, n > 1 && m->config.types > 1 ? 1 : n);
	batch_add(&b, token, 1, 1);
	predict_batch(out, m, e, a, &b, head);
	free(out);
	encoder_free(e);
	answer_free(a);
	batch_free(&b);
}

static void
serve(const struct model *m, size_t head, bool label)
{
	FILE *out = fuzz_nowhere();
	struct serve_options o = { .head = head,
		.max_length =
		    m->config.positions < 16 ? m->config.positions : 16,
		.form.label = label };

	if (m->config.positions >= 4)
		serve_examples(out, m, "e.tsv", &o);
	fclose(out);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct fuzz_part part[2] = { { 0 } };
	struct model *m;

	if (n < 1)
		return;
	fuzz_parts(part, 2, bytes + 1, n - 1);
	fuzz_put_part("m/config.json", &part[0]);
	fuzz_put_part("m/model.safetensors", &part[1]);
	m = model_open("m", (bytes[0] & 1) != 0);
	if (m->params.total > 1 << 20 || m->config.positions > 4096 ||
	    m->config.hidden > 4096)
		return;
	for (size_t h = 0; h < m->config.head_count && h < 4; h++)
		if ((bytes[0] & 2) != 0)
			serve(m, h, (bytes[0] & 4) != 0);
		else
			ask(m, h);
	model_close(m);
}
