/*
 * Vocabularies: vocab.txt, tokenizer.json, and the settings beside them, with
 * a text to cut.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "corpus/tokenizer.h"
#include "corpus/vocab.h"

void
fuzz_start(void)
{
	if (mkdir("m", 0700) != 0)
		abort();
}

static const char *
put(uint8_t how, const struct fuzz_part *part, size_t count)
{
	unlink("m/tokenizer_config.json");
	unlink("m/vocab.txt");
	unlink("m/tokenizer.json");
	if (how % 3 == 1) {
		fuzz_put_part("x.json", &part[0]);
		return "x.json";
	}
	fuzz_put_part(
	    how % 3 == 0 ? "m/vocab.txt" : "m/tokenizer.json", &part[0]);
	if (count > 2)
		fuzz_put_part("m/tokenizer_config.json", &part[2]);
	return "m";
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	static const char text[] =
	    "The playing b\xc3\xa9 \xe4\xbd\xa0s, [MASK] a's unaffable";
	struct tokenizer_ids ids = { 0 };
	struct fuzz_part part[3] = { { 0 } };
	struct tokenizer *t;
	struct vocab *v;
	size_t count;

	if (n < 1)
		return;
	count = fuzz_parts(part, 3, bytes + 1, n - 1);
	v = vocab_read(put(bytes[0], part, count), (bytes[0] & 64) != 0);
	t = tokenizer_new(v);
	tokenizer_encode(t, text, strlen(text), &ids);
	if (count > 1 &&
	    utf8_check((const char *)part[1].bytes, part[1].n) == part[1].n)
		tokenizer_encode(
		    t, (const char *)part[1].bytes, part[1].n, &ids);
	for (size_t i = 0; i < ids.count; i++)
		if (ids.id[i] < 0 || (size_t)ids.id[i] >= v->size)
			fuzz_wrong("an id that the vocabulary has not");
	free(ids.id);
	tokenizer_free(t);
	vocab_free(v);
}
