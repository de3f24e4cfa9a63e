#include "model/finite.h"

#include <math.h>

#include "base/die.h"
#include "model/model.h"

enum { BLOCK = 4096 };

/* Of a NaN or an infinity x - x is no 0; the loop has no branch. */
static bool
block_is_finite(const real *x, size_t n)
{
	int bad = 0;

	for (size_t i = 0; i < n; i++)
		bad |= !(x[i] - x[i] == 0);
	return bad == 0;
}

size_t
finite_until(const real *x, size_t n)
{
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t size = n - at < BLOCK ? n - at : BLOCK;

		if (block_is_finite(x + at, size))
			continue;
		while (isfinite(x[at]))
			at++;
		return at;
	}
	return n;
}

void
finite_check(const char *path, const char *tensor, const real *x, size_t n)
{
	size_t at = finite_until(x, n);

	if (at < n)
		die("%s: tensor '%s': number %zu of %zu is %g, expected finite "
		    "numbers",
		    path, tensor, at + 1, n, (double)x[at]);
}

void
model_check_finite(const struct model *m, const char *path)
{
	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];

		if (!p->packed)
			finite_check(
			    path, p->name, m->value + p->offset, p->count);
	}
}
