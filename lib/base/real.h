/*
 * The number type of the network: float, or double where the gradient checks
 * need tight bounds (make REAL=double).
 */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#include <math.h>

#ifdef REAL_DOUBLE
typedef double real;
#define real_sqrt sqrt
#define real_exp exp
#define real_log log
#define real_log1p log1p
#define real_tanh tanh
#define real_erf erf
#define real_fabs fabs
#define REAL_MAX_DIGITS 17
#else
typedef float real;
#define real_sqrt sqrtf
#define real_exp expf
#define real_log logf
#define real_log1p log1pf
#define real_tanh tanhf
#define real_erf erff
#define real_fabs fabsf
#define REAL_MAX_DIGITS 9
#endif

#endif
