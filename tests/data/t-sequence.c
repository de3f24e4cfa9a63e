/*
 * sequence: what texts of all lengths are cut to, against the rule said in
 * one token at a time; and which texts are lists of ids.
 */
#include <stdlib.h>

#include "check.h"
#include "data/sequence.h"

enum { CLS = 101, SEP = 102, LONGEST = 14 };

static struct sequence_text
text(int32_t *ids, int32_t first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ids[i] = first + (int32_t)i;
	return (struct sequence_text){ ids, n, n };
}

static bool
same(const int32_t *token, const struct sequence_text *t, size_t n)
{
	return n == 0 || memcmp(token, t->id, n * sizeof(*token)) == 0;
}

/* Longest first, on a tie text_b, as the 2019 implementation has it. */
static bool
good_pair(size_t na, size_t nb, size_t max, bool reversed)
{
	int32_t ids_a[LONGEST], ids_b[LONGEST];
	struct sequence_text a = text(ids_a, 1000, na);
	struct sequence_text b = text(ids_b, 2000, nb);
	struct sequence_form form = { CLS, SEP, max, reversed };
	struct sequence s = { 0 };
	size_t ka = na, kb = nb, first;
	bool good;

	while (ka + kb + 3 > max)
		--*(ka > kb ? &ka : &kb);
	sequence_build(&s, &a, &b, &form);
	first = reversed ? kb : ka;
	good = s.count == ka + kb + 3 && s.segment_a == first + 2 &&
	       s.token[0] == CLS && s.token[first + 1] == SEP &&
	       s.token[s.count - 1] == SEP &&
	       same(s.token + 1, reversed ? &b : &a, first) &&
	       same(s.token + first + 2, reversed ? &a : &b, ka + kb - first) &&
	       s.truncated == (ka < na || kb < nb);
	free(s.token);
	return good;
}

static bool
good_single(size_t n, size_t max, bool reversed)
{
	int32_t ids[LONGEST];
	struct sequence_text a = text(ids, 1000, n);
	struct sequence_form form = { CLS, SEP, max, reversed };
	struct sequence s = { 0 };
	size_t k = n + 2 > max ? max - 2 : n;
	bool good;

	sequence_build(&s, &a, NULL, &form);
	good = s.count == k + 2 && s.segment_a == s.count &&
	       s.token[0] == CLS && s.token[k + 1] == SEP &&
	       same(s.token + 1, &a, k) && s.truncated == (k < n);
	free(s.token);
	return good;
}

static void
check_building(void)
{
	bool pairs = true, singles = true;

	for (size_t max = 4; max < 2 * LONGEST + 4; max++)
		for (int reversed = 0; reversed < 2; reversed++)
			for (size_t na = 0; na <= LONGEST; na++) {
				singles &= good_single(na, max, reversed != 0);
				for (size_t nb = 0; nb <= LONGEST; nb++)
					pairs &= good_pair(
					    na, nb, max, reversed != 0);
			}
	CHECK(pairs);
	CHECK(singles);
}

static bool
parses(const char *words, size_t count, int32_t last)
{
	struct sequence_text t = { 0 };
	char *problem = sequence_parse(&t, words, strlen(words));
	bool good = problem == NULL && t.count == count &&
		    (count == 0 || t.id[count - 1] == last);

	free(problem);
	free(t.id);
	return good;
}

int
main(void)
{
	check_building();
	CHECK(parses("", 0, 0));
	CHECK(parses("0", 1, 0));
	CHECK(parses("1 2 3 007", 4, 7));
	CHECK(parses("2147483647", 1, INT32_MAX));
	CHECK(!parses("2147483648", 1, 0));
	CHECK(!parses("99999999999999999999999", 1, 0));
	CHECK(!parses("-1", 1, -1));
	CHECK(!parses("1  2", 2, 2));
	CHECK(!parses(" 1", 1, 1));
	CHECK(!parses("1 ", 1, 1));
	CHECK(!parses(" ", 0, 0));
	CHECK(!parses("1,2", 2, 2));
	CHECK(!parses("0x10", 1, 16));
	CHECK(!parses("the", 1, 0));
	return check_done();
}
