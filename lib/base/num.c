#include "base/num.h"

#include <errno.h>
#include <math.h>
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

bool
num_real(const char *text, double min, double max, double *value)
{
	char *end;
	double v;

	if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
		return false;
	errno = 0;
	v = strtod(text, &end);
	if (*end != '\0' || !isfinite(v) || !(v >= min && v <= max))
		return false;
	*value = v;
	return true;
}

size_t
num_put(char text[NUM_TEXT], double value)
{
	int n = isnan(value) ? snprintf(text, NUM_TEXT, "nan")
			     : snprintf(text, NUM_TEXT, "%.9g", value);

	return (size_t)n;
}
