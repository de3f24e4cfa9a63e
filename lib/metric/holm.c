#include "metric/holm.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "metric/metric.h"

void
holm_adjust(double *adjusted, const double *p, size_t n)
{
	size_t *row = mem_alloc(n, sizeof(*row)), m = 0;
	size_t *order = mem_alloc(n, sizeof(*order));
	double *known = mem_alloc(n, sizeof(*known)), top = 0;

	for (size_t i = 0; i < n; i++) {
		adjusted[i] = p[i];
		if (!isnan(p[i])) {
			known[m] = p[i];
			row[m++] = i;
		}
	}
	metric_order(order, known, m);
	for (size_t j = 0; j < m; j++) {
		top = fmax(top, fmin(1, (double)(m - j) * known[order[j]]));
		adjusted[row[order[j]]] = top;
	}
	free(known);
	free(order);
	free(row);
}
