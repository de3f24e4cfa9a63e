/*
 * near: names that may have been meant.
 */
#include "base/near.h"

#include <stdlib.h>

#include "check.h"

static const struct {
	const char *asked, *words, *text;
} cases[] = {
	{ "mlni", "cola|mnli|wnli", "; did you mean 'mnli'?" },
	{ "MNLI", "cola|mnli", "; did you mean 'mnli'?" },
	{ "learning_rate", "batch-size|learning-rate",
	    "; did you mean 'learning-rate'?" },
	{ "acuracy", "f1|accuracy|balanced-accuracy",
	    "; did you mean 'accuracy'?" },
	{ "learn", "learning-rate|threads", "; did you mean 'learning-rate'?" },
	{ "wnil", "mnli|wnli|qnli", "; did you mean 'wnli'?" },
	{ "xnli", "mnli|wnli|qnli",
	    "; did you mean 'mnli', 'wnli' or 'qnli'?" },
	{ "ab", "ac|ad", "; did you mean 'ac' or 'ad'?" },
	{ "a_b", "axb|a-b", "; did you mean 'a-b'?" },
	{ "a", "b|c", "" },
	{ "weather", "cola|mnli", "" },
	{ "", "a|b", "" },
};

int
main(void)
{
	const char *names[] = { "one", "two", NULL };
	char *text, long_name[200];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = near_words(cases[i].asked, cases[i].words);
		CHECK_TEXT(text, cases[i].text);
		free(text);
	}
	text = near_text("tow", names, (size_t)-1);
	CHECK_TEXT(text, "; did you mean 'two'?");
	free(text);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	names[0] = long_name;
	text = near_text(long_name, names, 1);
	CHECK_TEXT(text, "");
	free(text);
	return check_done();
}
