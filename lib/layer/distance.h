/*
 * How far states are from those they should be like: losses that a student
 * learns from its teacher's hidden states by.
 *
 *	squares	(1/N) sum over features of (u - v)^2, of each token
 *		(Jiao et al. 2020, equations 8 and 9)
 *	cosine	1 - u.v / max(|u| |v|, 1e-8), of each token
 *		(Sanh et al. 2019)
 *
 * Sums over features and tokens are in double and in order, whatever the
 * number of threads.
 *
 * u, v [T,N]	rows of the student and of the teacher
 * du [T,N]	added to: scale times the gradient; NULL: not wanted
 * part [T]	overwritten: the loss of each token, not scaled
 * Both return scale times the sum over tokens.
 */
#ifndef LAYER_DISTANCE_H
#define LAYER_DISTANCE_H

#include <stddef.h>

#include "base/real.h"

double distance_squares(real *du, double *part, const real *u, const real *v,
    size_t T, size_t N, double scale);

double distance_cosine(real *du, double *part, const real *u, const real *v,
    size_t T, size_t N, double scale);

#endif
