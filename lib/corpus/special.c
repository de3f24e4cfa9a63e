#include "corpus/special.h"

#include <string.h>

static const char *const names[VOCAB_SPECIALS] = { "[PAD]", "[UNK]", "[CLS]",
	"[SEP]", "[MASK]" };

const char *
vocab_special_name(enum vocab_special s)
{
	return names[s];
}

int
vocab_special_find(const char *name)
{
	for (int s = 0; s < VOCAB_SPECIALS; s++)
		if (strcmp(name, names[s]) == 0)
			return s;
	return -1;
}
