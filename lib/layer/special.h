/*
 * The exponential and the normal distribution, in a form that the compiler
 * turns into vectors: for the inner loops of softmax and GELU.
 */
#ifndef LAYER_SPECIAL_H
#define LAYER_SPECIAL_H

#include <stdint.h>
#include <string.h>

#include "base/real.h"
#include "layer/kernel.h"

#ifdef REAL_DOUBLE

static inline KERNEL_INLINE real
special_exp(real x)
{
	return exp(x);
}

/* The standard normal distribution function, and its density. */
static inline KERNEL_INLINE real
special_normal(real x, real *density)
{
	*density = exp(-x * x / 2) * 0.39894228040143267794;
	return erfc(-x * 0.70710678118654752440) / 2;
}

#else

/*
 * exp(x) = 2^n exp(r), |r| <= ln(2)/2; the polynomial is a minimax fit, its
 * relative error 3e-9 before rounding.  Arguments outside [-87, 88] are
 * moved to the bound.
 */
static inline KERNEL_INLINE real
special_exp(real x)
{
	real n, r, p, scale;
	uint32_t bits;

	x = x < -87 ? -87 : x;
	x = x > 88 ? 88 : x;
	n = x * 1.44269504f + 12582912.0f; /* 1.5 * 2^23 rounds to integer */
	memcpy(&bits, &n, sizeof(bits));
	n -= 12582912.0f;
	r = x - n * 0.693145752f;
	r -= n * 1.42860677e-6f;
	p = 1.38146110e-3f;
	p = p * r + 8.36871004e-3f;
	p = p * r + 4.16683874e-2f;
	p = p * r + 1.66665207e-1f;
	p = p * r + 4.99999935e-1f;
	p = p * r + 1;
	p = p * r + 1;
	bits = (bits << 23) + 0x3f800000; /* also of a NaN, which p is */
	memcpy(&scale, &bits, sizeof(scale));
	return p * scale;
}

/*
 * The standard normal distribution function, and its density.  With
 * a = |x| / sqrt(2) and t = 1 / (1 + 0.52 a), the upper tail erfc(a) / 2 is
 * exp(-a^2) t times a polynomial in t (a minimax fit, relative error 2e-8
 * before rounding): the same exponential serves both.
 */
static inline KERNEL_INLINE real
special_normal(real x, real *density)
{
	real e = special_exp(-0.5f * x * x);
	real a = (x < 0 ? -x : x) * 0.707106781f;
	real t = 1 / (1 + 0.52f * a);
	real p = 0.01637451188f;

	p = p * t - 0.11310324545f;
	p = p * t + 0.31139387599f;
	p = p * t - 0.40942672407f;
	p = p * t + 0.22529990366f;
	p = p * t - 0.05849452303f;
	p = p * t + 0.11118143998f;
	p = p * t + 0.12307320578f;
	p = p * t + 0.14702501925f;
	p = p * t + 0.14667652848f;
	p *= e * t;
	*density = e * 0.398942280f;
	return x < 0 ? p : 1 - p;
}

#endif

/*
 * gelu(u) to 2e-6, or to 4e-7 of it where |u| is above 5: for what is
 * rounded to 8 bits next.  The distribution function is 1/2 + u p, p a minimax
 * fit in the square of u moved to [-1, 1], and what it is at 5 beyond.
 */
static inline KERNEL_INLINE real
special_gelu(real u)
{
	real v = u < -5 ? -5 : u, s, p;

	v = v > 5 ? 5 : v;
	s = v * v * (real)0.08 - 1;
	p = (real)0.000492968154;
	p = p * s - (real)0.00151415326;
	p = p * s + (real)0.00200186367;
	p = p * s - (real)0.00291567426;
	p = p * s + (real)0.00616542734;
	p = p * s - (real)0.0109732309;
	p = p * s + (real)0.0164976576;
	p = p * s - (real)0.0233367313;
	p = p * s + (real)0.0314262293;
	p = p * s - (real)0.0404329495;
	p = p * s + (real)0.0515214209;
	p = p * s - (real)0.0702966524;
	p = p * s + (real)0.14136378;
	return u * ((real)0.5 + v * p);
}

#endif
