/*
 * How strings begin and end.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>

bool text_starts(const char *text, const char *head);
bool text_ends(const char *text, const char *tail);

#endif
