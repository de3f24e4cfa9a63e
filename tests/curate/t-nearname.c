/*
 * nearname: names that are one but for case and punctuation, or a letter;
 * each pair once, and against all pairs compared one by one.
 */
#include <stdlib.h>

#include "check.h"
#include "curate/nearname.h"

enum { MOST = 64 };

struct found {
	size_t pairs, twice;
	int how[MOST][MOST]; /* 1 + the way, by both numbers */
};

static void
take(void *state, size_t a, size_t b, enum nearname how)
{
	struct found *f = state;

	f->pairs++;
	f->twice += f->how[a][b] != 0;
	f->how[a][b] = f->how[b][a] = 1 + (int)how;
}

static struct found
find(const char *const *names, size_t n)
{
	struct found f = { 0 };

	nearname_find(names, n, take, &f);
	CHECK(f.twice == 0);
	return f;
}

static const struct {
	const char *a, *b;
	int how;
} cases[] = {
	{ "Very good", "very-good", 1 },
	{ "calm", "calm ", 1 },
	{ "hardware", "hardwear", 0 },
	{ "hardware", "hardwaer", 2 },
	{ "hardware", "hardwre", 2 },
	{ "hardware", "harddware", 2 },
	{ "hardware", "hbrdware", 2 },
	{ "hardware", "Hardwares", 2 },
	{ "hardware", "hardawre", 2 },
	{ "hardware", "software", 0 },
	{ "hardware", "hadrwrae", 0 },
	{ "cat", "car", 0 },
	{ "good", "god", 0 },
	{ "level 1", "level 2", 0 },
	{ "caf\xc3\xa9", "cafe", 0 },
	{ "gr\xc3\xbcn", "gr\xc3\xbcns", 2 },
	{ "---", "...", 0 },
	{ "", "a", 0 },
};

int
main(void)
{
	static const char *const chain[] = { "cross", "Cross.", "corss", "calm",
		"calms" };
	const char *names[MOST];
	char text[MOST][16];
	struct found f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = find((const char *const[]){ cases[i].a, cases[i].b }, 2);
		CHECK_NAMED(cases[i].b, f.how[0][1] == cases[i].how);
		f = find((const char *const[]){ cases[i].b, cases[i].a }, 2);
		CHECK_NAMED(cases[i].a, f.how[0][1] == cases[i].how);
	}
	/* A name that is written in two ways meets another but once. */
	f = find(chain, 5);
	CHECK(f.pairs == 3 && f.how[0][1] == 1);
	CHECK(f.how[0][2] == 2 && f.how[3][4] == 2);
	/* Names of one letter's repetition: none is far from its neighbours. */
	for (size_t i = 0; i < MOST; i++) {
		snprintf(text[i], sizeof(text[i]), "name%c%c",
		    (char)('a' + i / 8), (char)('a' + i % 8));
		names[i] = text[i];
	}
	f = find(names, MOST);
	for (size_t i = 0; i < MOST; i++) {
		bool near = false;

		for (size_t k = 0; k < MOST; k++)
			near |= f.how[i][k] == 2;
		CHECK_NAMED(names[i], near);
	}
	return check_done();
}
