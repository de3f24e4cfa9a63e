/*
 * Numbers that are none: NaN and infinities among parameters, which every
 * answer would carry on.
 */
#ifndef MODEL_FINITE_H
#define MODEL_FINITE_H

#include <stddef.h>

#include "base/real.h"

struct model;

/* The place of the first of n numbers that is not finite; n if all are. */
size_t finite_until(const real *x, size_t n);

/*
 * Ends the program where a parameter of m is not finite, naming path (the
 * model's folder or file, for the message), the tensor and the number's place.
 */
void model_check_finite(const struct model *m, const char *path);

/* The same of one tensor of n numbers. */
void finite_check(
    const char *path, const char *tensor, const real *x, size_t n);

#endif
