#include "data/ststats.h"

#include <math.h>

enum { BLOCK = 4096 };

/* The sum of (x - from)^power over the numbers among the elements. */
static double
sum(const struct st_tensor *t, double from, int power)
{
	double block[BLOCK], total = 0;
	size_t n;

	for (size_t i = 0; i < t->count; i += n) {
		n = t->count - i < BLOCK ? t->count - i : BLOCK;
		st_get_double(block, t, i, n);
		for (size_t k = 0; k < n; k++) {
			double x = block[k] - from;

			if (!isnan(block[k]))
				total += power == 1 ? x : x * x;
		}
	}
	return total;
}

static void
extremes(struct st_stats *s, const struct st_tensor *t)
{
	double block[BLOCK];
	size_t n;

	for (size_t i = 0; i < t->count; i += n) {
		n = t->count - i < BLOCK ? t->count - i : BLOCK;
		st_get_double(block, t, i, n);
		for (size_t k = 0; k < n; k++) {
			s->nans += isnan(block[k]) != 0;
			s->low = fmin(s->low, block[k]);
			s->high = fmax(s->high, block[k]);
		}
	}
}

struct st_stats
st_stats(const struct st_tensor *t)
{
	struct st_stats s = { NAN, NAN, NAN, NAN, 0 };
	double count;

	extremes(&s, t);
	count = (double)(t->count - s.nans);
	if (count > 0) {
		s.mean = sum(t, 0, 1) / count;
		s.deviation = sqrt(sum(t, s.mean, 2) / count);
	}
	return s;
}
