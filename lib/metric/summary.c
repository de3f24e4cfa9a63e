#include "metric/summary.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct summary
summary_of(const double *x, size_t n)
{
	struct summary s = { n, (double)NAN, (double)NAN, (double)NAN,
		(double)NAN, (double)NAN };
	double *sorted, squares = 0;

	assert(n > 0);
	for (size_t i = 0; i < n; i++)
		if (isnan(x[i]))
			return s;
	sorted = mem_copy(x, n * sizeof(*x));
	qsort(sorted, n, sizeof(*sorted), ascending);
	s.min = sorted[0];
	s.max = sorted[n - 1];
	s.median =
	    n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
	s.mean = 0;
	for (size_t i = 0; i < n; i++)
		s.mean += sorted[i];
	s.mean /= (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (x[i] - s.mean) * (x[i] - s.mean);
	if (n > 1)
		s.sd = sqrt(squares / (double)(n - 1));
	free(sorted);
	return s;
}

double
summary_median(const double *x, size_t n)
{
	return summary_of(x, n).median;
}
