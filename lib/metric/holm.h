/*
 * Many tests at once (Holm 1979).
 */
#ifndef METRIC_HOLM_H
#define METRIC_HOLM_H

#include <stddef.h>

/*
 * adjusted [n] overwritten, may be p itself: the p values such that comparing
 * each with a level bounds the chance of any false finding by that level.
 * The i-th smallest of n becomes the largest of min(1, (n - j + 1) p_j) over
 * j <= i.  A nan stays one and does not count.
 */
void holm_adjust(double *adjusted, const double *p, size_t n);

#endif
