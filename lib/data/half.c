#include <string.h>

#include "data/st.h"

static uint32_t
bits_of(float x)
{
	uint32_t b;

	memcpy(&b, &x, sizeof(b));
	return b;
}

static float
float_of(uint32_t b)
{
	float x;

	memcpy(&x, &b, sizeof(x));
	return x;
}

uint16_t
st_to_half(float x)
{
	uint32_t b = bits_of(x);
	uint32_t sign = b >> 16 & 0x8000, a = b & 0x7fffffff;

	if (a > 0x7f800000)
		return (uint16_t)(sign | 0x7e00); /* a quiet NaN */
	if (a >= 0x477ff000)
		return (uint16_t)(sign | 0x7c00); /* 65520 and more */
	if (a < 0x38800000) {
		/* Below 2^-14 steps are 2^-24: those of numbers at one half. */
		a = bits_of(float_of(a) + 0.5f) - bits_of(0.5f);
		return (uint16_t)(sign | a);
	}
	a += 0xfff + (a >> 13 & 1);
	return (uint16_t)(sign | (a - 0x38000000) >> 13);
}

float
st_from_half(uint16_t x)
{
	uint32_t a = ((uint32_t)x & 0x7fff) << 13;
	uint32_t sign = ((uint32_t)x & 0x8000) << 16;

	if (a >= 0x0f800000) /* infinite or not a number */
		return float_of(sign | 0x7f800000 | (a & 0x007fffff));
	/* The exponent's bias is 112 less; this also widens subnormals. */
	return float_of(sign | bits_of(float_of(a) * 0x1p112f));
}

uint16_t
st_to_bfloat(float x)
{
	uint32_t b = bits_of(x);

	if ((b & 0x7fffffff) > 0x7f800000)
		return (uint16_t)(b >> 16 | 0x40);
	return (uint16_t)((b + 0x7fff + (b >> 16 & 1)) >> 16);
}

float
st_from_bfloat(uint16_t x)
{
	return float_of((uint32_t)x << 16);
}
