#include "train/mix.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

const char mix_words[] = "expected const:A with A from 0 to 1, anneal, "
			 "anneal:cosine, step:K, sum or uncertainty";

const char mix_rules[] = "const:A|anneal[:cosine]|step:K|sum|uncertainty";

/* What stands after a prefix, or NULL. */
static const char *
after(const char *rule, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(rule, prefix, n) == 0 ? rule + n : NULL;
}

bool
mix_parse(struct mix *m, const char *rule)
{
	static const struct {
		const char *word;
		enum mix_kind kind;
	} words[] = { { "anneal", MIX_ANNEAL }, { "anneal:linear", MIX_ANNEAL },
		{ "anneal:cosine", MIX_COSINE }, { "sum", MIX_SUM },
		{ "uncertainty", MIX_UNCERTAINTY } };
	const char *number;
	long long steps;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(rule, words[i].word) == 0) {
			*m = (struct mix){ words[i].kind, 0 };
			return true;
		}
	if ((number = after(rule, "const:")) != NULL) {
		m->kind = MIX_CONST;
		return num_real(number, 0, 1, &m->value);
	}
	if ((number = after(rule, "step:")) == NULL ||
	    !num_int(number, 2, 1000000, &steps))
		return false;
	*m = (struct mix){ MIX_STEP, (double)steps };
	return true;
}

void
mix_weights(
    const struct mix *m, size_t step, size_t total, double *hard, double *soft)
{
	double x = (double)step / (double)total;

	switch (m->kind) {
	case MIX_CONST:
		*hard = m->value;
		break;
	case MIX_ANNEAL:
		*hard = x;
		break;
	case MIX_COSINE:
		*hard = (1 - cos(3.14159265358979323846 * x)) / 2;
		break;
	case MIX_STEP:
		*hard = floor(x * m->value) / (m->value - 1);
		break;
	case MIX_SUM:
	case MIX_UNCERTAINTY:
		*hard = *soft = 1;
		return;
	}
	*soft = 1 - *hard;
}
