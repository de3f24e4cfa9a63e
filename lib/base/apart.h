/*
 * What a command reads and what it writes: no output may be one of its inputs,
 * whatever names lead there.
 */
#ifndef BASE_APART_H
#define BASE_APART_H

/*
 * Ends the program, naming both, if to write out, a file or a folder, would
 * replace what is read from in: the same file; a file that a folder in is
 * read for; a folder out that in lies in.  "-" is stdin or stdout; what is not
 * there is no input.
 */
void apart_check(const char *out, const char *in);

#endif
