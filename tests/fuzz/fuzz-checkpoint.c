/*
 * Other people's checkpoints: the first byte says whether PyTorch's,
 * TensorFlow's, or a folder with an index of shards.
 */
#include "fuzz.h"
#include "sources.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "port/import.h"
#include "port/sourcetf.h"
#include "port/sourcetorch.h"

void
fuzz_start(void)
{
	if (mkdir("i", 0700) != 0)
		abort();
	fuzz_put_vocab("i/vocab.txt");
}

static void
read_folder(const struct fuzz_part *part, size_t count, uint8_t how)
{
	static const char *const names[] = { "i/config.json",
		"i/model.safetensors.index.json", "i/s1", "i/s2" };
	struct import o = { .path = "i",
		.task = (how & 4) != 0 ? "rte" : NULL,
		.labels = (how & 8) != 0 ? "a,b" : NULL,
		.mlm = (how & 16) != 0,
		.no_pooler = (how & 32) != 0 };

	unlink("i/pytorch_model.bin.index.json");
	for (size_t i = 0; i < 4; i++)
		unlink(names[i]);
	for (size_t i = 0; i < 4 && i < count; i++)
		fuzz_put_part(i == 1 && (how & 64) != 0
				  ? "i/pytorch_model.bin.index.json"
				  : names[i],
		    &part[i]);
	model_close(import_model(&o));
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct fuzz_part part[4] = { { 0 } };
	size_t count;

	if (n < 1)
		return;
	count = fuzz_parts(part, 4, bytes + 1, n - 1);
	switch (bytes[0] % 3) {
	case 0:
		fuzz_put("x.bin", bytes + 1, n - 1);
		read_all(source_torch("x.bin"));
		break;
	case 1:
		fuzz_put_part("x.index", &part[0]);
		fuzz_put_part("x.data-00000-of-00001", &part[1]);
		read_all(source_tensorflow("x"));
		break;
	default:
		read_folder(part, count, bytes[0] / 3);
	}
}
