/*
 * How strings begin and end, ASCII case, and lists of words.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool text_starts(const char *text, const char *head);
bool text_ends(const char *text, const char *tail);

/* What is left of a line of n bytes without the '\r' at its end, or several. */
size_t text_line(const char *text, size_t n);

/* A to Z as a to z, all else as it is. */
char text_lower(char c);

/* The index of a word in words, which NULL ends; -1 if it is not there. */
int text_find(const char *const *words, const char *word);

/*
 * Words as options have them, "a|b|c": the index of one, or -1; the text of
 * one, and all of them as "a, b or c", owned by the caller.
 */
int text_word_find(const char *words, const char *word);
char *text_word(const char *words, int index);
char *text_word_list(const char *words);

/*
 * The first of words [n] that stood before, by its index, or n if each stands
 * once; takes n log n comparisons.
 */
size_t text_find_twice(const char *const *words, size_t n);

/*
 * "a, b or c" of words [n], last being " or "; NULL ends them too; owned by
 * the caller.
 */
char *text_list(const char *const *words, size_t n, const char *last);

#endif
