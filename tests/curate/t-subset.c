/*
 * subset, group: folds are disjoint, complete and even; samples are nested;
 * both depend on the seed alone.
 */
#include <stdlib.h>

#include "check.h"
#include "corpus/numbering.h"
#include "curate/subset.h"

enum { N = 1003 };

static size_t
count(const bool *keep, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		kept += keep[i];
	return kept;
}

static void
cut_fold(bool *keep, size_t part, size_t parts, bool outside, uint64_t seed)
{
	struct subset_fold f = { part, parts, outside };

	for (size_t i = 0; i < N; i++)
		keep[i] = true;
	subset_cut_fold(keep, N, &f, seed);
}

static void
check_folds(size_t parts)
{
	bool keep[N], rest[N];
	size_t seen[N] = { 0 };
	bool even = true, opposite = true, once = true;

	for (size_t part = 1; part <= parts; part++) {
		cut_fold(keep, part, parts, false, 5);
		cut_fold(rest, part, parts, true, 5);
		even &= count(keep, N) == N / parts ||
			count(keep, N) == N / parts + 1;
		for (size_t i = 0; i < N; i++) {
			seen[i] += keep[i];
			opposite &= keep[i] != rest[i];
		}
	}
	for (size_t i = 0; i < N; i++)
		once &= seen[i] == 1;
	CHECK(even);
	CHECK(opposite);
	CHECK(once);
}

static bool
cut_sample(bool *keep, size_t n, double percent, uint64_t seed)
{
	struct subset_sample s = { n, percent };

	for (size_t i = 0; i < N; i++)
		keep[i] = i >= 3;
	return subset_cut_sample(keep, N, &s, seed);
}

static void
check_samples(void)
{
	bool small[N], large[N], other[N];
	bool nested = true;

	CHECK(cut_sample(small, 50, 0, 1) && count(small, N) == 50);
	CHECK(cut_sample(large, 0, 12.5, 1) && count(large, N) == 125);
	CHECK(cut_sample(other, 50, 0, 2) && count(other, N) == 50);
	for (size_t i = 0; i < N; i++)
		nested &= large[i] || !small[i];
	CHECK(nested);
	CHECK(memcmp(small, other, sizeof(small)) != 0);
	CHECK(!small[0] && !small[1] && !small[2]);
	CHECK(cut_sample(large, N - 3, 0, 1) && count(large, N) == N - 3);
	CHECK(!cut_sample(large, N - 2, 0, 1) && count(large, N) == N - 3);
	CHECK(cut_sample(large, 0, 0.001, 1) && count(large, N) == 1);
	CHECK(cut_sample(large, 0, 100, 1) && count(large, N) == N - 3);
}

static void
check_parsing(void)
{
	struct subset_sample s;
	struct subset_fold f;

	CHECK(subset_parse_sample(&s, "12") && s.count == 12 && s.percent == 0);
	CHECK(subset_parse_sample(&s, "0.1%") && s.percent == 0.1);
	CHECK(!subset_parse_sample(&s, "") && !subset_parse_sample(&s, "%"));
	CHECK(!subset_parse_sample(&s, "0") && !subset_parse_sample(&s, "0%"));
	CHECK(
	    !subset_parse_sample(&s, "-1") && !subset_parse_sample(&s, "1.5"));
	CHECK(!subset_parse_sample(&s, "101%"));
	CHECK(subset_parse_fold(&f, "2/10") && f.part == 2 && f.parts == 10);
	CHECK(!subset_parse_fold(&f, "0/2") && !subset_parse_fold(&f, "3/2"));
	CHECK(!subset_parse_fold(&f, "1/1") && !subset_parse_fold(&f, "1"));
	CHECK(!subset_parse_fold(&f, "1/2/3") && !subset_parse_fold(&f, "/2"));
}

static void
check_numbering(void)
{
	struct numbering *t = numbering_new();
	char name[32];
	bool good = true;

	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < 5000; i++) {
			int n = snprintf(name, sizeof(name), "q%zu", i);

			good &= numbering_of(t, name, (size_t)n) == i;
		}
	CHECK(good);
	CHECK(numbering_of(t, "", 0) == 5000);
	CHECK(numbering_of(t, "a\0b", 3) == 5001);
	CHECK(numbering_of(t, "a", 1) == 5002);
	CHECK(numbering_of(t, "", 0) == 5000 && numbering_count(t) == 5003);
	numbering_free(t);
}

int
main(void)
{
	check_folds(2);
	check_folds(5);
	check_folds(N);
	check_folds(2000);
	check_samples();
	check_parsing();
	check_numbering();
	return check_done();
}
