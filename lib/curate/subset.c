#include "curate/subset.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"

enum { MAX_PARTS = 1000000 };

bool
subset_parse_sample(struct subset_sample *s, const char *text)
{
	size_t n = strlen(text);
	long long count;
	bool good;

	*s = (struct subset_sample){ 0 };
	if (n > 0 && text[n - 1] == '%') {
		char *number = mem_stringn(text, n - 1);

		good = num_real(number, 0, 100, &s->percent) && s->percent > 0;
		free(number);
		return good;
	}
	if (!num_int(text, 1, 1LL << 40, &count))
		return false;
	s->count = (size_t)count;
	return true;
}

bool
subset_parse_fold(struct subset_fold *f, const char *text)
{
	const char *slash = strchr(text, '/');
	long long part, parts;
	char *first;
	bool good;

	if (slash == NULL)
		return false;
	first = mem_stringn(text, (size_t)(slash - text));
	good = num_int(slash + 1, 2, MAX_PARTS, &parts) &&
	       num_int(first, 1, parts, &part);
	free(first);
	if (!good)
		return false;
	f->part = (size_t)part;
	f->parts = (size_t)parts;
	return true;
}

void
subset_cut_fold(
    bool *keep, size_t units, const struct subset_fold *f, uint64_t seed)
{
	size_t *order = mem_alloc(f->parts, sizeof(*order));

	for (size_t i = 0; i < units; i++) {
		if (i % f->parts == 0)
			rng_shuffle(
			    rng_key(seed, rng_stream("fold"), i / f->parts),
			    order, f->parts);
		if ((order[i % f->parts] == f->part - 1) == f->outside)
			keep[i] = false;
	}
	free(order);
}

bool
subset_cut_sample(
    bool *keep, size_t units, const struct subset_sample *s, uint64_t seed)
{
	size_t *unit = mem_alloc(units, sizeof(*unit)), *order;
	size_t n = 0, take = s->count;

	for (size_t i = 0; i < units; i++)
		if (keep[i])
			unit[n++] = i;
	/* The small term: 10 % of 2360 is 236, whatever the last bit says. */
	if (s->percent > 0)
		take = (size_t)(s->percent * (double)n / 100 + 1e-9);
	if (s->percent > 0 && take == 0)
		take = 1;
	if (take > n) {
		free(unit);
		return false;
	}
	order = mem_alloc(n, sizeof(*order));
	rng_shuffle(rng_key(seed, rng_stream("sample"), 0), order, n);
	for (size_t i = take; i < n; i++)
		keep[unit[order[i]]] = false;
	free(order);
	free(unit);
	return true;
}
