#include "base/num.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
num_int(const char *text, long long min, long long max, long long *value)
{
	char *end;
	long long v;
	size_t digits = text[0] == '-' || text[0] == '+';

	if (text[digits] < '0' || text[digits] > '9')
		return false;
	errno = 0;
	v = strtoll(text, &end, 10);
	if (*end != '\0' || errno != 0 || v < min || v > max)
		return false;
	*value = v;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "e-5" and the like, added to *scale; NULL if it is none or a long one. */
static const char *
exponent(const char *p, int *scale)
{
	bool minus = *p == '-';
	int e = 0, n = 0;

	p += *p == '-' || *p == '+';
	for (; n < 4 && is_digit(*p); n++, p++)
		e = e * 10 + (*p - '0');
	*scale += minus ? -e : e;
	return n > 0 && n < 4 ? p : NULL;
}

/*
 * The common case, some times faster than strtod: digits that fit into 53
 * bits and a power of ten that a double holds, so that one operation rounds
 * correctly (Clinger 1990).  False: anything else.
 */
static bool
short_real(const char *p, double *value)
{
	static const double ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
		1e19, 1e20, 1e21, 1e22 };
	bool minus = *p == '-', point = false;
	uint64_t whole = 0;
	size_t digits = 0;
	int scale = 0;

	for (p += minus; is_digit(*p) || (*p == '.' && !point); p++) {
		if (*p == '.') {
			point = true;
			continue;
		}
		if (whole > (UINT64_C(1) << 53) / 10 - 1)
			return false;
		whole = whole * 10 + (uint64_t)(*p - '0');
		scale -= point;
		digits++;
	}
	if (digits > 0 && (*p == 'e' || *p == 'E'))
		p = exponent(p + 1, &scale);
	if (digits == 0 || p == NULL || *p != '\0' || scale < -22 || scale > 22)
		return false;
	*value = scale < 0 ? (double)whole / ten[-scale]
			   : (double)whole * ten[scale];
	*value = minus ? -*value : *value;
	return true;
}

bool
num_real(const char *text, double min, double max, double *value)
{
	char *end;
	double v;

	if (short_real(text, &v)) {
		if (!(v >= min && v <= max))
			return false;
		*value = v;
		return true;
	}
	if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
		return false;
	errno = 0;
	v = strtod(text, &end);
	if (*end != '\0' || !isfinite(v) || !(v >= min && v <= max))
		return false;
	*value = v;
	return true;
}

/*
 * value * 10^k for a value in [1e-14,1e9) and k in [0,22], rounded to the
 * nearest, ties to even, as printf does: the product fits into 128 bits.
 */
static uint64_t
scaled(double value, int k)
{
	unsigned __int128 product, rest;
	uint64_t bits, whole, ten = 1;
	unsigned shift;

	memcpy(&bits, &value, sizeof(bits));
	shift = 1075 - (unsigned)(bits >> 52);
	product = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
	for (; k > 11; k--)
		product *= 10;
	for (; k > 0; k--)
		ten *= 10;
	product *= ten;
	whole = (uint64_t)(product >> shift);
	rest = product << (128 - shift);
	product = (unsigned __int128)1 << 127;
	return whole + (rest > product || (rest == product && whole % 2 == 1));
}

/* The digits of nine at power ten^exponent as "%g" lays them out. */
static size_t
lay_out(char *text, uint64_t nine, int exponent)
{
	char digit[9], *p = text;
	int n = 9;

	for (int i = 8; i >= 0; i--, nine /= 10)
		digit[i] = (char)('0' + nine % 10);
	while (n > 1 && digit[n - 1] == '0')
		n--;
	if (exponent < -4) {
		*p++ = digit[0];
		if (n > 1) {
			*p++ = '.';
			memcpy(p, digit + 1, (size_t)n - 1);
			p += n - 1;
		}
		memcpy(p, exponent < -9 ? "e-1" : "e-0", 3);
		p[3] = (char)('0' + -exponent % 10);
		return (size_t)(p + 4 - text);
	}
	if (exponent < 0) {
		*p++ = '0';
		*p++ = '.';
		for (int i = exponent; i < -1; i++)
			*p++ = '0';
	}
	for (int i = 0; i < n || i <= exponent; i++) {
		*p++ = digit[i];
		if (i == exponent && i + 1 < n)
			*p++ = '.';
	}
	return (size_t)(p - text);
}

/* The common sizes, some times faster than printf; 0: any other. */
static size_t
put_common(char text[NUM_TEXT], double value)
{
	static const double power[] = { 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9,
		1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2,
		1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
	bool minus = value < 0;
	double size = fabs(value);
	uint64_t nine;
	size_t n;
	int e = 8;

	if (!(size >= 1e-13 && size < 999999999))
		return 0;
	while (size < power[e + 14])
		e--;
	nine = scaled(size, 8 - e);
	if (nine < 100000000) /* the power was rounded down */
		nine = scaled(size, 8 - --e);
	if (nine > 999999999)
		nine = scaled(size, 8 - ++e);
	text[0] = '-';
	n = lay_out(text + minus, nine, e) + minus;
	text[n] = '\0';
	return n;
}

size_t
num_put(char text[NUM_TEXT], double value)
{
	size_t common = put_common(text, value);
	int n;

	if (common > 0)
		return common;
	n = isnan(value) ? snprintf(text, NUM_TEXT, "nan")
			 : snprintf(text, NUM_TEXT, "%.9g", value);
	return (size_t)n;
}

const char *
num_grouped(char text[NUM_TEXT], size_t value)
{
	char digits[NUM_TEXT];
	size_t n = (size_t)snprintf(digits, sizeof(digits), "%zu", value);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			text[k++] = ',';
		text[k++] = digits[i];
	}
	text[k] = '\0';
	return text;
}

const char *
num_duration(char text[NUM_TEXT], double seconds)
{
	unsigned long whole =
	    seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 1000000000;

	if (seconds < 9.95)
		snprintf(text, NUM_TEXT, "%.1f s", seconds);
	else if (whole < 60)
		snprintf(text, NUM_TEXT, "%lu s", whole);
	else if (whole < 3600)
		snprintf(
		    text, NUM_TEXT, "%lu min %lu s", whole / 60, whole % 60);
	else
		snprintf(text, NUM_TEXT, "%lu h %lu min", whole / 3600,
		    whole % 3600 / 60);
	return text;
}

const char *
num_s(unsigned long long count)
{
	return count == 1 ? "" : "s";
}
