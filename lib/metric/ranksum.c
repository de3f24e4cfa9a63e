#include "metric/ranksum.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "metric/metric.h"
#include "metric/summary.h"

/* The ranks of a, then of b, among all; owned by the caller. */
static double *
pooled_ranks(const double *a, size_t na, const double *b, size_t nb)
{
	double *x = mem_alloc(na + nb, sizeof(*x));
	double *rank = mem_alloc(na + nb, sizeof(*rank));

	memcpy(x, a, na * sizeof(*x));
	memcpy(x + na, b, nb * sizeof(*x));
	metric_ranks(rank, x, na + nb);
	free(x);
	return rank;
}

/*
 * ways[k][s] counts the k values whose doubled ranks sum to s: doubled, as
 * ties have half ranks.
 */
double
ranksum_exact(const double *a, size_t na, const double *b, size_t nb)
{
	size_t n = na + nb, top = n * (n + 1), width = top + 1, sum = 0;
	double *rank = pooled_ranks(a, na, b, nb);
	double *ways = mem_zero((na + 1) * width, sizeof(*ways));
	double mean = (double)(na * (n + 1)), all = 0, far = 0;

	ways[0] = 1;
	for (size_t i = 0; i < n; i++) {
		size_t r = (size_t)(2 * rank[i]);

		sum += i < na ? r : 0;
		for (size_t k = na; k > 0; k--)
			for (size_t s = top; s >= r; s--)
				ways[k * width + s] +=
				    ways[(k - 1) * width + s - r];
	}
	for (size_t s = 0; s <= top; s++) {
		double w = ways[na * width + s];

		all += w;
		if (fabs((double)s - mean) >= fabs((double)sum - mean))
			far += w;
	}
	free(ways);
	free(rank);
	return far / all;
}

double
ranksum_normal(const double *a, size_t na, const double *b, size_t nb)
{
	size_t n = na + nb;
	double *rank = pooled_ranks(a, na, b, nb);
	double sum = 0, squares = 0, mean, variance, z;

	/* The variance of the ranks themselves holds the tie correction. */
	mean = (double)(n + 1) / 2;
	for (size_t i = 0; i < n; i++) {
		sum += i < na ? rank[i] : 0;
		squares += (rank[i] - mean) * (rank[i] - mean);
	}
	free(rank);
	variance =
	    (double)na * (double)nb * squares / ((double)n * (double)(n - 1));
	if (!(variance > 0))
		return 1;
	z = (fabs(sum - (double)na * mean) - 0.5) / sqrt(variance);
	return fmin(1, erfc(z / sqrt(2)));
}

/* 2 / C(n, k): both ends of the order. */
static double
least_p(size_t n, size_t k)
{
	double ways = 1;

	for (size_t i = 1; i <= k; i++)
		ways *= (double)(n - k + i) / (double)i;
	return fmin(1, 2 / ways);
}

struct ranksum
ranksum_test(const double *a, size_t na, const double *b, size_t nb)
{
	struct ranksum t = { .exact = na + nb <= RANKSUM_EXACT };
	double *d = mem_alloc(na * nb, sizeof(*d));

	assert(na > 0 && nb > 0);
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++) {
			double more = b[j] - a[i];

			d[i * nb + j] = more;
			t.u +=
			    isnan(more) ? more : (more > 0) + 0.5 * (more == 0);
		}
	t.shift = summary_median(d, na * nb);
	t.least = least_p(na + nb, na);
	if (isnan(t.u))
		t.p = (double)NAN;
	else
		t.p = t.exact ? ranksum_exact(a, na, b, nb)
			      : ranksum_normal(a, na, b, nb);
	free(d);
	return t;
}
