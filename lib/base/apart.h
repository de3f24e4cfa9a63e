/*
 * What a command reads and what it writes: no output may be one of its inputs,
 * nor one input another, whatever names lead there.
 */
#ifndef BASE_APART_H
#define BASE_APART_H

#include <stddef.h>

/*
 * Ends the program, naming both, if to write out, a file or a folder, would
 * replace what is read from in: the same file; a file that a folder in is
 * read for; a folder out that in lies in.  "-" is stdin or stdout; what is not
 * there is no input.
 */
void apart_check(const char *out, const char *in);

/*
 * Ends the program where two of the inputs path [n] are one file, "-" being
 * stdin, and warns of two files of the same bytes; why says what is wrong with
 * that.  What is not there is left to its reader; devices may stand more than
 * once.
 */
void apart_once(const char *const *path, size_t n, const char *why);

#endif
