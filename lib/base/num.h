/*
 * Numbers as text, parsed whole, bounded and without locale: no program of
 * the project calls setlocale, and only this file calls the strtod family.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>

#define NUM_TEXT 32 /* room for any number printed here */

/* True and *value if text is one decimal integer in [min, max]. */
bool num_int(const char *text, long long min, long long max, long long *value);

/*
 * True and *value if text is one finite decimal number in [min, max]; "nan",
 * "inf" and hexadecimal are refused.
 */
bool num_real(const char *text, double min, double max, double *value);

/* "%.9g": reads back as the same float32.  Not-a-number prints as "nan". */
size_t num_put(char text[NUM_TEXT], double value);

/* For people: "0.8 s", "12 s", "3 min 20 s", "2 h 5 min"; returns text. */
const char *num_duration(char text[NUM_TEXT], double seconds);

/* For people: "1,234,567"; returns text. */
const char *num_grouped(char text[NUM_TEXT], size_t value);

/* What follows a noun that is counted: "" of 1, else "s". */
const char *num_s(unsigned long long count);

#endif
